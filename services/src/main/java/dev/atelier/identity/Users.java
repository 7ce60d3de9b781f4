package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** The rules of IAM users and their access keys. */
public final class Users {
  private static final int KEYS_PER_USER = 2;

  private final IdentityStore store;
  private final PolicyStore policies;
  private final Secrets secrets;
  private final Generation generation;
  private final Clock clock;

  Users(IdentityStore store, PolicyStore policies, Secrets secrets, Generation generation, Clock clock) {
    this.store = store;
    this.policies = policies;
    this.secrets = secrets;
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

  public User create(AccountId account, String name, String path) {
    User user = new User(account, name, path, UniqueId.of("AIDA"), clock.instant());
    if (!store.insertUser(user)) {
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

  /** Deletes a user that holds neither keys nor policies, as IAM demands. */
  public void delete(AccountId account, String name) {
    User user = require(account, name);
    Principal principal = new Principal(account, Principal.Kind.USER, user.name());
    if (!store.keys(account, user.name()).isEmpty()) {
      throw deleteConflict("Cannot delete entity, must delete access keys first.");
    }
    if (!policies.attached(principal).isEmpty()) {
      throw deleteConflict("Cannot delete entity, must detach all policies first.");
    }
    if (!policies.inline(principal).isEmpty()) {
      throw deleteConflict("Cannot delete entity, must delete policies first.");
    }
    store.deleteUser(user);
    generation.changed();
  }

  public NewKey createKey(AccountId account, String userName) {
    User user = require(account, userName);
    if (store.keys(account, user.name()).size() >= KEYS_PER_USER) {
      throw new Fault("LimitExceeded", 409,
          "Cannot exceed quota for AccessKeysPerUser: " + KEYS_PER_USER);
    }
    return putKey(user, UniqueId.of("AKIA"), UniqueId.secret());
  }

  /** Gives a user a key of a given id and secret, as configuration may; the same key again changes nothing. */
  NewKey putKey(User user, String id, String secret) {
    AccessKey key = new AccessKey(id, user.name(), true, clock.instant());
    store.insertKey(user.account(), key, secrets.seal(secret.getBytes(StandardCharsets.UTF_8), Credentials.secretOf(id)));
    generation.changed();
    return new NewKey(key, secret);
  }

  public List<AccessKey> keys(AccountId account, String userName) {
    return store.keys(account, require(account, userName).name());
  }

  public void setKeyActive(AccountId account, String userName, String keyId, boolean active) {
    requireKey(account, userName, keyId);
    store.setKeyActive(keyId, active);
    generation.changed();
  }

  public void deleteKey(AccountId account, String userName, String keyId) {
    requireKey(account, userName, keyId);
    store.deleteKey(keyId);
    generation.changed();
  }

  private void requireKey(AccountId account, String userName, String keyId) {
    if (keys(account, userName).stream().noneMatch(key -> key.id().equals(keyId))) {
      throw noSuchEntity("The Access Key with id " + keyId + " cannot be found.");
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
}
