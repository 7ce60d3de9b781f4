package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The rules of groups. */
public final class Groups {

  private final GroupStore store;
  private final PolicyStore policies;
  private final Users users;
  private final Generation generation;
  private final Clock clock;

  Groups(GroupStore store, PolicyStore policies, Users users, Generation generation, Clock clock) {
    this.store = store;
    this.policies = policies;
    this.users = users;
    this.generation = generation;
    this.clock = clock;
  }

  public Group create(AccountId account, String name, String path) {
    Quota.GROUPS.requireRoom(store.count(account));
    Group group = new Group(account, name, path, UniqueId.of("AGPA"), clock.instant());
    if (!store.insert(group)) {
      throw exists(name);
    }
    return group;
  }

  public Group require(AccountId account, String name) {
    return store.find(account, name)
        .orElseThrow(() -> Users.noSuchEntity("The group with name " + name + " cannot be found."));
  }

  public List<Group> list(AccountId account) {
    return store.list(account);
  }

  /** The group's users, by name. */
  public List<User> members(Group group) {
    return store.members(group).stream().map(name -> users.require(group.account(), name)).toList();
  }

  public List<Group> of(User user) {
    return store.of(user.account(), user.name());
  }

  /** Puts a user into a group; one that is in it stays. */
  public void add(AccountId account, String groupName, String userName) {
    User user = users.require(account, userName);
    Group group = require(account, groupName);
    List<Group> now = of(user);
    if (!now.contains(group)) {
      Quota.GROUPS_OF_USER.requireRoom(now.size());
    }
    store.add(group, user);
    generation.changed();
  }

  /** Takes a user out of a group; one that is not in it is no error, as on AWS. */
  public void remove(AccountId account, String groupName, String userName) {
    store.remove(require(account, groupName), users.require(account, userName));
    generation.changed();
  }

  public void update(AccountId account, String name, Optional<String> newName, Optional<String> newPath) {
    Group group = require(account, name);
    String wanted = newName.orElse(group.name());
    if (store.find(account, wanted).filter(other -> !other.id().equals(group.id())).isPresent()) {
      throw exists(wanted);
    }
    store.rename(group, wanted, newPath.orElse(group.path()));
    generation.changed();
  }

  /** Deletes a group that holds neither users nor policies, as IAM demands. */
  public void delete(AccountId account, String name) {
    Group group = require(account, name);
    if (!store.members(group).isEmpty()) {
      throw Users.deleteConflict("Cannot delete entity, must remove users from group first.");
    }
    Users.requireNoPolicies(policies, group);
    store.delete(group);
    generation.changed();
  }

  private static Fault exists(String name) {
    return Users.entityExists("Group with name " + name + " already exists.");
  }
}
