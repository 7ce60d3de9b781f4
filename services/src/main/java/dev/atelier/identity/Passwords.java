package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of users' console passwords and of the account's password policy. */
final class Passwords {
  private static final String POLICY = "policy";

  private final RecordStore records;
  private final Users users;
  private final Clock clock;

  Passwords(RecordStore records, Users users, Clock clock) {
    this.records = records;
    this.users = users;
    this.clock = clock;
  }

  /**
   * A user's password.
   *
   * @param former hashes of passwords before, newest first
   * @param changedAt epoch seconds
   */
  record Login(String hash, List<String> former, boolean resetRequired, long changedAt) {
    @Override
    public String toString() {
      return "Login[]";
    }
  }

  Entry<Login> create(AccountId account, String userName, Optional<String> password, boolean resetRequired) {
    User user = users.require(account, userName);
    String text = password.orElseThrow(() -> new Fault("ValidationError", 400, "Must specify a password."));
    if (find(user).isPresent()) {
      throw Users.entityExists("Login Profile for user " + user.name() + " already exists.");
    }
    rules(account).check(text);
    Entry<Login> login = new Entry<>(UniqueId.of("ALPR"), account, user.name(), user.name(), clock.instant(),
        new Login(PasswordHash.of(text), List.of(), resetRequired, clock.instant().getEpochSecond()));
    return records.atomically(() -> {
      users.require(account, user.name());
      if (!records.insert(Kind.LOGIN_PROFILE, login, List.of())) {
        throw Users.entityExists("Login Profile for user " + user.name() + " already exists.");
      }
      return login;
    });
  }

  Optional<Entry<Login>> find(User user) {
    return records.find(user.account(), Kind.LOGIN_PROFILE, user.name(), Login.class);
  }

  Entry<Login> require(AccountId account, String userName) {
    User user = users.require(account, userName);
    return find(user).orElseThrow(() ->
        Users.noSuchEntity("Login Profile for User " + user.name() + " cannot be found."));
  }

  void update(AccountId account, String userName, Optional<String> password, Optional<Boolean> resetRequired) {
    Entry<Login> login = require(account, userName);
    Login changed = password.map(text -> changed(account, login.value(), text)).orElse(login.value());
    replace(login, new Login(changed.hash(), changed.former(),
        resetRequired.orElse(changed.resetRequired()), changed.changedAt()));
  }

  /** ChangePassword: the user's own, who must know the old one. */
  void change(AccountId account, String userName, String oldPassword, String newPassword) {
    Entry<Login> login = require(account, userName);
    if (!PasswordHash.matches(login.value().hash(), oldPassword)) {
      throw new Fault("AccessDenied", 403, "The old password was incorrect.");
    }
    replace(login, byUser(login, newPassword));
  }

  /** What {@link #replace} stores for a password that the user chose; every rule stands before it. */
  Login byUser(Entry<Login> login, String newPassword) {
    Login changed = changed(login.account(), login.value(), newPassword);
    return new Login(changed.hash(), changed.former(), false, changed.changedAt());
  }

  /** Hashing is slow and happens before: who changed the password in between wins. */
  void replace(Entry<Login> read, Login changed) {
    records.atomically(() -> {
      if (!require(read.account(), read.owner()).value().equals(read.value())) {
        throw new Fault("EntityTemporarilyUnmodifiable", 409,
            "Login Profile for User " + read.owner() + " cannot be modified while login profile is being changed.");
      }
      records.update(read.with(changed));
      return read;
    });
  }

  private Login changed(AccountId account, Login login, String password) {
    PasswordRules rules = rules(account);
    rules.check(password);
    List<String> known = new ArrayList<>(List.of(login.hash()));
    known.addAll(login.former());
    List<String> refused = known.subList(0, Math.min(known.size(), rules.reusePrevention()));
    PasswordRules.require(refused.stream().noneMatch(hash -> PasswordHash.matches(hash, password)),
        "Password has been used before");
    return new Login(PasswordHash.of(password), known.subList(0, Math.min(known.size(), 24)), login.resetRequired(),
        clock.instant().getEpochSecond());
  }

  void delete(AccountId account, String userName) {
    records.atomically(() -> {
      Entry<Login> login = require(account, userName);
      records.delete(login);
      return login;
    });
  }

  /** The account's rules, or those that hold without any. */
  PasswordRules rules(AccountId account) {
    return own(account).map(Entry::value).orElseGet(PasswordRules::byDefault);
  }

  Optional<Entry<PasswordRules>> own(AccountId account) {
    return records.find(account, Kind.PASSWORD_POLICY, POLICY, PasswordRules.class);
  }

  void setRules(AccountId account, PasswordRules rules) {
    own(account).ifPresentOrElse(entry -> records.update(entry.with(rules)),
        () -> records.insert(Kind.PASSWORD_POLICY,
            new Entry<>(UniqueId.of("APWP"), account, "", POLICY, clock.instant(), rules), List.of()));
  }

  void deleteRules(AccountId account) {
    records.delete(own(account).orElseThrow(() ->
        Users.noSuchEntity("The account policy with name PasswordPolicy cannot be found.")));
  }
}
