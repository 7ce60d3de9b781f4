package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What IAM keeps beside users, groups, roles and policies: one row each, its particulars as a JSON document. Names are
 * unique in an account and kind, without regard to case.
 */
final class RecordStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final IdentityRows store;

  RecordStore(IdentityRows store) {
    this.store = store;
  }

  /** Runs a rule with its checks as one transaction. */
  <T> T atomically(Supplier<T> rule) {
    return store.atomically(rule);
  }

  /** What a record is; the column holds the name of the constant. */
  enum Kind {
    INSTANCE_PROFILE, LOGIN_PROFILE, PASSWORD_POLICY, ALIAS, OIDC_PROVIDER, SAML_PROVIDER, SERVER_CERTIFICATE,
    SIGNING_CERTIFICATE, SSH_KEY, MFA_DEVICE, CREDENTIAL_REPORT, SERVICE_DELETION
  }

  /**
   * One record.
   *
   * @param id unique over all kinds; its tags hang on it
   * @param owner the name of the user it belongs to, or empty
   * @param value what is particular to the kind
   */
  record Entry<T>(String id, AccountId account, String owner, String name, Instant createdAt, T value) {
    Entry<T> with(T changed) {
      return new Entry<>(id, account, owner, name, createdAt, changed);
    }

    Entry<T> ownedBy(String user) {
      return new Entry<>(id, account, user, name, createdAt, value);
    }

    Entry<T> named(String changed) {
      return new Entry<>(id, account, owner, changed, createdAt, value);
    }
  }

  /** False when a record of that kind and name exists. */
  boolean insert(Kind kind, Entry<?> entry, List<EntityTags.Tag> tags) {
    return store.write(tx -> EntityTags.insert(tx, entry.id(), tags, tx.createUpdate("""
            insert into iam_record values (:id, :account, :kind, :owner, :name, :createdAt, :document)
            on conflict do nothing""")
        .bind("id", entry.id()).bind("account", entry.account().value()).bind("kind", kind.name())
        .bind("owner", entry.owner()).bind("name", entry.name()).bind("createdAt", entry.createdAt().toEpochMilli())
        .bind("document", write(entry.value())).execute()));
  }

  /** Writes a record's owner, name and value. */
  void update(Entry<?> entry) {
    store.write(tx -> tx.createUpdate(
            "update iam_record set owner = :owner, name = :name, document = :document where id = :id")
        .bind("id", entry.id()).bind("owner", entry.owner()).bind("name", entry.name())
        .bind("document", write(entry.value())).execute());
  }

  <T> Optional<Entry<T>> find(AccountId account, Kind kind, String name, Class<T> type) {
    return store.read(tx -> tx.createQuery(
            "select * from iam_record where account = :account and kind = :kind and lower(name) = lower(:name)")
        .bind("account", account.value()).bind("kind", kind.name()).bind("name", name)
        .map((row, context) -> entry(row, type)).findOne());
  }

  /** All of a kind, by name. */
  <T> List<Entry<T>> list(AccountId account, Kind kind, Class<T> type) {
    return store.read(tx -> tx.createQuery(
            "select * from iam_record where account = :account and kind = :kind order by name")
        .bind("account", account.value()).bind("kind", kind.name()).map((row, context) -> entry(row, type)).list());
  }

  /** All of a kind that belong to a user, by age. */
  <T> List<Entry<T>> ofUser(AccountId account, Kind kind, String user, Class<T> type) {
    return store.read(tx -> tx.createQuery("""
            select * from iam_record where account = :account and kind = :kind and owner = :user
            order by created_at, id""")
        .bind("account", account.value()).bind("kind", kind.name()).bind("user", user)
        .map((row, context) -> entry(row, type)).list());
  }

  int count(AccountId account, Kind kind) {
    return store.read(tx -> tx.createQuery("select count(*) from iam_record where account = :account and kind = :kind")
        .bind("account", account.value()).bind("kind", kind.name()).mapTo(Integer.class).one());
  }

  /** Removes a record and its tags. */
  void delete(Entry<?> entry) {
    store.write(tx -> {
      tx.createUpdate("delete from iam_tag where entity = :id").bind("id", entry.id()).execute();
      return tx.createUpdate("delete from iam_record where id = :id").bind("id", entry.id()).execute();
    });
  }

  private static <T> Entry<T> entry(ResultSet row, Class<T> type) throws SQLException {
    try {
      return new Entry<>(row.getString("id"), new AccountId(row.getString("account")), row.getString("owner"),
          row.getString("name"), Instant.ofEpochMilli(row.getLong("created_at")),
          JSON.readValue(row.getString("document"), type));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("record " + row.getString("id") + " cannot be read", e);
    }
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
