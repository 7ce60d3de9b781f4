package dev.atelier.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Identity;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds what stands behind an access key id: a user's key, or a session. */
public final class Credentials {
  private final IdentityStore identities;
  private final SessionStore sessions;
  private final Secrets secrets;
  private final Generation generation;
  private final Cache<String, Known> cache = Caffeine.newBuilder().maximumSize(10_000).build();

  private record Known(long generation, Credential credential) {}

  Credentials(IdentityStore identities, SessionStore sessions, Secrets secrets, Generation generation) {
    this.identities = identities;
    this.sessions = sessions;
    this.secrets = secrets;
    this.generation = generation;
  }

  /** Empty for a key that does not exist, is inactive, or whose user or role is gone. Expiry is not looked at. */
  public Optional<Credential> find(String accessKeyId) {
    long now = generation.current();
    Known known = cache.getIfPresent(accessKeyId);
    if (known != null && known.generation() == now) {
      return Optional.of(known.credential());
    }
    Optional<Credential> read = accessKeyId.startsWith("ASIA") ? session(accessKeyId) : userKey(accessKeyId);
    read.ifPresent(credential -> cache.put(accessKeyId, new Known(now, credential)));
    return read;
  }

  /** What the session of a key carries; nothing for a long-lived key and for none. */
  SessionFacts facts(String accessKeyId) {
    return accessKeyId.startsWith("ASIA") ? find(accessKeyId).map(Credential::facts).orElse(SessionFacts.NONE)
        : SessionFacts.NONE;
  }

  /** The account that a key belongs to, whether it is active or not. */
  Optional<AccountId> account(String accessKeyId) {
    return accessKeyId.startsWith("ASIA") ? sessions.find(accessKeyId).map(SessionStore.SessionRow::account)
        : identities.findKey(accessKeyId).map(IdentityStore.KeyRow::account);
  }

  private Optional<Credential> userKey(String accessKeyId) {
    return identities.findKey(accessKeyId)
        .filter(row -> row.key().active())
        .flatMap(row -> identities.findUser(row.account(), row.key().user())
            .map(user -> new Credential(row.account(), identity(user), unseal(row.sealedSecret(), secretOf(row.key().id())),
                Optional.empty(), Optional.empty(), SessionFacts.NONE)));
  }

  private Optional<Credential> session(String accessKeyId) {
    return sessions.find(accessKeyId).flatMap(row -> identityOf(row)
        .map(identity -> new Credential(row.account(), identity, unseal(row.secret(), secretOf(row.accessKeyId())),
            Optional.of(unseal(row.token(), tokenOf(row.accessKeyId()))), Optional.of(row.expiresAt()),
            row.facts())));
  }

  private Optional<Identity> identityOf(SessionStore.SessionRow row) {
    return switch (row.kind()) {
      case role -> identities.findRole(row.account(), row.principal()).map(role -> new Identity.AssumedRole(
          role.name(), role.path(), role.id(), row.session(), row.policies()));
      case user -> identities.findUser(row.account(), row.principal()).map(Credentials::identity);
      case federated -> identities.findUser(row.account(), row.principal())
          .map(user -> new Identity.Federated(identity(user), row.session(), row.policies()));
      case root -> Optional.of(new Identity.Root(row.policies()));
    };
  }

  private static Identity.User identity(User user) {
    return new Identity.User(user.name(), user.path(), user.id());
  }

  private String unseal(String sealed, String context) {
    return new String(secrets.unseal(sealed, context), StandardCharsets.UTF_8);
  }

  /** What the sealed secret access key of a key is bound to. */
  static String secretOf(String accessKeyId) {
    return "secret-access-key:" + accessKeyId;
  }

  /** What the sealed session token of a key is bound to. */
  static String tokenOf(String accessKeyId) {
    return "session-token:" + accessKeyId;
  }
}
