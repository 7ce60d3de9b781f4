package dev.atelier.kms;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The rows of keys, their material and their aliases. Methods take the handle of the caller's unit of work. */
final class KeyStore {
  private static final String COLUMNS = "id, account, region, manager, description, policy, enabled, created,"
      + " rotation_days, rotation_since, deletion, deletion_days";
  private static final RowMapper<Key> KEY = (row, context) -> {
    int rotation = row.getInt("rotation_days");
    boolean rotates = !row.wasNull();
    long deletion = row.getLong("deletion");
    boolean goes = !row.wasNull();
    return new Key(row.getString("id"), new AccountId(row.getString("account")), new Region(row.getString("region")),
        Key.Manager.valueOf(row.getString("manager")), row.getString("description"), row.getString("policy"),
        row.getBoolean("enabled"), Instant.ofEpochMilli(row.getLong("created")),
        rotates ? Optional.of(new Key.Rotation(rotation, Instant.ofEpochMilli(row.getLong("rotation_since"))))
            : Optional.empty(),
        goes ? Optional.of(new Key.Deletion(Instant.ofEpochMilli(deletion), row.getInt("deletion_days")))
            : Optional.empty());
  };
  private static final RowMapper<Material> MATERIAL = (row, context) -> new Material(row.getInt("number"),
      row.getString("sealed"), Instant.ofEpochMilli(row.getLong("created")), row.getString("reason"));
  private static final RowMapper<Alias> ALIAS = (row, context) -> new Alias(new AccountId(row.getString("account")),
      new Region(row.getString("region")), row.getString("name"), row.getString("key_id"),
      Instant.ofEpochMilli(row.getLong("created")), Instant.ofEpochMilli(row.getLong("updated")));

  private final TagStore tags;

  KeyStore(TagStore tags) {
    this.tags = tags;
  }

  /**
   * One generation of a key's material.
   *
   * @param sealed by the master key
   * @param reason CREATED, AUTOMATIC or ON_DEMAND
   */
  record Material(int number, String sealed, Instant created, String reason) {}

  /** @param name with {@code alias/} before it */
  record Alias(AccountId account, Region region, String name, String keyId, Instant created, Instant updated) {}

  /** How long a page may be, and where it begins. */
  record Paging(OptionalInt limit, Optional<String> marker) {}

  /** Inserts the key or puts it in the place of the row with its id. */
  void put(Handle handle, Key key) {
    handle.createUpdate("INSERT INTO kms_key (" + COLUMNS + ") VALUES (:id, :account, :region, :manager, :description,"
            + " :policy, :enabled, :created, :rotationDays, :rotationSince, :deletion, :deletionDays)"
            + " ON CONFLICT (id) DO UPDATE SET description = excluded.description, policy = excluded.policy,"
            + " enabled = excluded.enabled, rotation_days = excluded.rotation_days,"
            + " rotation_since = excluded.rotation_since, deletion = excluded.deletion,"
            + " deletion_days = excluded.deletion_days")
        .bind("id", key.id()).bind("account", key.account().value()).bind("region", key.region().name())
        .bind("manager", key.manager().name()).bind("description", key.description()).bind("policy", key.policy())
        .bind("enabled", key.enabled()).bind("created", key.created().toEpochMilli())
        .bind("rotationDays", key.rotation().map(Key.Rotation::days).orElse(null))
        .bind("rotationSince", key.rotation().map(rotation -> rotation.since().toEpochMilli()).orElse(null))
        .bind("deletion", key.deletion().map(deletion -> deletion.at().toEpochMilli()).orElse(null))
        .bind("deletionDays", key.deletion().map(Key.Deletion::days).orElse(null))
        .execute();
  }

  /** The key, unless its deletion has fallen due. */
  Optional<Key> find(Handle handle, String id, Instant now) {
    return handle.createQuery("SELECT " + COLUMNS + " FROM kms_key WHERE id = :id").bind("id", id).map(KEY).findOne()
        .filter(key -> key.deletion().map(deletion -> deletion.at().isAfter(now)).orElse(true));
  }

  Page<Key> list(Handle handle, AccountId account, Region region, Paging paging) {
    return KeysetQuery.from("kms_key", COLUMNS.split(", ")).equal("account", account.value())
        .equal("region", region.name()).sortBy("id", "id", KeysetQuery.Direction.ASCENDING).pageSize(100, 1000)
        .page(handle, paging.limit(), paging.marker(), KEY);
  }

