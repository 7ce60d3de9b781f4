package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Partition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of accounts, users, keys and roles. Names are unique without regard to case, as in IAM. */
final class IdentityStore {
  private final IdentityRows store;

  IdentityStore(IdentityRows store) {
    this.store = store;
  }

  /** Adds the account when it is new. */
  void ensureAccount(AccountId account, Instant now) {
    store.write(tx -> tx.createUpdate("insert into iam_account values (:account, :now) on conflict do nothing")
        .bind("account", account.value()).bind("now", now.toEpochMilli()).execute());
  }

  boolean hasAccount(AccountId account) {
    return store.read(tx -> tx.createQuery("select count(*) from iam_account where account = :account")
        .bind("account", account.value()).mapTo(Integer.class).one()) > 0;
  }

  /** Every account there is. */
  List<AccountId> accounts() {
    return store.read(tx -> tx.createQuery("select account from iam_account order by account")
        .map((row, context) -> new AccountId(row.getString("account"))).list());
  }

  /** False when a user of that name exists. */
  boolean insertUser(User user, List<EntityTags.Tag> tags) {
    return store.write(tx -> EntityTags.insert(tx, user.id(), tags, tx.createUpdate("""
            insert into iam_user (account, name, path, id, boundary, created_at)
            values (:account, :name, :path, :id, :boundary, :createdAt) on conflict do nothing""")
        .bind("account", user.account().value()).bind("name", user.name()).bind("path", user.path())
        .bind("id", user.id()).bind("boundary", user.boundary().orElse(""))
        .bind("createdAt", user.createdAt().toEpochMilli()).execute()));
  }

  int countUsers(AccountId account) {
    return count("iam_user", account);
  }

  int countRoles(AccountId account) {
    return count("iam_role", account);
  }

  private int count(String table, AccountId account) {
    return store.read(tx -> tx.createQuery("select count(*) from " + table + " where account = :account")
        .bind("account", account.value()).mapTo(Integer.class).one());
  }

  Optional<User> findUser(AccountId account, String name) {
    return store.read(tx -> tx.createQuery("select * from iam_user where account = :account and lower(name) = lower(:name)")
        .bind("account", account.value()).bind("name", name).map((row, context) -> user(row)).findOne());
  }

  List<User> users(AccountId account) {
    return store.read(tx -> tx.createQuery("select * from iam_user where account = :account order by name")
        .bind("account", account.value()).map((row, context) -> user(row)).list());
  }

  /** Gives the user a new name and path; what belongs to the user follows. */
  void renameUser(User user, String name, String path) {
    store.write(tx -> {
      tx.createUpdate("update iam_user set name = :name, path = :path where id = :id")
          .bind("name", name).bind("path", path).bind("id", user.id()).execute();
      for (String table : List.of("iam_access_key", "iam_group_member")) {
        tx.createUpdate("update " + table + " set user_name = :name where account = :account and user_name = :old")
            .bind("name", name).bind("account", user.account().value()).bind("old", user.name()).execute();
      }
      tx.createUpdate("update iam_record set owner = :name where account = :account and owner = :old")
          .bind("name", name).bind("account", user.account().value()).bind("old", user.name()).execute();
      tx.createUpdate("""
              update iam_record set name = :name
              where account = :account and kind = 'LOGIN_PROFILE' and owner = :name""")
          .bind("name", name).bind("account", user.account().value()).execute();
      tx.createUpdate("""
              update iam_session set principal = :name
              where account = :account and kind in ('user', 'federated') and principal = :old""")
          .bind("name", name).bind("account", user.account().value()).bind("old", user.name()).execute();
      return PolicyStore.renamed(tx, user.principal(), name);
    });
  }

  /** Sets the permissions boundary of a user or role, or removes it. */
  void setBoundary(Holder holder, Optional<String> policyArn) {
    String table = holder.principal().kind() == Principal.Kind.USER ? "iam_user" : "iam_role";
    store.write(tx -> tx.createUpdate("update " + table + " set boundary = :boundary where id = :id")
        .bind("boundary", policyArn.orElse("")).bind("id", holder.id()).execute());
  }

  void deleteUser(User user) {
    store.write(tx -> {
      tx.createUpdate("delete from iam_tag where entity = :id").bind("id", user.id()).execute();
      tx.createUpdate("""
              delete from iam_session
              where account = :account and kind in ('user', 'federated') and principal = :name""")
          .bind("account", user.account().value()).bind("name", user.name()).execute();
      deletePolicies(tx, user.account(), Principal.Kind.USER, user.name());
      return tx.createUpdate("delete from iam_user where account = :account and name = :name")
          .bind("account", user.account().value()).bind("name", user.name()).execute();
    });
  }

  void insertKey(AccountId account, AccessKey key, String sealedSecret) {
    store.write(tx -> tx.createUpdate("insert into iam_access_key values (:id, :account, :user, :secret, :active, :createdAt)")
        .bind("id", key.id()).bind("account", account.value()).bind("user", key.user())
        .bind("secret", sealedSecret).bind("active", key.active())
        .bind("createdAt", key.createdAt().toEpochMilli()).execute());
  }

  /** A long-lived key with what is needed to verify its signature. */
  record KeyRow(AccountId account, AccessKey key, String sealedSecret) {}

