package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * What stands behind an access key id; the text form hides the secrets.
 *
 * @param sessionToken what temporary credentials must send along
 * @param expiresAt when temporary credentials end
 * @param facts what a session carries
 */
public record Credential(
    AccountId account,
    Identity identity,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiresAt,
    SessionFacts facts) {
  @Override
  public String toString() {
    return "Credential[" + account + ", " + identity + "]";
  }
}
