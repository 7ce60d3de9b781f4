package dev.atelier.wire;

import java.time.Instant;
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

  /** Shows no secret. */
  @Override
  public String toString() {
    return "SigningKey[" + (sessionToken.isPresent() ? "temporary" : "permanent") + "]";
  }
}
