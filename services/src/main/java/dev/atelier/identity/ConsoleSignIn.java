package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a user proves to be itself at the console: by password, and by a code where it has a device. */
public final class ConsoleSignIn {
  private static final Region ANY = new Region("us-east-1");

  private final ConsoleSessionStore store;
  private final ConsoleSessions sessions;
  private final Passwords passwords;
  private final IdentityStore identities;
  private final SecondFactor factor;
  private final Authoriser authoriser;
  private final Clock clock;
  /** What the password of an unknown user is compared with, so that its refusal takes as long as any other. */
  private final String nobody = PasswordHash.of("a password that nobody has");

  ConsoleSignIn(ConsoleSessionStore store, ConsoleSessions sessions, Passwords passwords,
      IdentityStore identities, SecondFactor factor, Authoriser authoriser, Clock clock) {
    this.store = store;
    this.sessions = sessions;
    this.passwords = passwords;
    this.identities = identities;
    this.factor = factor;
    this.authoriser = authoriser;
    this.clock = clock;
  }

  /**
   * What a user enters.
   *
   * @param account the account's id or alias
   * @param newPassword takes the password's place when the user has to change it
   * @param code of the user's MFA device, or one of its recovery codes
   */
  public record Entered(
      String account, String user, String password, Optional<String> newPassword, Optional<String> code) {
    @Override
    public String toString() {
      return "Entered[" + account + ", " + user + "]";
    }
  }

  /**
   * Begins a session.
   *
   * @throws Fault SignInFailed, without a word on what is wrong; MfaRequired and PasswordResetRequired, when the password
   *     is right and more is needed; PasswordExpired, when only an administrator can help; or what stands against the
   *     new password
   */
  public ConsoleSessions.Issued signIn(Entered entered) {
    Optional<User> user = account(entered.account()).flatMap(account -> identities.findUser(account, entered.user()));
    Optional<Entry<Passwords.Login>> login = user.flatMap(passwords::find);
    boolean right = PasswordHash.matches(login.map(found -> found.value().hash()).orElse(nobody), entered.password());
    if (!right || login.isEmpty()) {
      throw failed();
    }
    boolean coded = factor.needed(user.get());
    boolean change = mustChange(user.get(), login.get().value());
    requireAll(entered, coded, change);
    Optional<Passwords.Login> changed = change
        ? Optional.of(changed(user.get(), login.get(), entered.newPassword().orElseThrow())) : Optional.empty();
    // the last that can be refused: a code is good once, and a new password has to be thought of anew
    if (coded && !factor.proves(user.get(), entered.code().orElseThrow())) {
      throw SecondFactor.failed();
    }
    changed.ifPresent(chosen -> passwords.replace(login.get(), chosen));
    return sessions.begin(user.get(), coded);
  }

  /** Asks for what is missing before anything is used up: a code is good once. */
  private static void requireAll(Entered entered, boolean code, boolean newPassword) {
    if (code && entered.code().isEmpty()) {
      throw new Fault("MfaRequired", 401, "Enter the code of your MFA device.");
    }
    if (newPassword && entered.newPassword().isEmpty()) {
      throw new Fault("PasswordResetRequired", 403, "The password has to be changed now: enter a new one.");
    }
  }

  private static Fault failed() {
    return new Fault("SignInFailed", 401, "The account, the user name or the password is not right.");
  }

  private Optional<AccountId> account(String text) {
    if (text.matches("\\d{12}")) {
      return Optional.of(new AccountId(text));
    }
    List<AccountId> accounts = store.accounts(text);
    return accounts.size() == 1 ? Optional.of(accounts.getFirst()) : Optional.empty();
  }

  private boolean mustChange(User user, Passwords.Login login) {
    PasswordRules rules = passwords.rules(user.account());
    boolean expired = rules.maxAge() > 0 && !clock.instant().isBefore(
        Instant.ofEpochSecond(login.changedAt()).plus(Duration.ofDays(rules.maxAge())));
    if (expired && rules.hardExpiry()) {
      throw new Fault("PasswordExpired", 403,
          "The password has expired. An administrator has to set a new one (iam:UpdateLoginProfile).");
    }
    return login.resetRequired() || expired;
  }

  /** The login with another password, as ChangePassword makes it: by the account's rules, and with the right to. */
  private Passwords.Login changed(User user, Entry<Passwords.Login> login, String wanted) {
    Caller caller =
        new Caller(user.account(), ANY, new Identity.User(user.name(), user.path(), user.id()), "");
    if (!passwords.rules(user.account()).usersMayChange()) {
      authoriser.authorise(caller,
          Authoriser.Access.of("iam:ChangePassword", user.arn(caller.partition()).toString()));
    }
    return passwords.byUser(login, wanted);
  }
}
