package dev.atelier.studio.sharing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.sharing.Snapshot.Details;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The rows of snapshots; they go with their domain. */
final class SnapshotStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore store;

  SnapshotStore(MetadataStore store) {
    this.store = store;
  }

  void insert(Snapshot snapshot) {
    store.write(tx -> tx.createUpdate(
            "insert into studio_snapshot values (:id, :domain, :owner, :name, :location, :details, :created)")
        .bind("id", snapshot.id()).bind("domain", snapshot.domain().toString()).bind("owner", snapshot.owner())
        .bind("name", snapshot.name()).bind("location", snapshot.location().toString())
        .bind("details", text(snapshot.details())).bind("created", snapshot.createdAt().toEpochMilli()).execute());
  }

  /** A snapshot of a domain's. */
  Optional<Snapshot> find(Arn domain, String id) {
    return store.read(tx -> tx.createQuery("select * from studio_snapshot where id = :id and domain = :domain")
        .bind("id", id).bind("domain", domain.toString()).map((row, context) -> snapshot(row)).findOne());
  }

  private static Snapshot snapshot(ResultSet row) throws SQLException {
    return new Snapshot(row.getString("id"), Arn.parse(row.getString("domain")).orElseThrow(), row.getString("owner"),
        row.getString("name"), S3Location.parse(row.getString("location")), details(row.getString("details")),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static String text(Details details) {
    ObjectNode node = JSON.createObjectNode();
    details.instanceType().ifPresent(value -> node.put("instanceType", value));
    details.kernel().ifPresent(value -> node.put("kernel", value));
    details.image().ifPresent(value -> node.put("image", value));
    details.git().ifPresent(git -> {
      ObjectNode checkout = node.putObject("git").put("branch", git.branch());
      git.remote().ifPresent(value -> checkout.put("remote", value));
      git.commit().ifPresent(value -> checkout.put("commit", value));
    });
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Details details(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      JsonNode git = node.path("git");
      return new Details(value(node, "instanceType"), value(node, "kernel"), value(node, "image"),
          git.isObject() ? Optional.of(new Checkout(value(git, "remote"), git.path("branch").asText(),
              value(git, "commit"))) : Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> value(JsonNode node, String member) {
    return node.hasNonNull(member) ? Optional.of(node.get(member).asText()) : Optional.empty();
  }
}
