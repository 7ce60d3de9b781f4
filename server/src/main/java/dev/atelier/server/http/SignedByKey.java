package dev.atelier.server.http;

import dev.atelier.identity.Credentials;
import dev.atelier.wire.Headers;
import dev.atelier.wire.SigV4Verifier;
import dev.atelier.wire.SigningKey;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** What paths of Atelier's own have in common: requests signed with a known access key, answers of plain text. */
public final class SignedByKey {
  private SignedByKey() {}

  /** Verifies signatures of the access keys that are known. */
  public static SigV4Verifier verifier(Credentials credentials, Clock clock) {
    return new SigV4Verifier(id -> credentials.find(id).map(known ->
        new SigningKey(known.secretAccessKey(), known.sessionToken(), known.expiresAt())), clock);
  }

  /** An answer that nobody stores. */
  public static WireResponse text(int status, String text) {
    return new WireResponse(status, Headers.of("Content-Type", "text/plain;charset=utf-8", "Cache-Control", "no-store"),
        new WireResponse.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }
}
