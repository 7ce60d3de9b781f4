package dev.atelier.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What holds of every token of an OpenID Connect issuer, whoever shows it: its signature, and its times. */
final class TokenChecks {
  private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
      JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

  private final IssuerKeys keys;
  private final Clock clock;

  TokenChecks(IssuerKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** @throws Fault InvalidIdentityToken or ExpiredTokenException */
  void times(JWTClaimsSet claims) {
    Instant now = clock.instant();
    if (claims.getExpirationTime() == null) {
      throw invalid("Missing a required claim: exp");
    }
    Instant expires = claims.getExpirationTime().toInstant();
    if (!now.isBefore(expires)) {
      throw new Fault("ExpiredTokenException", 400, "Token expired: current date/time " + now.getEpochSecond()
          + " must be before the expiration date/time " + expires.getEpochSecond());
    }
    if (claims.getNotBeforeTime() != null && now.plusSeconds(300).isBefore(claims.getNotBeforeTime().toInstant())) {
      throw invalid("Token is not valid yet");
    }
  }

  /** @throws Fault InvalidIdentityToken or IDPCommunicationError */
  void signature(SignedJWT jwt, String issuer) {
    if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
      throw invalid("Unsupported signature algorithm");
    }
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
        jwt.getHeader().getAlgorithm(), new ImmutableJWKSet<>(
        keys.of(issuer, Optional.ofNullable(jwt.getHeader().getKeyID())))));
    // the claims are checked here, by our own clock
    processor.setJWTClaimsSetVerifier((claims, context) -> { });
    try {
      processor.process(jwt, null);
    } catch (BadJOSEException | JOSEException e) {
      throw invalid("Couldn't verify the token's signature with the keys of your identity provider");
    }
  }

  static Fault invalid(String message) {
    return new Fault("InvalidIdentityToken", 400, message);
  }
}
