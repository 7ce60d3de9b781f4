package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The rules of users' long-lived access keys. */
public final class AccessKeys {

  private final IdentityStore store;
  private final Users users;
  private final Secrets secrets;
  private final Generation generation;
  private final Clock clock;

  AccessKeys(IdentityStore store, Users users, Secrets secrets, Generation generation, Clock clock) {
    this.store = store;
    this.users = users;
    this.secrets = secrets;
    this.generation = generation;
    this.clock = clock;
  }

  public Users.NewKey create(AccountId account, String userName) {
    User user = users.require(account, userName);
    Quota.ACCESS_KEYS.requireRoom(store.keys(account, user.name()).size());
    return put(user, UniqueId.of("AKIA"), UniqueId.secret());
  }

  /** Gives a user a key of a given id and secret, as configuration may. */
  Users.NewKey put(User user, String id, String secret) {
    AccessKey key = new AccessKey(id, user.name(), true, clock.instant());
    store.insertKey(user.account(), key, secrets.seal(secret.getBytes(StandardCharsets.UTF_8), Credentials.secretOf(id)));
    generation.changed();
    return new Users.NewKey(key, secret);
  }

  public List<AccessKey> of(AccountId account, String userName) {
    return store.keys(account, users.require(account, userName).name());
  }

  /** The user that a key belongs to. */
  public User owner(AccountId account, String keyId) {
    return store.findKey(keyId).filter(row -> row.account().equals(account))
        .flatMap(row -> store.findUser(account, row.key().user())).orElseThrow(() -> noSuchKey(keyId));
  }

  /**
   * The key's user, which must be {@code userName} where one is named.
   *
   * @throws Fault NoSuchEntity
   */
  private User owner(AccountId account, Optional<String> userName, String keyId) {
    Optional<User> named = userName.map(name -> users.require(account, name));
    User owner = owner(account, keyId);
    if (named.isPresent() && !named.get().id().equals(owner.id())) {
      throw noSuchKey(keyId);
    }
    return owner;
  }

  public void setActive(AccountId account, Optional<String> userName, String keyId, boolean active) {
    owner(account, userName, keyId);
    store.setKeyActive(keyId, active);
    generation.changed();
  }

  public void delete(AccountId account, Optional<String> userName, String keyId) {
    owner(account, userName, keyId);
    store.deleteKey(keyId);
    generation.changed();
  }

  private static Fault noSuchKey(String keyId) {
    return Users.noSuchEntity("The Access Key with id " + keyId + " cannot be found.");
  }
}