  /** Removes the keys, with material, aliases and tags, whose deletion has fallen due. */
  void purge(Handle handle, Instant now) {
    List<Key> due = handle.createQuery("SELECT " + COLUMNS + " FROM kms_key WHERE deletion <= :now")
        .bind("now", now.toEpochMilli()).map(KEY).list();
    for (Key key : due) {
      tags.deleteAll(handle, key.arn().toString());
      handle.createUpdate("DELETE FROM kms_key WHERE id = :id").bind("id", key.id()).execute();
    }
  }

  void addMaterial(Handle handle, String keyId, Material material) {
    handle.createUpdate("INSERT INTO kms_material (key_id, number, sealed, created, reason)"
            + " VALUES (:key, :number, :sealed, :created, :reason)")
        .bind("key", keyId).bind("number", material.number()).bind("sealed", material.sealed())
        .bind("created", material.created().toEpochMilli()).bind("reason", material.reason()).execute();
  }

  /** Every generation, the present one last. */
  List<Material> materials(Handle handle, String keyId) {
    return handle.createQuery("SELECT number, sealed, created, reason FROM kms_material WHERE key_id = :key"
        + " ORDER BY number").bind("key", keyId).map(MATERIAL).list();
  }

  Page<Material> rotations(Handle handle, String keyId, Paging paging) {
    return KeysetQuery.from("kms_material", "key_id", "number", "sealed", "created", "reason").equal("key_id", keyId)
        .oneOf("reason", List.of("AUTOMATIC", "ON_DEMAND"))
        .sortBy("number", "number", KeysetQuery.Direction.ASCENDING).pageSize(100, 1000)
        .page(handle, paging.limit(), paging.marker(), MATERIAL);
  }

  /** Whether there was no alias of the name. */
  boolean insertAlias(Handle handle, Alias alias) {
    return handle.createUpdate("INSERT INTO kms_alias (account, region, name, key_id, created, updated)"
            + " VALUES (:account, :region, :name, :key, :created, :updated) ON CONFLICT DO NOTHING")
        .bind("account", alias.account().value()).bind("region", alias.region().name()).bind("name", alias.name())
        .bind("key", alias.keyId()).bind("created", alias.created().toEpochMilli())
        .bind("updated", alias.updated().toEpochMilli()).execute() == 1;
  }

  Optional<Alias> alias(Handle handle, AccountId account, Region region, String name) {
    return handle.createQuery("SELECT account, region, name, key_id, created, updated FROM kms_alias"
            + " WHERE account = :account AND region = :region AND name = :name")
        .bind("account", account.value()).bind("region", region.name()).bind("name", name).map(ALIAS).findOne();
  }

  void moveAlias(Handle handle, Alias alias, String keyId, Instant now) {
    handle.createUpdate("UPDATE kms_alias SET key_id = :key, updated = :now"
            + " WHERE account = :account AND region = :region AND name = :name")
        .bindMap(place(alias)).bind("key", keyId).bind("now", now.toEpochMilli()).execute();
  }

  void deleteAlias(Handle handle, Alias alias) {
    handle.createUpdate("DELETE FROM kms_alias WHERE account = :account AND region = :region AND name = :name")
        .bindMap(place(alias)).execute();
  }

  Page<Alias> aliases(Handle handle, AccountId account, Region region, Optional<String> keyId, Paging paging) {
    return KeysetQuery.from("kms_alias", "account", "region", "name", "key_id", "created", "updated")
        .equal("account", account.value()).equal("region", region.name()).equal("key_id", keyId)
        .sortBy("name", "name", KeysetQuery.Direction.ASCENDING).pageSize(50, 1000)
        .page(handle, paging.limit(), paging.marker(), ALIAS);
  }

  private static Map<String, Object> place(Alias alias) {
    return Map.of("account", alias.account().value(), "region", alias.region().name(), "name", alias.name());
  }

  /** When the next automatic rotation is due. */
  static Optional<Instant> nextRotation(Key key, Instant lastMaterial) {
    return key.rotation().map(rotation -> {
      Instant from = rotation.since().isAfter(lastMaterial) ? rotation.since() : lastMaterial;
      return from.plus(Duration.ofDays(rotation.days()));
    });
  }
}
