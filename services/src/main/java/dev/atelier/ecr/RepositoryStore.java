package dev.atelier.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The rows of repositories. Methods take the handle of the caller's unit of work. */
final class RepositoryStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COLUMNS = "id, account, region, name, created_at, tag_mutability, exclusions, scan_on_push,"
      + " encryption, kms_key, data_key, policy, lifecycle, evaluated_at";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM ecr_repository";
  private static final RowMapper<Repository> ROW = (row, context) -> {
    long evaluated = row.getLong("evaluated_at");
    boolean was = !row.wasNull();
    return new Repository(row.getString("id"), new AccountId(row.getString("account")),
        new Region(row.getString("region")), row.getString("name"), Instant.ofEpochMilli(row.getLong("created_at")),
        new TagRule(row.getString("tag_mutability"), texts(row.getString("exclusions"))),
        row.getBoolean("scan_on_push"), new Repository.Encryption(row.getString("encryption"),
            Optional.ofNullable(row.getString("kms_key")), row.getString("data_key")),
        Optional.ofNullable(row.getString("policy")), Optional.ofNullable(row.getString("lifecycle")),
        was ? Optional.of(Instant.ofEpochMilli(evaluated)) : Optional.empty());
  };

  /** Whether there was no repository of the name. */
  boolean insert(Handle handle, Repository repository) {
    return handle.createUpdate("INSERT INTO ecr_repository (arn, " + COLUMNS + ") VALUES (:arn, :id, :account, :region,"
            + " :name, :created, :mutability, :exclusions, :scan, :encryption, :kms, :key, :policy, :lifecycle,"
            + " :evaluated) ON CONFLICT DO NOTHING")
        .bind("arn", repository.arn().toString()).bind("id", repository.id())
        .bind("account", repository.account().value()).bind("region", repository.region().name())
        .bind("name", repository.name()).bind("created", repository.created().toEpochMilli())
        .bind("mutability", repository.tagRule().mutability())
        .bind("exclusions", text(repository.tagRule().exclusions())).bind("scan", repository.scanOnPush())
        .bind("encryption", repository.encryption().type()).bind("kms", repository.encryption().kmsKey().orElse(null))
        .bind("key", repository.encryption().dataKey()).bind("policy", repository.policy().orElse(null))
        .bind("lifecycle", repository.lifecycle().orElse(null))
        .bind("evaluated", repository.evaluated().map(Instant::toEpochMilli).orElse(null)).execute() == 1;
  }

  /** Writes what can change of a repository. */
  void update(Handle handle, Repository repository) {
    handle.createUpdate("""
            UPDATE ecr_repository SET tag_mutability = :mutability, exclusions = :exclusions, scan_on_push = :scan,
              policy = :policy, lifecycle = :lifecycle, evaluated_at = :evaluated WHERE id = :id
            """)
        .bind("id", repository.id()).bind("mutability", repository.tagRule().mutability())
        .bind("exclusions", text(repository.tagRule().exclusions())).bind("scan", repository.scanOnPush())
        .bind("policy", repository.policy().orElse(null)).bind("lifecycle", repository.lifecycle().orElse(null))
        .bind("evaluated", repository.evaluated().map(Instant::toEpochMilli).orElse(null)).execute();
  }

  Optional<Repository> find(Handle handle, AccountId account, Region region, String name) {
    return handle.createQuery(SELECT + " WHERE account = :account AND region = :region AND name = :name")
        .bind("account", account.value()).bind("region", region.name()).bind("name", name).map(ROW).findOne();
  }

  Optional<Repository> byId(Handle handle, String id) {
    return handle.createQuery(SELECT + " WHERE id = :id").bind("id", id).map(ROW).findOne();
  }

  Page<Repository> list(Handle handle, AccountId account, Region region, OptionalInt most, Optional<String> token) {
    return KeysetQuery.from("ecr_repository", COLUMNS.split(", ")).equal("account", account.value())
        .equal("region", region.name()).sortBy("name", "name", KeysetQuery.Direction.ASCENDING).pageSize(100, 1000)
        .page(handle, most, token, ROW);
  }

  List<String> names(Handle handle, AccountId account, Region region, String after, int most) {
    return handle.createQuery("SELECT name FROM ecr_repository WHERE account = :account AND region = :region"
            + " AND name > :after ORDER BY name LIMIT :most")
        .bind("account", account.value()).bind("region", region.name()).bind("after", after).bind("most", most)
        .mapTo(String.class).list();
  }

  /** The ids of those that have a lifecycle policy. */
  List<String> withLifecycle(Handle handle) {
    return handle.createQuery("SELECT id FROM ecr_repository WHERE lifecycle IS NOT NULL ORDER BY id")
        .mapTo(String.class).list();
  }

  /** Removes the repository with all that is in it, but for the contents of its layers. */
  void delete(Handle handle, Repository repository) {
    handle.createUpdate("DELETE FROM ecr_repository WHERE id = :id").bind("id", repository.id()).execute();
  }

  private static String text(List<String> values) {
    try {
      return JSON.writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(String json) {
    try {
      return JSON.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable list in a row", e);
    }
  }
}
