package dev.atelier.studio.kernels;

import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of terminals that wait for their apps. */
final class TerminalStore {
  private final MetadataStore store;

  TerminalStore(MetadataStore store) {
    this.store = store;
  }

  /**
   * A terminal that is opened once its app has started.
   *
   * @param script the ARN of the app's start-up script
   * @param folder relative to the home
   */
  record Waiting(Arn owner, String name, Gateways.Room room, Optional<String> script, String folder, Instant createdAt) {}

  void insert(Waiting terminal) {
    store.write(tx -> tx.createUpdate(
            "insert into studio_terminal values (:owner, :name, :app, :image, :type, :script, :folder, :created)")
        .bind("owner", terminal.owner().toString()).bind("name", terminal.name())
        .bind("app", terminal.room().app().toString()).bind("image", terminal.room().image().toString())
        .bind("type", terminal.room().instanceType()).bind("script", terminal.script().orElse("")).bind("folder", terminal.folder())
        .bind("created", terminal.createdAt().toEpochMilli()).execute());
  }

  /** False when it was gone already. */
  boolean delete(Waiting terminal) {
    return store.write((Handle tx) -> tx.createUpdate("delete from studio_terminal where owner = :owner and name = :name")
        .bind("owner", terminal.owner().toString()).bind("name", terminal.name()).execute()) == 1;
  }

  List<Waiting> all() {
    return store.read(tx -> tx.createQuery("select * from studio_terminal").map((row, context) -> waiting(row)).list());
  }

  List<Waiting> of(Arn owner) {
    return where("owner", owner);
  }

  List<Waiting> in(Arn app) {
    return where("app", app);
  }

  private List<Waiting> where(String column, Arn arn) {
    return store.read(tx -> tx.createQuery("select * from studio_terminal where " + column + " = :arn order by created_at")
        .bind("arn", arn.toString()).map((row, context) -> waiting(row)).list());
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    return new Waiting(arn(row.getString("owner")), row.getString("name"), new Gateways.Room(arn(row.getString("app")),
        arn(row.getString("image")), row.getString("instance_type")),
        Optional.of(row.getString("script")).filter(text -> !text.isEmpty()), row.getString("folder"),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static Arn arn(String text) {
    return Arn.parse(text).orElseThrow();
  }
}
