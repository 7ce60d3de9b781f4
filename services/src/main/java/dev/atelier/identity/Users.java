package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The rules of IAM users. */
public final class Users {
  private final IdentityStore store;
  private final PolicyStore policies;
  private final GroupStore groups;
  private final RecordStore records;
  private final Boundaries boundaries;
  private final Generation generation;
  private final Clock clock;

  Users(IdentityStore store, PolicyStore policies, GroupStore groups, RecordStore records, Boundaries boundaries,
      Generation generation, Clock clock) {
    this.store = store;
    this.policies = policies;
    this.groups = groups;
    this.records = records;
    this.boundaries = boundaries;
    this.generation = generation;
    this.clock = clock;
  }

  /** An access key at the one moment when its secret is shown; the text form hides it. */
  public record NewKey(AccessKey key, String secret) {
    @Override
    public String toString() {
      return "NewKey[" + key.id() + "]";
    }
  }

  /** A user without a boundary and tags. */
  public User create(AccountId account, String name, String path) {
    return create(account, name, path, Optional.empty(), List.of());
  }

  public User create(
      AccountId account, String name, String path, Optional<String> boundary, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    Quota.USERS.requireRoom(store.countUsers(account));
    User user = new User(account, name, path, UniqueId.of("AIDA"), boundary.map(boundaries::checked), clock.instant());
    if (!store.insertUser(user, tags)) {
      throw entityExists("User with name " + name + " already exists.");
    }
    return user;
  }

  public User require(AccountId account, String name) {
    return store.findUser(account, name)
        .orElseThrow(() -> noSuchEntity("The user with name " + name + " cannot be found."));
  }

  public List<User> list(AccountId account) {
    return store.users(account);
  }

  public void update(AccountId account, String name, Optional<String> newName, Optional<String> newPath) {
    User user = require(account, name);
    String wanted = newName.orElse(user.name());
    if (store.findUser(account, wanted).filter(other -> !other.id().equals(user.id())).isPresent()) {
      throw entityExists("User with name " + wanted + " already exists.");
    }
    store.renameUser(user, wanted, newPath.orElse(user.path()));
    generation.changed();
  }

  public void setBoundary(AccountId account, String name, Optional<String> policyArn) {
    User user = require(account, name);
    if (policyArn.isEmpty() && user.boundary().isEmpty()) {
      throw noSuchEntity("The user with name " + name + " has no permissions boundary attached.");
    }
    store.setBoundary(user, policyArn.map(boundaries::checked));
    generation.changed();
  }

  /** Deletes a user that holds nothing any more, as IAM demands. */
  public void delete(AccountId account, String name) {
    User user = require(account, name);
    requireNone(store.keys(account, user.name()), "must delete access keys first.");
    requireNone(owned(user, Kind.LOGIN_PROFILE), "must delete login profile first.");
    requireNone(owned(user, Kind.SIGNING_CERTIFICATE), "must delete signing certificates first.");
    requireNone(owned(user, Kind.SSH_KEY), "must delete SSH public keys first.");
    requireNone(owned(user, Kind.MFA_DEVICE), "must delete MFA device first.");
    requireNone(groups.of(account, user.name()), "must remove user from groups first.");
    requireNoPolicies(policies, user);
    store.deleteUser(user);
    generation.changed();
  }

  private List<?> owned(User user, Kind kind) {
    return records.ofUser(user.account(), kind, user.name(), Object.class);
  }

  static void requireNoPolicies(PolicyStore policies, Holder holder) {
    requireNone(policies.attached(holder.principal()), "must detach all policies first.");
    requireNone(List.copyOf(policies.inline(holder.principal()).keySet()), "must delete policies first.");
  }

  static void requireNone(List<?> left, String otherwise) {
    if (!left.isEmpty()) {
      throw deleteConflict("Cannot delete entity, " + otherwise);
    }
  }

  static Fault noSuchEntity(String message) {
    return new Fault("NoSuchEntity", 404, message);
  }

  static Fault entityExists(String message) {
    return new Fault("EntityAlreadyExists", 409, message);
  }

  static Fault deleteConflict(String message) {
    return new Fault("DeleteConflict", 409, message);
  }

  static Fault limitExceeded(String quota, int most) {
    return new Fault("LimitExceeded", 409, "Cannot exceed quota for " + quota + ": " + most);
  }
}
