package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of groups and of who is in them. */
final class GroupStore {
  private final IdentityRows store;

  GroupStore(IdentityRows store) {
    this.store = store;
  }

  /** False when a group of that name exists. */
  boolean insert(Group group) {
    return store.write(tx -> tx.createUpdate("""
            insert into iam_group (account, name, path, id, created_at)
            values (:account, :name, :path, :id, :createdAt) on conflict do nothing""")
        .bind("account", group.account().value()).bind("name", group.name()).bind("path", group.path())
        .bind("id", group.id()).bind("createdAt", group.createdAt().toEpochMilli()).execute()) == 1;
  }

  int count(AccountId account) {
    return store.read(tx -> tx.createQuery("select count(*) from iam_group where account = :account")
        .bind("account", account.value()).mapTo(Integer.class).one());
  }

  Optional<Group> find(AccountId account, String name) {
    return store.read(tx -> tx.createQuery("select * from iam_group where account = :account and lower(name) = lower(:name)")
        .bind("account", account.value()).bind("name", name).map((row, context) -> group(row)).findOne());
  }

  List<Group> list(AccountId account) {
    return store.read(tx -> tx.createQuery("select * from iam_group where account = :account order by name")
        .bind("account", account.value()).map((row, context) -> group(row)).list());
  }

  /** The groups that a user is in, by name. */
  List<Group> of(AccountId account, String user) {
    return store.read(tx -> tx.createQuery("""
            select g.* from iam_group g join iam_group_member m on m.account = g.account and m.group_name = g.name
            where m.account = :account and m.user_name = :user order by g.name""")
        .bind("account", account.value()).bind("user", user).map((row, context) -> group(row)).list());
  }

  /** The names of a group's users, in order. */
  List<String> members(Group group) {
    return store.read(tx -> tx.createQuery("""
            select user_name from iam_group_member where account = :account and group_name = :name order by user_name""")
        .bind("account", group.account().value()).bind("name", group.name()).mapTo(String.class).list());
  }

  void add(Group group, User user) {
    store.write(tx -> tx.createUpdate(
            "insert into iam_group_member values (:account, :group, :user) on conflict do nothing")
        .bind("account", group.account().value()).bind("group", group.name()).bind("user", user.name()).execute());
  }

  void remove(Group group, User user) {
    store.write(tx -> tx.createUpdate("""
            delete from iam_group_member where account = :account and group_name = :group and user_name = :user""")
        .bind("account", group.account().value()).bind("group", group.name()).bind("user", user.name()).execute());
  }

  /** Gives the group a new name and path; its members and policies follow. */
  void rename(Group group, String name, String path) {
    store.write(tx -> {
      tx.createUpdate("update iam_group set name = :name, path = :path where id = :id")
          .bind("name", name).bind("path", path).bind("id", group.id()).execute();
      tx.createUpdate("update iam_group_member set group_name = :name where account = :account and group_name = :old")
          .bind("name", name).bind("account", group.account().value()).bind("old", group.name()).execute();
      return PolicyStore.renamed(tx, group.principal(), name);
    });
  }

  void delete(Group group) {
    store.write(tx -> tx.createUpdate("delete from iam_group where id = :id").bind("id", group.id()).execute());
  }

  private static Group group(ResultSet row) throws SQLException {
    return new Group(new AccountId(row.getString("account")), row.getString("name"), row.getString("path"),
        row.getString("id"), Instant.ofEpochMilli(row.getLong("created_at")));
  }
}
