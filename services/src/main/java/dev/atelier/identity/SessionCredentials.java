package dev.atelier.identity;

import java.time.Instant;

/** Temporary credentials as STS hands them out; the text form hides the secrets. */
public record SessionCredentials(String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {
  @Override
  public String toString() {
    return "SessionCredentials[" + accessKeyId + ", expires " + expiration + "]";
  }
}
