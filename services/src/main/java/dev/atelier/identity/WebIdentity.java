package dev.atelier.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PrincipalMatch;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** AssumeRoleWithWebIdentity: a token of an OpenID Connect issuer stands in for AWS credentials. */
final class WebIdentity {
  private final RecordStore records;
  private final Sessions sessions;
  private final TokenChecks checks;
  private final Clock clock;

  WebIdentity(RecordStore records, Sessions sessions, Outbound outbound, Clock clock) {
    this.records = records;
    this.sessions = sessions;
    this.checks = new TokenChecks(new IssuerKeys(outbound, clock), clock);
    this.clock = clock;
  }

  /**
   * What a verified token says.
   *
   * @param audience the party that the token was issued to ({@code azp}) where it names one, else its audience
   * @param otherAudience its audience where it names that party
   */
  record Verified(Entry<Providers.Oidc> provider, String issuer, String subject, List<String> audience,
      List<String> amr, List<String> otherAudience) {}

  /**
   * Issues a session of the role for the holder of the token.
   *
   * @throws Fault InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError or AccessDenied
   */
  Sessions.RoleSession assume(
      Arn roleArn, String sessionName, Verified token, List<String> policies, Duration duration, Partition partition) {
    Optional<Role> role = sessions.find(roleArn);
    String provider = Providers.arn(partition, Kind.OIDC_PROVIDER, token.provider());
    Map<String, List<String>> context = new HashMap<>();
    context.put(PrincipalMatch.FEDERATED, List.of(provider));
    context.put("sts:rolesessionname", List.of(sessionName));
    String prefix = token.provider().name() + ":";
    context.put(prefix + "sub", List.of(token.subject()));
    context.put(prefix + "aud", token.audience());
    if (!token.otherAudience().isEmpty()) {
      context.put(prefix + "oaud", token.otherAudience());
    }
    if (!token.amr().isEmpty()) {
      context.put(prefix + "amr", token.amr());
    }
    RequestContext request =
        new RequestContext("sts:AssumeRoleWithWebIdentity", roleArn.toString(), context);
    boolean trusted = role.filter(each -> PolicyEvaluator.trusts(
        PolicyDocument.parse(each.trust(), PolicyDocument.Kind.TRUST), request)).isPresent();
    if (!trusted) {
      throw new Fault("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    if (duration.compareTo(role.get().maxSession()) > 0) {
      throw new Fault("ValidationError", 400,
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return new Sessions.RoleSession(sessions.ofRole(role.get(), sessionName, policies, duration,
        new SessionFacts(Map.of(), List.of(), "", clock.instant().getEpochSecond(), false, provider)), role.get());
  }

  /** Checks signature, issuer, audience and times of a token for a provider of the account. */
  Verified verify(AccountId account, String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (claims == null || claims.getIssuer() == null || claims.getSubject() == null) {
        throw TokenChecks.invalid("Missing a required claim: " + (claims == null || claims.getIssuer() == null ? "iss" : "sub"));
      }
      Entry<Providers.Oidc> provider = provider(account, claims.getIssuer());
      checks.signature(jwt, claims.getIssuer());
      checks.times(claims);
      List<String> audience = new ArrayList<>(claims.getAudience());
      List<String> other = List.of();
      if (claims.getStringClaim("azp") != null) {
        other = audience;
        audience = List.of(claims.getStringClaim("azp"));
      }
      if (audience.stream().noneMatch(provider.value().clients()::contains)) {
        throw TokenChecks.invalid("Incorrect token audience");
      }
      List<String> amr = claims.getStringListClaim("amr");
      return new Verified(provider, claims.getIssuer(), claims.getSubject(), audience,
          amr == null ? List.of() : amr, other);
    } catch (ParseException e) {
      throw TokenChecks.invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
    }
  }

  private Entry<Providers.Oidc> provider(AccountId account, String issuer) {
    String name = issuer.startsWith("https://") ? issuer.substring("https://".length()).replaceAll("/+$", "") : "";
    return records.find(account, Kind.OIDC_PROVIDER, name, Providers.Oidc.class)
        .orElseThrow(() -> TokenChecks.invalid("No OpenIDConnect provider found in your account for " + issuer));
  }
}
