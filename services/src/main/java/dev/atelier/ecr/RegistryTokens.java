package dev.atelier.ecr;

import dev.atelier.identity.Credential;
import dev.atelier.identity.Credentials;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * The passwords that GetAuthorizationToken hands out. One stands for the access key that asked for it, in the region that
 * it asked in, for twelve hours; it ends earlier with the key, the user or the role. What its bearer may do is decided
 * anew at each request.
 */
final class RegistryTokens {
  static final String USER = "AWS";
  private static final String CONTEXT = "ecr-authorization-token";
  private static final Duration VALID = Duration.ofHours(12);

  private final Secrets secrets;
  private final Credentials credentials;
  private final Clock clock;

  RegistryTokens(Secrets secrets, Credentials credentials, Clock clock) {
    this.secrets = secrets;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** A token as docker's basic authentication sends it, and when it ends. */
  record Token(String value, Instant expires) {
    @Override
    public String toString() {
      return "Token[" + expires + "]";
    }
  }

  Token issue(Caller caller) {
    if (caller.accessKeyId().isEmpty()) {
      throw Fault.accessDenied("An authorization token is given to requests that are signed with an access key.");
    }
    Instant expires = Instant.ofEpochSecond(clock.instant().plus(VALID).getEpochSecond());
    String text = expires.getEpochSecond() + " " + caller.region() + " " + caller.accessKeyId();
    String password = secrets.seal(text.getBytes(StandardCharsets.UTF_8), CONTEXT);
    return new Token(Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.US_ASCII)),
        expires);
  }

  /** Who sends a token; empty for one that is not valid, or not any more. */
  Optional<Caller> caller(String token) {
    try {
      String[] pair = new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII).split(":", 2);
      if (pair.length != 2 || !pair[0].equals(USER)) {
        return Optional.empty();
      }
      String[] parts = new String(secrets.unseal(pair[1], CONTEXT), StandardCharsets.UTF_8).split(" ");
      if (!Instant.ofEpochSecond(Long.parseLong(parts[0])).isAfter(clock.instant())) {
        return Optional.empty();
      }
      Optional<Credential> known = credentials.find(parts[2]);
      return known.map(each -> new Caller(each.account(), new Region(parts[1]), each.identity(), parts[2]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
