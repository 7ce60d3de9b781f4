package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpHandler;
import dev.atelier.server.door.Egress;
import dev.atelier.server.door.LoopbackHttps;
import dev.atelier.server.door.OutboundCalls;
import dev.atelier.server.tls.OutboundTrust;
import dev.atelier.wire.WireResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AssumeRoleWithWebIdentity with tokens of an issuer that serves its keys over https. */
final class WebIdentityTest {
  private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final String ROLE = "arn:aws:iam::123456789012:role/web";

  @TempDir Path folder;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<HttpHandler> keysAnswer = new AtomicReference<>();
  private final Clock clock = Clock.systemUTC();
  private RSAKey rsa;
  private ECKey ec;
  private LoopbackHttps issuer;
  private OutboundCalls calls;
  private TestPlatform platform;

  @BeforeEach
  void open() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    issuer = new LoopbackHttps(folder.resolve("issuer"));
    issuer.on("/.well-known/openid-configuration", LoopbackHttps.text(200,
        "{\"issuer\":\"" + issuer.url() + "\",\"jwks_uri\":\"" + issuer.url() + "/keys\"}"));
    issuer.on("/keys", exchange -> keysAnswer.get().handle(exchange));
    serve(rsa, ec);
    calls = new OutboundCalls(new Egress(Egress.Mode.NONE, List.of("localhost"), Set.of()),
        OutboundTrust.of(List.of(issuer.authority().toString())));
    platform = new TestPlatform(folder.resolve("data"), calls, new Moved());
    assertThat(iam("CreateOpenIDConnectProvider",
        Map.of("Url", issuer.url(), "ClientIDList.member.1", "me", "ClientIDList.member.2", "app")).status())
        .isEqualTo(200);
    role("web", "{\"StringEquals\":{\"" + host() + ":aud\":\"me\",\"" + host() + ":sub\":\"ann\"}}");
  }

  @AfterEach
  void close() throws Exception {
    platform.close();
    calls.close();
    issuer.close();
  }

  private final class Moved extends Clock {
    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return clock.instant().plus(ahead.get());
    }
  }

  private String host() {
    return issuer.url().substring("https://".length());
  }

  private void serve(JWK... keys) {
    keysAnswer.set(LoopbackHttps.text(200, new JWKSet(List.of(keys)).toString(true)));
  }

  private WireResponse iam(String action, Map<String, String> parameters) {
    Map<String, String> all = new LinkedHashMap<>(Map.of("Action", action, "Version", "2010-05-08"));
    all.putAll(parameters);
    return platform.send("POST", "/", FORM, form(all), "iam");
  }

  private void role(String name, String condition) {
    String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
        + "\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Principal\":{\"Federated\":"
        + "\"arn:aws:iam::123456789012:oidc-provider/" + host() + "\"},\"Condition\":" + condition + "}]}";
    assertThat(iam("CreateRole", Map.of("RoleName", name, "AssumeRolePolicyDocument", trust)).status()).isEqualTo(200);
  }

  private static byte[] form(Map<String, String> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&").append(name).append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private WireResponse assume(String role, String token) {
    return platform.sendUnsigned("POST", "/", FORM, form(Map.of("Action", "AssumeRoleWithWebIdentity", "Version",
        "2011-06-15", "RoleArn", role, "RoleSessionName", "session", "WebIdentityToken", token)));
  }

  private static String text(WireResponse response) {
    return new String(((WireResponse.Bytes) response.body()).value(), StandardCharsets.UTF_8);
  }

  private JWTClaimsSet.Builder claims() {
    Instant now = clock.instant().plus(ahead.get());
    return new JWTClaimsSet.Builder().issuer(issuer.url()).subject("ann").audience("me")
        .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(600)));
  }

  private String rs256(JWTClaimsSet claims) throws Exception {
    return signed(claims, rsa);
  }

  private static String signed(JWTClaimsSet claims, RSAKey key) throws Exception {
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private void refused(WireResponse response, int status, String code, String part) {
    assertThat(response.status()).as(text(response)).isEqualTo(status);
    assertThat(text(response)).contains("<Code>" + code + "</Code>").contains(part);
  }

  private void invalid(UnaryOperator<JWTClaimsSet.Builder> change, String part) throws Exception {
    refused(assume(ROLE, rs256(change.apply(claims()).build())), 400, "InvalidIdentityToken", part);
  }

  @Test
  void anUnsignedRequestWithAnRsaTokenGetsASession() throws Exception {
    WireResponse answer = assume(ROLE, rs256(claims().build()));
    assertThat(answer.status()).as(text(answer)).isEqualTo(200);
    assertThat(text(answer)).contains("<SubjectFromWebIdentityToken>ann</SubjectFromWebIdentityToken>",
        "<Audience>me</Audience>", "<Provider>" + issuer.url() + "</Provider>", "<AccessKeyId>ASIA",
        "arn:aws:sts::123456789012:assumed-role/web/session");
  }

  @Test
  void aTokenOfAnEllipticCurveIsTaken() throws Exception {
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims().build());
    jwt.sign(new ECDSASigner(ec));
    assertThat(assume(ROLE, jwt.serialize()).status()).isEqualTo(200);
  }

  @Test
  void claimsMustFitTheProviderAndTheTime() throws Exception {
    invalid(claims -> claims.audience("other"), "Incorrect token audience");
    invalid(claims -> claims.audience((String) null), "Incorrect token audience");
    invalid(claims -> claims.claim("azp", "other"), "Incorrect token audience");
    invalid(claims -> claims.issuer("https://other.example"), "No OpenIDConnect provider found in your account for");
    invalid(claims -> claims.issuer(issuer.url().replace("https:", "http:")), "No OpenIDConnect provider found");
    invalid(claims -> claims.issuer(null), "Missing a required claim: iss");
    invalid(claims -> claims.subject(null), "Missing a required claim: sub");
    invalid(claims -> claims.expirationTime(null), "Missing a required claim: exp");
    invalid(claims -> claims.notBeforeTime(Date.from(clock.instant().plusSeconds(3_600))), "not valid yet");
    refused(assume(ROLE, rs256(claims().expirationTime(Date.from(clock.instant().minusSeconds(5))).build())), 400,
        "ExpiredTokenException", "must be before the expiration date/time");
  }

  @Test
  void whatTheIssuerDidNotSignIsRefused() throws Exception {
    String good = rs256(claims().build());
    String[] parts = good.split("\\.");
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
        .replace("\"ann\"", "\"eve\"");
    String tampered = parts[0] + "." + Base64.getUrlEncoder().withoutPadding()
        .encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
    refused(assume(ROLE, tampered), 400, "InvalidIdentityToken", "signature");
    RSAKey other = new RSAKeyGenerator(2048).keyID("rsa").generate();
    refused(assume(ROLE, signed(claims().build(), other)), 400, "InvalidIdentityToken", "signature");
    RSAKey unknown = new RSAKeyGenerator(2048).keyID("unknown").generate();
    refused(assume(ROLE, signed(claims().build(), unknown)), 400, "InvalidIdentityToken", "signature");
    refused(assume(ROLE, new PlainJWT(claims().build()).serialize()), 400, "InvalidIdentityToken", "not a valid JWT");
    for (byte[] secret : List.of(rsa.toRSAPublicKey().getEncoded(), rsa.toPublicJWK().toJSONString()
        .getBytes(StandardCharsets.UTF_8))) {
      SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(), claims().build());
      jwt.sign(new MACSigner(secret));
      refused(assume(ROLE, jwt.serialize()), 400, "InvalidIdentityToken", "Unsupported signature algorithm");
    }
    refused(assume(ROLE, "not.a.token"), 400, "InvalidIdentityToken", "not a valid JWT");
    // a key that the token brings along proves nothing
    SignedJWT own = new SignedJWT(
        new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(unknown.toPublicJWK()).build(), claims().build());
    own.sign(new RSASSASigner(unknown));
    refused(assume(ROLE, own.serialize()), 400, "InvalidIdentityToken", "signature");
  }

  @Test
  void theTrustPolicysConditionsDecide() throws Exception {
    refused(assume(ROLE, rs256(claims().subject("eve").build())), 403, "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    refused(assume(ROLE, rs256(claims().audience("app").build())), 403, "AccessDenied", "Not authorized");
    refused(assume(ROLE + "-absent", rs256(claims().build())), 403, "AccessDenied", "Not authorized");
    role("presented", "{\"StringEquals\":{\"" + host() + ":aud\":\"app\",\"" + host() + ":oaud\":\"me\"}}");
    WireResponse presented =
        assume("arn:aws:iam::123456789012:role/presented", rs256(claims().claim("azp", "app").build()));
    assertThat(presented.status()).as(text(presented)).isEqualTo(200);
  }

  @Test
  void anIssuerThatCannotBeAskedIsNamed() throws Exception {
    keysAnswer.set(LoopbackHttps.text(503, "out of order"));
    refused(assume(ROLE, rs256(claims().build())), 400, "IDPCommunicationError", "status 503");
    // asked again only after a while
    keysAnswer.set(LoopbackHttps.text(200, "no keys"));
    refused(assume(ROLE, rs256(claims().build())), 400, "IDPCommunicationError", "status 503");
    ahead.set(Duration.ofSeconds(20));
    refused(assume(ROLE, rs256(claims().build())), 400, "InvalidIdentityToken", "Couldn't retrieve verification key");
    keysAnswer.set(LoopbackHttps.text(200, " ".repeat(300_000) + "{}"));
    ahead.set(Duration.ofSeconds(40));
    refused(assume(ROLE, rs256(claims().build())), 400, "IDPCommunicationError", "cannot be asked");
    serve(rsa);
    ahead.set(Duration.ofSeconds(60));
    assertThat(assume(ROLE, rs256(claims().build())).status()).isEqualTo(200);
  }

  @Test
  void aNewKeyOfTheIssuersIsFoundSoonAndOldOnesAreForgotten() throws Exception {
    assertThat(assume(ROLE, rs256(claims().build())).status()).isEqualTo(200);
    RSAKey next = new RSAKeyGenerator(2048).keyID("next").generate();
    serve(next);
    refused(assume(ROLE, signed(claims().build(), next)), 400, "InvalidIdentityToken", "signature");
    ahead.set(Duration.ofSeconds(30));
    assertThat(assume(ROLE, signed(claims().build(), next)).status()).isEqualTo(200);
    refused(assume(ROLE, rs256(claims().build())), 400, "InvalidIdentityToken", "signature");
  }
}
