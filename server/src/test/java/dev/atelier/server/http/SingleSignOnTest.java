package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import dev.atelier.identity.SingleSignOn;
import dev.atelier.kernel.AccountId;
import dev.atelier.server.door.Egress;
import dev.atelier.server.door.LoopbackHttps;
import dev.atelier.server.door.OutboundCalls;
import dev.atelier.server.http.ConsolePort.Answer;
import dev.atelier.server.tls.OutboundTrust;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in by an OpenID Connect issuer that answers over https, at the console's real port. */
final class SingleSignOnTest {
  @TempDir Path folder;
  private RSAKey key;
  private LoopbackHttps issuer;
  private OutboundCalls calls;
  private TestPlatform platform;
  private ApiFront front;
  private ConsolePort console;
  private UnaryOperator<JWTClaimsSet.Builder> claims = claims -> claims;
  private Map<String, String> asked = Map.of();
  private String code = "";

  @BeforeEach
  void open() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    issuer = new LoopbackHttps(folder.resolve("issuer"));
    issuer.on("/.well-known/openid-configuration", LoopbackHttps.text(200, """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "authorization_endpoint": "%1$s/authorize?tenant=7",
         "token_endpoint": "%1$s/token"}""".formatted(issuer.url())));
    issuer.on("/keys", LoopbackHttps.text(200, new JWKSet(key).toString(true)));
    issuer.on("/token", this::token);
    calls = new OutboundCalls(new Egress(Egress.Mode.NONE, List.of("localhost"), Set.of()),
        OutboundTrust.of(List.of(issuer.authority().toString())));
    platform = new TestPlatform(folder.resolve("data"), calls, Clock.systemUTC(), List.of(new SingleSignOn.Provider(
        "corp", "Example Corp", issuer.url(), "atelier", Optional.of("se/cret"), new AccountId("123456789012"), "email")));
    front = platform.open();
    console = new ConsolePort(front.port());
    assertThat(platform.send("POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"),
        "Action=CreateUser&Version=2010-05-08&UserName=dana@example.org".getBytes(StandardCharsets.UTF_8), "iam")
        .status()).isEqualTo(200);
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    platform.close();
    calls.close();
    issuer.close();
  }

  /** The issuer's answer to a code: good once, and only with the client's secret and the verifier of the challenge. */
  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> sent = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String client = "Basic " + Base64.getEncoder().encodeToString("atelier:se%2Fcret".getBytes(StandardCharsets.UTF_8));
    boolean right = !code.isEmpty() && code.equals(sent.get("code"))
        && client.equals(exchange.getRequestHeaders().getFirst("Authorization"))
        && challenge(sent.get("code_verifier")).equals(asked.get("code_challenge"))
        && asked.get("redirect_uri").equals(sent.get("redirect_uri"));
    code = "";
    LoopbackHttps.text(right ? 200 : 400, right ? "{\"id_token\": \"" + signed() + "\"}" : "{}").handle(exchange);
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String signed() {
    try {
      JWTClaimsSet.Builder told = new JWTClaimsSet.Builder().issuer(issuer.url()).subject("42").audience("atelier")
          .claim("email", "dana@example.org").claim("email_verified", true).claim("nonce", asked.get("nonce"))
          .expirationTime(Date.from(Instant.now().plusSeconds(60)));
      SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
          claims.apply(told).build());
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> form(String text) {
    return Arrays.stream(text.split("&")).map(pair -> pair.split("=", 2)).collect(Collectors.toMap(pair -> pair[0],
        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private Answer visit(String path, String cookie) throws Exception {
    return console.send("GET", path, cookie, "", List.of("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"));
  }

  /** Begins a sign-in as a browser does; returns the cookie that it keeps. */
  private String begin() throws Exception {
    Answer answer = visit("/sso/start?provider=corp", "");
    assertThat(answer.status()).isEqualTo(302);
    URI to = URI.create(answer.header("Location"));
    assertThat(to.toString()).startsWith(issuer.url() + "/authorize?tenant=7&");
    asked = form(to.getRawQuery());
    code = "code-1";
    assertThat(answer.header("Set-Cookie")).contains("__Host-atelier-sso=", "; Secure; HttpOnly; SameSite=Lax");
    return answer.cookie();
  }

  private Answer back(String cookie) throws Exception {
    return visit("/sso/callback?code=code-1&state=" + asked.get("state"), cookie);
  }

  /** That the way back leads to the sign-in, with no session. */
  private void refused(Answer answer, String why) {
    assertThat(answer.body()).contains("/sign-in?refused=" + why);
    assertThat(answer.head()).doesNotContain("__Host-atelier-session");
  }

  @Test
  void whoTheIssuerKnowsIsSignedInAsItsUser() throws Exception {
    assertThat(console.page("GET", "/sso", "", "").body()).contains("\"id\":\"corp\"", "\"label\":\"Example Corp\"")
        .doesNotContain("cret", "https://");
    String cookie = begin();
    assertThat(asked).containsEntry("response_type", "code").containsEntry("client_id", "atelier")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("redirect_uri", "http://" + console.host() + "/sso/callback");
    Answer answer = back(cookie);
    assertThat(answer.status()).isEqualTo(200);
    String session = Arrays.stream(answer.head().split("\r\n")).filter(line -> line.contains("__Host-atelier-session="))
        .map(line -> line.substring(line.indexOf("__Host"), line.indexOf(';'))).findFirst().orElseThrow();
    assertThat(answer.body()).contains("url=/\"").doesNotContain("code-1");
    assertThat(console.page("GET", "/session", session, "").body()).contains("\"user\":\"dana@example.org\"");
    refused(back(cookie), "SsoFailed");
  }

  @Test
  void onlyTheBrowserThatBeganItFinishesIt() throws Exception {
    String cookie = begin();
    refused(back(""), "SsoFailed");
    String other = begin();
    Map<String, String> second = asked;
    refused(visit("/sso/callback?code=code-1&state=" + second.get("state"), cookie), "SsoFailed");
    refused(visit("/sso/callback?code=code-1&state=", other), "SsoFailed");
    refused(visit("/sso/callback?code=wrong&state=" + second.get("state"), other), "SsoFailed");
    refused(visit("/sso/callback", "__Host-atelier-sso=AAAA"), "SsoFailed");
    refused(visit("/sso/start?provider=other", ""), "SsoFailed");
  }

  @Test
  void aTokenForSomethingElseSignsNobodyIn() throws Exception {
    Map<String, UnaryOperator<JWTClaimsSet.Builder>> wrong = Map.of(
        "audience", told -> told.audience("others"),
        "issuer", told -> told.issuer("https://elsewhere.example.org"),
        "nonce", told -> told.claim("nonce", "of another sign-in"),
        "party", told -> told.claim("azp", "others"),
        "expired", told -> told.expirationTime(Date.from(Instant.now().minusSeconds(1))));
    for (Map.Entry<String, UnaryOperator<JWTClaimsSet.Builder>> each : wrong.entrySet()) {
      claims = each.getValue();
      String cookie = begin();
      assertThat(back(cookie).body()).as(each.getKey()).contains("refused=SsoFailed");
    }
    RSAKey own = key;
    claims = told -> told;
    String cookie = begin();
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    refused(back(cookie), "SsoFailed");
    key = own;
  }

  @Test
  void whoHasNoUserIsToldSo() throws Exception {
    claims = told -> told.claim("email", "eve@example.org");
    String cookie = begin();
    refused(back(cookie), "SsoNoUser");
    claims = told -> told.claim("email_verified", false);
    cookie = begin();
    refused(back(cookie), "SsoNoUser");
  }
}
