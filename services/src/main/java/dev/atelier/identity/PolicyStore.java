package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of managed policies, their versions, attachments and inline policies. */
final class PolicyStore {
  private final IdentityRows store;

  PolicyStore(IdentityRows store) {
    this.store = store;
  }

  /** One version of a managed policy. */
  record Version(int number, String document, Instant createdAt) {}

  /** How many policies the account has made. */
  int count(AccountId account) {
    return store.read(tx -> tx.createQuery("select count(*) from iam_policy where account = :account")
        .bind("account", account.value()).mapTo(Integer.class).one());
  }

  /** False when a policy of that name exists. */
  boolean insert(ManagedPolicy policy, String document, List<EntityTags.Tag> tags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into iam_policy
                (account, name, path, id, description, default_version, created_at, updated_at)
              values (:account, :name, :path, :id, :description, 1, :createdAt, :createdAt)
              on conflict do nothing""")
          .bind("account", policy.account().value()).bind("name", policy.name()).bind("path", policy.path())
          .bind("id", policy.id()).bind("description", policy.description())
          .bind("createdAt", policy.createdAt().toEpochMilli()).execute();
      if (rows == 1) {
        insertVersion(tx, policy, new Version(1, document, policy.createdAt()));
      }
      return EntityTags.insert(tx, policy.id(), tags, rows);
    });
  }

  Optional<ManagedPolicy> find(AccountId account, String name) {
    return store.read(tx -> tx.createQuery("select * from iam_policy where account = :account and name = :name")
        .bind("account", account.value()).bind("name", name).map((row, context) -> policy(row)).findOne());
  }

  List<ManagedPolicy> list(AccountId account) {
    return store.read(tx -> tx.createQuery("select * from iam_policy where account = :account order by name")
        .bind("account", account.value()).map((row, context) -> policy(row)).list());
  }

  List<Version> versions(ManagedPolicy policy) {
    return store.read(tx -> tx.createQuery("""
            select * from iam_policy_version where account = :account and name = :name order by version desc""")
        .bind("account", policy.account().value()).bind("name", policy.name())
        .map((row, context) -> new Version(row.getInt("version"), row.getString("document"),
            Instant.ofEpochMilli(row.getLong("created_at")))).list());
  }

  /** Adds the version, which becomes the default when asked; numbers are never used again. */
  Version addVersion(ManagedPolicy policy, String document, boolean asDefault, Instant now) {
    return store.write(tx -> {
      int number = tx.createQuery("select max(version) from iam_policy_version where account = :account and name = :name")
          .bind("account", policy.account().value()).bind("name", policy.name()).mapTo(Integer.class).one() + 1;
      Version version = new Version(number, document, now);
      insertVersion(tx, policy, version);
      if (asDefault) {
        setDefault(tx, policy, number, now);
      }
      return version;
    });
  }

  void setDefault(ManagedPolicy policy, int version, Instant now) {
    store.write(tx -> setDefault(tx, policy, version, now));
  }

  void deleteVersion(ManagedPolicy policy, int version) {
    store.write(tx -> tx.createUpdate("""
            delete from iam_policy_version where account = :account and name = :name and version = :version""")
        .bind("account", policy.account().value()).bind("name", policy.name()).bind("version", version).execute());
  }

  void delete(ManagedPolicy policy) {
    store.write(tx -> {
      tx.createUpdate("delete from iam_tag where entity = :id").bind("id", policy.id()).execute();
      for (String table : List.of("iam_policy_version", "iam_policy")) {
        tx.createUpdate("delete from " + table + " where account = :account and name = :name")
            .bind("account", policy.account().value()).bind("name", policy.name()).execute();
      }
      return true;
    });
  }

  void attach(Principal principal, String policyArn) {
    store.write(tx -> tx.createUpdate("""
            insert into iam_attached_policy values (:account, :kind, :principal, :arn) on conflict do nothing""")
        .bind("account", principal.account().value()).bind("kind", principal.kind().column())
        .bind("principal", principal.name()).bind("arn", policyArn).execute());
  }

  boolean detach(Principal principal, String policyArn) {
    return store.write(tx -> tx.createUpdate("""
            delete from iam_attached_policy
            where account = :account and principal_kind = :kind and principal = :principal and policy_arn = :arn""")
        .bind("account", principal.account().value()).bind("kind", principal.kind().column())
        .bind("principal", principal.name()).bind("arn", policyArn).execute()) == 1;
  }

  List<String> attached(Principal principal) {
    return store.read(tx -> tx.createQuery("""
            select policy_arn from iam_attached_policy
            where account = :account and principal_kind = :kind and principal = :principal order by policy_arn""")
        .bind("account", principal.account().value()).bind("kind", principal.kind().column())
        .bind("principal", principal.name()).mapTo(String.class).list());
  }

  /** Who of an account holds the policy, by kind and name. */
  List<Principal> holders(AccountId account, String policyArn) {
    return store.read(tx -> tx.createQuery("""
            select principal_kind, principal from iam_attached_policy
            where account = :account and policy_arn = :arn order by principal_kind, principal""")
        .bind("account", account.value()).bind("arn", policyArn)
        .map((row, context) -> new Principal(account,
            Principal.Kind.valueOf(row.getString("principal_kind").toUpperCase(Locale.ROOT)),
            row.getString("principal"))).list());
  }

  /** How many of an account's holders have each policy, by the policy's ARN. */
  Map<String, Integer> attachmentCounts(AccountId account) {
    return counts(account, "select policy_arn, count(*) as n from iam_attached_policy where account = :account group by 1");
  }

  /** Of how many users and roles of an account each policy is the boundary, by the policy's ARN. */
  Map<String, Integer> boundaryCounts(AccountId account) {
    return counts(account, """
        select boundary as policy_arn, count(*) as n from (
          select boundary from iam_user where account = :account
          union all select boundary from iam_role where account = :account)
        where boundary <> '' group by 1""");
  }

  private Map<String, Integer> counts(AccountId account, String sql) {
    return store.read(tx -> {
      Map<String, Integer> counts = new HashMap<>();
      tx.createQuery(sql).bind("account", account.value())
          .map((row, context) -> Map.entry(row.getString("policy_arn"), row.getInt("n")))
          .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
      return counts;
    });
  }

  /** Lets the policies of a holder follow its new name. */
  static int renamed(Handle tx, Principal holder, String name) {
    int rows = 0;
    for (String table : List.of("iam_attached_policy", "iam_inline_policy")) {
      rows += tx.createUpdate("update " + table
              + " set principal = :name where account = :account and principal_kind = :kind and principal = :old")
          .bind("name", name).bind("account", holder.account().value()).bind("kind", holder.kind().column())
          .bind("old", holder.name()).execute();
    }
    return rows;
  }

  void putInline(Principal principal, String name, String document) {
    store.write(tx -> tx.createUpdate("""
            insert into iam_inline_policy values (:account, :kind, :principal, :name, :document)
            on conflict do update set document = excluded.document""")
        .bind("account", principal.account().value()).bind("kind", principal.kind().column())
        .bind("principal", principal.name()).bind("name", name).bind("document", document).execute());
  }

  boolean deleteInline(Principal principal, String name) {
    return store.write(tx -> tx.createUpdate("""
            delete from iam_inline_policy
            where account = :account and principal_kind = :kind and principal = :principal and name = :name""")
        .bind("account", principal.account().value()).bind("kind", principal.kind().column())
        .bind("principal", principal.name()).bind("name", name).execute()) == 1;
  }

  /** Documents by policy name, in order of name. */
  Map<String, String> inline(Principal principal) {
    return store.read(tx -> {
      Map<String, String> documents = new LinkedHashMap<>();
      tx.createQuery("""
              select name, document from iam_inline_policy
              where account = :account and principal_kind = :kind and principal = :principal order by name""")
          .bind("account", principal.account().value()).bind("kind", principal.kind().column())
          .bind("principal", principal.name())
          .map((row, context) -> Map.entry(row.getString("name"), row.getString("document")))
          .forEach(entry -> documents.put(entry.getKey(), entry.getValue()));
      return documents;
    });
  }

  private static void insertVersion(Handle tx, ManagedPolicy policy, Version version) {
    tx.createUpdate("insert into iam_policy_version values (:account, :name, :version, :document, :createdAt)")
        .bind("account", policy.account().value()).bind("name", policy.name()).bind("version", version.number())
        .bind("document", version.document()).bind("createdAt", version.createdAt().toEpochMilli()).execute();
  }

  private static int setDefault(Handle tx, ManagedPolicy policy, int version, Instant now) {
    return tx.createUpdate("""
            update iam_policy set default_version = :version, updated_at = :now
            where account = :account and name = :name""")
        .bind("version", version).bind("now", now.toEpochMilli()).bind("account", policy.account().value()).bind("name", policy.name()).execute();
  }

  private static ManagedPolicy policy(ResultSet row) throws SQLException {
    return new ManagedPolicy(new AccountId(row.getString("account")), row.getString("name"), row.getString("path"),
        row.getString("id"), row.getString("description"), row.getInt("default_version"),
        Instant.ofEpochMilli(row.getLong("created_at")), Instant.ofEpochMilli(row.getLong("updated_at")));
  }
}
