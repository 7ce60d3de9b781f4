package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The rows of console sessions. */
final class ConsoleSessionStore {
  private final IdentityRows store;

  ConsoleSessionStore(IdentityRows store) {
    this.store = store;
  }

  /**
   * One session.
   *
   * @param token the hash of what the browser holds
   * @param accessKeyId the temporary credentials that the session acts with; nobody knows their secret
   * @param userId the unique id of the user
   * @param password which password the session began with; empty when the user had none
   */
  record Row(String token, String accessKeyId, String userId, String password, Instant expiresAt) {}

  <T> T atomically(Supplier<T> rule) {
    return store.atomically(rule);
  }

  void insert(Row row) {
    store.write(tx -> tx.createUpdate(
            "insert into console_session values (:token, :key, :user, :password, :expires)")
        .bind("token", row.token()).bind("key", row.accessKeyId()).bind("user", row.userId())
        .bind("password", row.password()).bind("expires", row.expiresAt().toEpochMilli()).execute());
  }

  Optional<Row> find(String token) {
    return store.read(tx -> tx.createQuery("select * from console_session where token = :token").bind("token", token)
        .map((row, context) -> new Row(row.getString("token"), row.getString("access_key_id"),
            row.getString("user_id"), row.getString("password"), Instant.ofEpochMilli(row.getLong("expires_at"))))
        .findOne());
  }

  /** Whether the credentials are those that a console session acts with. */
  boolean actsWith(String accessKeyId) {
    return store.read(tx -> tx.createQuery("select 1 from console_session where access_key_id = :key")
        .bind("key", accessKeyId).mapTo(Integer.class).findOne()).isPresent();
  }

  /** Ends a session and the credentials that it acts with. */
  void delete(Row session) {
    store.atomically(() -> store.write(tx -> {
      tx.createUpdate("delete from iam_session where access_key_id = :key").bind("key", session.accessKeyId()).execute();
      return tx.createUpdate("delete from console_session where token = :token")
          .bind("token", session.token()).execute();
    }));
  }

  void deleteExpiredBefore(Instant time) {
    store.write(tx -> tx.createUpdate("delete from console_session where expires_at < :time")
        .bind("time", time.toEpochMilli()).execute());
  }

  /** The accounts with that alias; one, unless several chose the same. */
  List<AccountId> accounts(String alias) {
    return store.read(tx -> tx.createQuery(
            "select account from iam_record where kind = 'ALIAS' and lower(name) = lower(:alias)")
        .bind("alias", alias).mapTo(String.class).map(AccountId::new).list());
  }
}
