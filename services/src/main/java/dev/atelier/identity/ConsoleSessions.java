package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Users at the console. A session is a pair of temporary credentials whose secret nobody knows, so that what is signed
 * in is authorised as its user's signed calls are. Sessions outlive a restart; they end after twelve hours, when the
 * user is gone, and when the user's password changes.
 */
public final class ConsoleSessions {
  /** How long a session lasts. */
  public static final Duration LIFE = Duration.ofHours(12);
  private static final Duration LINK_LIFE = Duration.ofMinutes(5);
  private static final int MOST_LINKS = 100;

  private final ConsoleSessionStore store;
  private final Passwords passwords;
  private final IdentityStore identities;
  private final Sessions sessions;
  private final Credentials credentials;
  private final Clock clock;
  private final Map<String, Link> links = new LinkedHashMap<>();

  ConsoleSessions(ConsoleSessionStore store, Passwords passwords, IdentityStore identities, Sessions sessions,
      Credentials credentials, Clock clock) {
    this.store = store;
    this.passwords = passwords;
    this.identities = identities;
    this.sessions = sessions;
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * Who is signed in.
   *
   * @param accessKeyId the credentials that the session acts with
   */
  public record Session(AccountId account, Identity.User user, String accessKeyId, Instant expiresAt) {}

  /**
   * A new session.
   *
   * @param token what the browser holds; it is shown this once and stored as its hash alone
   */
  public record Issued(String token, Session session) {
    @Override
    public String toString() {
      return "Issued[" + session + "]";
    }
  }

  private record Link(AccountId account, Identity.User user, Instant expiresAt) {}

  /** Begins a session of a user who proved to be it. */
  Issued begin(User user, boolean secondFactor) {
    String token = SecretToken.fresh();
    Identity.User identity = new Identity.User(user.name(), user.path(), user.id());
    return store.atomically(() -> {
      store.deleteExpiredBefore(clock.instant());
      SessionCredentials acting = sessions.sessionToken(user.account(), identity, LIFE, secondFactor);
      store.insert(new ConsoleSessionStore.Row(
          SecretToken.hash(token), acting.accessKeyId(), user.id(), password(user), acting.expiration()));
      return new Issued(token,
          new Session(user.account(), identity, acting.accessKeyId(), acting.expiration()));
    });
  }

  /** The session that a token is of; empty when there is none or it has ended. */
  public Optional<Session> find(String token) {
    return store.find(SecretToken.hash(token)).filter(row -> clock.instant().isBefore(row.expiresAt()))
        .flatMap(row -> credentials.find(row.accessKeyId())
            .filter(found -> found.identity() instanceof Identity.User user && user.id().equals(row.userId()))
            .filter(found -> identities.findUser(found.account(), ((Identity.User) found.identity()).name())
                .filter(user -> password(user).equals(row.password())).isPresent())
            .map(found -> new Session(found.account(), (Identity.User) found.identity(), row.accessKeyId(),
                row.expiresAt())));
  }

  /** Ends a session; a token of none is no matter. */
  public void end(String token) {
    store.find(SecretToken.hash(token)).ifPresent(store::delete);
  }

  /** A secret that signs the user in once, within five minutes and before the server's next start. */
  public String link(AccountId account, Identity.User user) {
    String secret = SecretToken.fresh();
    synchronized (links) {
      links.values().removeIf(link -> !clock.instant().isBefore(link.expiresAt()));
      if (links.size() >= MOST_LINKS) {
        Iterator<String> oldest = links.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      links.put(SecretToken.hash(secret), new Link(account, user, clock.instant().plus(LINK_LIFE)));
    }
    return secret;
  }

  /** Signs in who holds a link's secret; empty when it was used, is too old, or its user is gone. */
  public Optional<Issued> redeem(String secret) {
    Link link;
    synchronized (links) {
      link = links.remove(SecretToken.hash(secret));
    }
    return Optional.ofNullable(link).filter(found -> clock.instant().isBefore(found.expiresAt()))
        .flatMap(found -> identities.findUser(found.account(), found.user().name())
            .filter(user -> user.id().equals(found.user().id())))
        .map(user -> begin(user, false));
  }

  /** Tells a user's password from its next without telling anything else about it. */
  private String password(User user) {
    return passwords.find(user).map(login -> SecretToken.hash(login.value().hash())).orElse("");
  }
}
