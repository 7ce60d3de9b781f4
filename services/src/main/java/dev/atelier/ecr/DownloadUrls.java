package dev.atelier.ecr;

import dev.atelier.metadata.Secrets;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** Addresses from which a layer can be fetched for an hour by whoever has them. */
public final class DownloadUrls {
  /** Where they lie on the server; no repository's name begins so. */
  public static final String PATH = "/v2/_layers/";
  private static final String CONTEXT = "ecr-layer-download";
  private static final Duration VALID = Duration.ofHours(1);

  private final Secrets secrets;
  private final Supplier<URI> server;
  private final Clock clock;

  DownloadUrls(Secrets secrets, Supplier<URI> server, Clock clock) {
    this.secrets = secrets;
    this.server = server;
    this.clock = clock;
  }

  /** What an address leads to. */
  record Target(String repository, String digest) {}

  String of(Repository repository, String digest) {
    String text = clock.instant().plus(VALID).getEpochSecond() + " " + repository.id() + " " + digest;
    String sealed = secrets.seal(text.getBytes(StandardCharsets.UTF_8), CONTEXT);
    return server.get().resolve(PATH) + Base64.getUrlEncoder().withoutPadding()
        .encodeToString(sealed.getBytes(StandardCharsets.US_ASCII));
  }

  /** What a token of the path means; empty for one that was not made here, or is too old. */
  Optional<Target> read(String token) {
    try {
      String sealed = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
      String[] parts = new String(secrets.unseal(sealed, CONTEXT), StandardCharsets.UTF_8).split(" ");
      boolean valid = Instant.ofEpochSecond(Long.parseLong(parts[0])).isAfter(clock.instant());
      return valid ? Optional.of(new Target(parts[1], parts[2])) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
