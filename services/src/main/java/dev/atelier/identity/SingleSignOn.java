package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Signs users in whom an OpenID Connect issuer knows: authorisation code with PKCE. Which IAM user somebody is follows
 * from one claim of the issuer's token; no user is made on the way. What a sign-in needs to be finished lies sealed with
 * the browser that began it, so that nobody else can finish it, and the server keeps nothing.
 */
public final class SingleSignOn {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int MOST_BYTES = 256 << 10;
  private static final String SEAL = "single-sign-on";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Provider> providers;
  private final ConsoleSessions sessions;
  private final IdentityStore identities;
  private final Secrets secrets;
  private final Outbound outbound;
  private final TokenChecks checks;
  private final Clock clock;
  private final Cache<String, Endpoints> discovered =
      Caffeine.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofMinutes(5)).build();

  SingleSignOn(List<Provider> providers, ConsoleSessions sessions, IdentityStore identities, Secrets secrets,
      Outbound outbound, Clock clock) {
    this.providers = providers;
    this.sessions = sessions;
    this.identities = identities;
    this.secrets = secrets;
    this.outbound = outbound;
    this.checks = new TokenChecks(new IssuerKeys(outbound, clock), clock);
    this.clock = clock;
  }

  /**
   * An issuer whose people may sign in.
   *
   * @param id names it in addresses
   * @param label what people call it
   * @param secret the client's, where it has one
   * @param claim holds the name of the IAM user in the account
   */
  public record Provider(
      String id, String label, String issuer, String clientId, Optional<String> secret, AccountId account, String claim) {
    @Override
    public String toString() {
      return "Provider[" + id + "]";
    }
  }

  /**
   * A sign-in that has begun.
   *
   * @param to where the browser goes on
   * @param kept what the browser keeps until it comes back, and shows to nobody
   */
  public record Begun(URI to, String kept) {
    @Override
    public String toString() {
      return "Begun";
    }
  }

  private record Endpoints(String authorization, String token) {}

  private record Pending(String provider, String nonce, String verifier, long expiresAt) {}

  public List<Provider> providers() {
    return providers;
  }

  /**
   * Begins a sign-in.
   *
   * @param callback where the issuer sends the browser back to
   * @throws Fault SsoUnavailable when the issuer does not answer as one
   */
  public Begun begin(String id, URI callback) {
    Provider provider = provider(id);
    Pending pending = new Pending(id, SecretToken.fresh(), SecretToken.fresh(),
        clock.instant().plus(LIFE).getEpochSecond());
    String kept = Base64.getUrlEncoder().withoutPadding().encodeToString(
        secrets.seal(bytes(pending), SEAL).getBytes(StandardCharsets.US_ASCII));
    String query = form(Map.of("response_type", "code", "client_id", provider.clientId(), "redirect_uri",
        callback.toString(), "scope", "openid email profile", "state", state(kept), "nonce", pending.nonce(),
        "code_challenge", digest(pending.verifier()), "code_challenge_method", "S256"));
    String authorization = endpoints(provider).authorization();
    return new Begun(URI.create(authorization + (authorization.contains("?") ? "&" : "?") + query), kept);
  }

  /**
   * Finishes a sign-in.
   *
   * @param kept what {@link #begin} gave the same browser
   * @throws Fault SsoFailed, SsoUnavailable, or SsoNoUser when the account has no user of that name
   */
  public ConsoleSessions.Issued finish(String kept, String state, String code, URI callback) {
    Pending pending = pending(kept, state);
    Provider provider = provider(pending.provider());
    JWTClaimsSet claims = verified(provider, pending, token(provider, pending, code, callback));
    String name = name(provider, claims);
    User user = identities.findUser(provider.account(), name).orElseThrow(() -> new Fault("SsoNoUser", 403,
        "The account has no user " + name + ". An administrator makes it (iam:CreateUser)."));
    return sessions.begin(user, amr(claims).contains("mfa"));
  }

  private Provider provider(String id) {
    return providers.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow(SingleSignOn::failed);
  }

  private Pending pending(String kept, String state) {
    try {
      byte[] opened = secrets.unseal(new String(Base64.getUrlDecoder().decode(kept), StandardCharsets.US_ASCII), SEAL);
      JsonNode json = JSON.readTree(opened);
      Pending pending = new Pending(json.path("provider").asText(), json.path("nonce").asText(),
          json.path("verifier").asText(), json.path("expiresAt").asLong());
      if (MessageDigest.isEqual(state(kept).getBytes(StandardCharsets.US_ASCII),
          state.getBytes(StandardCharsets.UTF_8)) && clock.instant().isBefore(Instant.ofEpochSecond(pending.expiresAt()))) {
        return pending;
      }
    } catch (IOException | RuntimeException notSealedHere) {
      // answered as any other state that was not begun here
    }
    throw failed();
  }

  private static byte[] bytes(Pending pending) {
    try {
      return JSON.writeValueAsBytes(Map.of("provider", pending.provider(), "nonce", pending.nonce(), "verifier",
          pending.verifier(), "expiresAt", pending.expiresAt()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Endpoints endpoints(Provider provider) {
    return discovered.get(provider.issuer(), issuer -> {
      try {
        JsonNode found = JSON.readTree(outbound.get(
            URI.create(issuer.replaceAll("/+$", "") + "/.well-known/openid-configuration"), MOST_BYTES));
        String authorization = found.path("authorization_endpoint").asText();
        if (found.path("issuer").asText().equals(issuer) && authorization.startsWith("https://")) {
          return new Endpoints(authorization, found.path("token_endpoint").asText());
        }
      } catch (IOException | IllegalArgumentException e) {
        throw new Fault("SsoUnavailable", 503, "The identity provider cannot be asked: " + e.getMessage());
      }
      throw new Fault("SsoUnavailable", 503, "The identity provider does not describe itself as one.");
    });
  }

  private String token(Provider provider, Pending pending, String code, URI callback) {
    String form = form(Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", callback.toString(),
        "client_id", provider.clientId(), "code_verifier", pending.verifier()));
    Optional<String> client = provider.secret().map(secret -> "Basic " + Base64.getEncoder().encodeToString(
        (encoded(provider.clientId()) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8)));
    try {
      return JSON.readTree(outbound.post(URI.create(endpoints(provider).token()), form, client, MOST_BYTES))
          .path("id_token").asText();
    } catch (IOException | IllegalArgumentException e) {
      // whoever brings a code that the issuer refuses is no failure of the issuer's; what it says is not for the browser
      throw failed();
    }
  }

  private JWTClaimsSet verified(Provider provider, Pending pending, String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      boolean ours = provider.issuer().equals(claims.getIssuer()) && claims.getAudience().contains(provider.clientId())
          && pending.nonce().equals(claims.getStringClaim("nonce"))
          && (claims.getStringClaim("azp") == null || claims.getStringClaim("azp").equals(provider.clientId()));
      if (!ours) {
        throw failed();
      }
      checks.signature(jwt, provider.issuer());
      checks.times(claims);
      return claims;
    } catch (ParseException e) {
      throw failed();
    } catch (Fault fault) {
      throw fault.code().equals("IDPCommunicationError")
          ? new Fault("SsoUnavailable", 503, fault.getMessage()) : failed();
    }
  }

  /** The name of the IAM user: an e-mail address counts only where the issuer has verified it. */
  private static String name(Provider provider, JWTClaimsSet claims) {
    boolean proven = !provider.claim().equals("email") || Boolean.TRUE.equals(claims.getClaim("email_verified"));
    if (proven && claims.getClaim(provider.claim()) instanceof String name && !name.isEmpty()) {
      return name;
    }
    throw new Fault("SsoNoUser", 403, "The identity provider does not say who this is (" + provider.claim() + ").");
  }

  private static List<?> amr(JWTClaimsSet claims) {
    return claims.getClaim("amr") instanceof List<?> methods ? methods : List.of();
  }

  private static Fault failed() {
    return new Fault("SsoFailed", 403, "The sign-in was not begun here, took too long, or was not confirmed.");
  }

  private static String state(String kept) {
    return digest("state " + kept);
  }

  private static String digest(String text) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String form(Map<String, String> values) {
    return values.entrySet().stream().map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
