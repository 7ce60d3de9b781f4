package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWKSet;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The public keys of OpenID Connect issuers. One request at a time asks an issuer; what came of it, a failure too, holds
 * for a while, so that tokens cannot make the server ask without end. Whoever has a known key neither waits for another
 * request's reading nor is refused because one failed.
 */
final class IssuerKeys {
  private static final int MOST_BYTES = 256 << 10;
  private static final Duration KEPT = Duration.ofMinutes(5);
  /** For how long keys still serve when the issuer answers no more. */
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration BETWEEN_READS = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Outbound outbound;
  private final Clock clock;
  private final Cache<String, Issuer> issuers = Caffeine.newBuilder().maximumSize(1_000).build();

  IssuerKeys(Outbound outbound, Clock clock) {
    this.outbound = outbound;
    this.clock = clock;
  }

  /**
   * The issuer's keys; read anew when they are old, and sooner when none of them has this id.
   *
   * @throws Fault InvalidIdentityToken or IDPCommunicationError: the issuer gives none
   */
  JWKSet of(String issuer, Optional<String> keyId) {
    return issuers.get(issuer, Issuer::new).keys(keyId);
  }

  /**
   * What is known of an issuer.
   *
   * @param set the keys of the last reading that came to something, at {@code readAt}
   * @param asked when the issuer was read last, with keys or a failure
   */
  private record Known(Optional<JWKSet> set, Instant readAt, Instant asked, Optional<Fault> failure) {
    boolean has(Instant now, Optional<String> keyId) {
      return set.isPresent() && now.isBefore(readAt.plus(LONGEST))
          && keyId.map(id -> set.get().getKeyByKeyId(id) != null).orElse(true);
    }

    boolean due(Instant now, Optional<String> keyId) {
      if (has(now, keyId) && now.isBefore(readAt.plus(KEPT))) {
        return false;
      }
      return asked.equals(Instant.MIN) || !now.isBefore(asked.plus(BETWEEN_READS));
    }

    JWKSet answer(Instant now, Optional<String> keyId) {
      if (failure.isPresent() && !has(now, keyId)) {
        throw failure.get();
      }
      return set.orElseThrow();
    }
  }

  private final class Issuer {
    private final String name;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Known known = new Known(Optional.empty(), Instant.MIN, Instant.MIN, Optional.empty());

    Issuer(String name) {
      this.name = name;
    }

    JWKSet keys(Optional<String> keyId) {
      Instant now = clock.instant();
      Known seen = known;
      return (seen.due(now, keyId) ? newer(seen.has(now, keyId), keyId) : seen).answer(now, keyId);
    }

    /** One looks whether there are newer keys; whoever has its key does not wait for another's look. */
    private Known newer(boolean has, Optional<String> keyId) {
      if (!has) {
        reading.lock();
      } else if (!reading.tryLock()) {
        return known;
      }
      try {
        if (known.due(clock.instant(), keyId)) {
          known = read();
        }
        return known;
      } finally {
        reading.unlock();
      }
    }

    private Known read() {
      try {
        JWKSet set = fetch();
        return new Known(Optional.of(set), clock.instant(), clock.instant(), Optional.empty());
      } catch (Fault e) {
        return new Known(known.set(), known.readAt(), clock.instant(), Optional.of(e));
      }
    }

    private JWKSet fetch() {
      try {
        JsonNode discovery = JSON.readTree(outbound.get(
            URI.create(name.replaceAll("/+$", "") + "/.well-known/openid-configuration"), MOST_BYTES));
        if (!discovery.path("issuer").asText().equals(name)) {
          throw new Fault("InvalidIdentityToken", 400,
              "The issuer of the discovery document is not that of the token");
        }
        return JWKSet.parse(new String(
            outbound.get(URI.create(discovery.path("jwks_uri").asText()), MOST_BYTES), StandardCharsets.UTF_8));
      } catch (JsonProcessingException | IllegalArgumentException | ParseException e) {
        throw new Fault("InvalidIdentityToken", 400, "Couldn't retrieve verification key from your identity provider, "
            + "please reference AssumeRoleWithWebIdentity documentation for requirements");
      } catch (IOException e) {
        throw new Fault("IDPCommunicationError", 400,
            "Couldn't retrieve verification key from your identity provider: " + e.getMessage());
      }
    }
  }
}
