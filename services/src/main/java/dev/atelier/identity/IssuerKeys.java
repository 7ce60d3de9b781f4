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

/**
 * The public keys of OpenID Connect issuers. One request at a time asks an issuer; what came of it, a failure too, holds
 * for a while, so that tokens cannot make the server ask without end or keep many requests waiting for one that hangs.
 */
final class IssuerKeys {
  private static final int MOST_BYTES = 256 << 10;
  private static final Duration KEPT = Duration.ofMinutes(5);
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

  private final class Issuer {
    private final String name;
    private Instant asked = Instant.MIN;
    private Optional<JWKSet> set = Optional.empty();
    private Optional<Fault> failure = Optional.empty();

    Issuer(String name) {
      this.name = name;
    }

    synchronized JWKSet keys(Optional<String> keyId) {
      Instant now = clock.instant();
      boolean has = set.isPresent() && keyId.map(id -> set.get().getKeyByKeyId(id) != null).orElse(true);
      Instant again = asked.equals(Instant.MIN) ? now : asked.plus(has && failure.isEmpty() ? KEPT : BETWEEN_READS);
      if (!now.isBefore(again)) {
        read(now);
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      return set.orElseThrow();
    }

    private void read(Instant now) {
      try {
        set = Optional.of(fetch());
        failure = Optional.empty();
      } catch (Fault e) {
        failure = Optional.of(e);
      }
      asked = clock.instant().isAfter(now) ? clock.instant() : now;
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
