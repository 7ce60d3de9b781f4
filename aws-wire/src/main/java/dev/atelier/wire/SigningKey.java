package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an access key. A temporary key has a session token, which the request must carry, and an end.
 */
public record SigningKey(String secret, Optional<String> sessionToken, Optional<Instant> expiresAt) {

  public static SigningKey permanent(String secret) {
    return new SigningKey(secret, Optional.empty(), Optional.empty());
  }

  public static SigningKey temporary(String secret, String sessionToken, Instant expiresAt) {
    return new SigningKey(secret, Optional.of(sessionToken), Optional.of(expiresAt));
  }

  /**
   * Returns when the tokens sent are this key's: its one, or none for a permanent key.
   *
   * @throws Fault in the words of {@code dialect} for another token, and for a key that has ended
   */
  void requireToken(List<String> sent, Instant now, ErrorDialect dialect) {
    boolean right = sessionToken.isPresent()
        ? sent.size() == 1 && Hashes.same(sessionToken.get(), sent.getFirst()) : sent.isEmpty();
    if (!right) {
      throw dialect.wrongToken();
    }
    if (expiresAt.isPresent() && !now.isBefore(expiresAt.get())) {
      throw dialect.expiredToken();
    }
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "SigningKey[" + (sessionToken.isPresent() ? "temporary" : "permanent") + "]";
  }
}