  Optional<KeyRow> findKey(String accessKeyId) {
    return store.read(tx -> tx.createQuery("select * from iam_access_key where id = :id")
        .bind("id", accessKeyId)
        .map((row, context) -> new KeyRow(new AccountId(row.getString("account")), key(row), row.getString("secret")))
        .findOne());
  }

  List<AccessKey> keys(AccountId account, String user) {
    return store.read(tx -> tx.createQuery("""
            select * from iam_access_key where account = :account and user_name = :user order by created_at, id""")
        .bind("account", account.value()).bind("user", user).map((row, context) -> key(row)).list());
  }

  void setKeyActive(String accessKeyId, boolean active) {
    store.write(tx -> tx.createUpdate("update iam_access_key set active = :active where id = :id")
        .bind("id", accessKeyId).bind("active", active).execute());
  }

  void deleteKey(String accessKeyId) {
    store.write(tx -> tx.createUpdate("delete from iam_access_key where id = :id").bind("id", accessKeyId).execute());
  }

  /**
   * False when a role of that name exists.
   *
   * @param trusted the unique ids of the principals of its trust policy, by how that names them
   */
  boolean insertRole(Role role, Map<String, String> trusted, List<EntityTags.Tag> tags) {
    return store.write(tx -> EntityTags.insert(tx, role.id(), tags, tx.createUpdate("""
            insert into iam_role (account, name, path, id, trust, description, max_session_seconds, boundary, service,
              created_at, trusted)
            values (:account, :name, :path, :id, :trust, :description, :maxSession, :boundary, :service, :createdAt,
              :trusted)
            on conflict do nothing""")
        .bind("account", role.account().value()).bind("name", role.name()).bind("path", role.path())
        .bind("id", role.id()).bind("trust", role.trust()).bind("description", role.description())
        .bind("maxSession", role.maxSession().toSeconds())
        .bind("boundary", role.boundary().orElse("")).bind("service", role.service().orElse(""))
        .bind("trusted", TrustedPrincipals.column(trusted))
        .bind("createdAt", role.createdAt().toEpochMilli()).execute()));
  }

  Optional<Role> findRole(AccountId account, String name) {
    return store.read(tx -> tx.createQuery("select * from iam_role where account = :account and lower(name) = lower(:name)")
        .bind("account", account.value()).bind("name", name).map((row, context) -> role(tx, row)).findOne());
  }

  List<Role> roles(AccountId account) {
    return store.read(tx -> tx.createQuery("select * from iam_role where account = :account order by name")
        .bind("account", account.value()).map((row, context) -> role(tx, row)).list());
  }

  void updateTrust(Role role, String trust, Map<String, String> trusted) {
    store.write(tx -> tx.createUpdate("""
            update iam_role set trust = :trust, trusted = :trusted where account = :account and name = :name""")
        .bind("trust", trust).bind("trusted", TrustedPrincipals.column(trusted)).bind("account", role.account().value()).bind("name", role.name()).execute());
  }

  /** Whether a user or role of that unique id exists. */
  boolean hasPrincipal(String id) {
    return store.read(tx -> TrustedPrincipals.name(tx, id, Partition.AWS.id())).isPresent();
  }

  void updateRole(Role role, String description, Duration maxSession) {
    store.write(tx -> tx.createUpdate("""
            update iam_role set description = :description, max_session_seconds = :maxSession
            where account = :account and name = :name""")
        .bind("description", description).bind("maxSession", maxSession.toSeconds())
        .bind("account", role.account().value()).bind("name", role.name()).execute());
  }

  void deleteRole(Role role) {
    store.write(tx -> {
      deletePolicies(tx, role.account(), Principal.Kind.ROLE, role.name());
      tx.createUpdate("delete from iam_tag where entity = :id").bind("id", role.id()).execute();
      tx.createUpdate("delete from iam_session where account = :account and kind = 'role' and principal = :name")
          .bind("account", role.account().value()).bind("name", role.name()).execute();
      return tx.createUpdate("delete from iam_role where account = :account and name = :name")
          .bind("account", role.account().value()).bind("name", role.name()).execute();
    });
  }

  private static void deletePolicies(Handle tx, AccountId account, Principal.Kind kind, String name) {
    for (String table : List.of("iam_attached_policy", "iam_inline_policy")) {
      tx.createUpdate("delete from " + table
              + " where account = :account and principal_kind = :kind and principal = :name")
          .bind("account", account.value()).bind("kind", kind.column()).bind("name", name).execute();
    }
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(new AccountId(row.getString("account")), row.getString("name"), row.getString("path"),
        row.getString("id"), present(row.getString("boundary")), Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static AccessKey key(ResultSet row) throws SQLException {
    return new AccessKey(row.getString("id"), row.getString("user_name"), row.getBoolean("active"),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static Role role(Handle tx, ResultSet row) throws SQLException {
    return new Role(new AccountId(row.getString("account")), row.getString("name"), row.getString("path"),
        row.getString("id"), TrustedPrincipals.current(tx, row.getString("trust"), row.getString("trusted")),
        row.getString("description"),
        Duration.ofSeconds(row.getLong("max_session_seconds")), present(row.getString("boundary")),
        present(row.getString("service")), Instant.ofEpochMilli(row.getLong("created_at")));
  }
}
