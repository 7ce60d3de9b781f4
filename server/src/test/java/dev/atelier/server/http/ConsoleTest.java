package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.server.http.ConsolePort.Answer;
import dev.atelier.wire.SigV4Signer;
import dev.atelier.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's host at a real port: sessions, and AWS's protocols with a session in place of a signature. */
final class ConsoleTest {
  private static final String ACCOUNT = "123456789012";
  private static final String PASSWORD = "Correct-horse-9";
  private static final String POLICY = """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Sid": "NoSecrets", "Effect": "Deny", "Action": ["s3:GetObject", "s3:DeleteObject"],
         "Resource": "arn:aws:s3:::reports/secret/*"},
        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
         "Condition": {"StringEquals": {"aws:username": "dana"}, "IpAddress": {"aws:SourceIp": "127.0.0.0/8"},
           "Bool": {"aws:SecureTransport": "false", "aws:MultiFactorAuthPresent": "false"}}}]}""";

  private Path data;
  private TestPlatform platform;
  private ApiFront front;
  private ConsolePort console;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    data = folder.resolve("data");
    start();
    iam("Action=CreateUser&UserName=dana");
    iam("Action=PutUserPolicy&UserName=dana&PolicyName=data&PolicyDocument=" + ConsolePort.encoded(POLICY));
    iam("Action=CreateLoginProfile&UserName=dana&Password=" + PASSWORD);
    s3("PUT", "/reports", "");
    s3("PUT", "/reports/open/a.txt", "open text");
    s3("PUT", "/reports/secret/b.txt", "secret text");
  }

  private void start() throws Exception {
    platform = new TestPlatform(data);
    front = platform.open();
    console = new ConsolePort(front.port());
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    platform.close();
  }

  private String iam(String form) {
    byte[] body = (form + "&Version=2010-05-08").getBytes(StandardCharsets.UTF_8);
    WireResponse answer =
        platform.send("POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"), body, "iam");
    assertThat(answer.status()).as(form).isEqualTo(200);
    return new String(((WireResponse.Bytes) answer.body()).value(), StandardCharsets.UTF_8);
  }

  private void s3(String method, String path, String body) {
    assertThat(platform.send(method, path, Map.of(), body.getBytes(StandardCharsets.UTF_8), "s3").status())
        .as(path).isEqualTo(200);
  }

  private Answer signIn(String account, String user, String password) throws Exception {
    return console.page("POST", "/session", "", """
        {"account": "%s", "user": "%s", "password": "%s"}""".formatted(account, user, password));
  }

  private String cookie() throws Exception {
    return signIn(ACCOUNT, "dana", PASSWORD).cookie();
  }

  @Test
  void theRightPasswordSignsInAndTheCookieIsOutOfReach() throws Exception {
    Answer answer = signIn(ACCOUNT, "dana", PASSWORD);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"arn\":\"arn:aws:iam::123456789012:user/dana\"").doesNotContain(PASSWORD);
    assertThat(answer.header("Set-Cookie")).startsWith("__Host-atelier-session=")
        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age=43200")
        .doesNotContain("Domain");
    assertThat(console.page("GET", "/session", answer.cookie(), "").body()).contains("\"user\":\"dana\"");
  }

  @Test
  void aKeyWithDotsIsReadAsItIs() throws Exception {
    s3("PUT", "/other", "");
    s3("PUT", "/reports/../other/a.txt", "of reports");
    String cookie = cookie();
    String exact = Base64.getEncoder().encodeToString("/reports/../other/a.txt".getBytes(StandardCharsets.US_ASCII));
    assertThat(console.page("GET", "/aws/s3/", cookie, "", "X-Atelier-Path: " + exact).body()).isEqualTo("of reports");
    for (String wrong : List.of("!", "", "bm8=", Base64.getEncoder().encodeToString("/a b".getBytes(StandardCharsets.US_ASCII)))) {
      assertThat(console.page("GET", "/aws/s3/", cookie, "", "X-Atelier-Path: " + wrong).status()).isEqualTo(400);
    }
  }

  @Test
  void aDeepPathIsNoPage() throws Exception {
    assertThat(console.page("GET", "/a".repeat(4000) + ".x", "", "").status()).isEqualTo(404);
    assertThat(console.page("GET", "/assets/a" + ".a".repeat(4000), "", "").status()).isEqualTo(404);
    assertThat(console.page("GET", "/data//x", "", "").status()).isEqualTo(404);
  }

  @Test
  void anAliasIsAnAccountToo() throws Exception {
    iam("Action=CreateAccountAlias&AccountAlias=my-lab");
    assertThat(signIn("my-lab", "dana", PASSWORD).status()).isEqualTo(200);
    assertThat(signIn("other-lab", "dana", PASSWORD).status()).isEqualTo(401);
  }

  @Test
  void refusalsDoNotTellWhatIsWrong() throws Exception {
    Answer wrong = signIn(ACCOUNT, "dana", "Wrong-horse-9");
    Answer unknown = signIn(ACCOUNT, "nobody", PASSWORD);
    Answer elsewhere = signIn("999999999999", "dana", PASSWORD);
    Answer withoutPassword = signIn(ACCOUNT, "admin", PASSWORD);
    assertThat(List.of(wrong.status(), unknown.status(), elsewhere.status(), withoutPassword.status()))
        .containsOnly(401);
    assertThat(List.of(unknown.body(), elsewhere.body(), withoutPassword.body())).containsOnly(wrong.body());
    assertThat(wrong.header("Set-Cookie")).isEmpty();
  }

  @Test
  void guessingIsSlowedDown() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(signIn(ACCOUNT, "dana", "Wrong-horse-" + i).status()).isEqualTo(401);
    }
    Answer held = signIn(ACCOUNT, "dana", PASSWORD);
    assertThat(held.status()).isEqualTo(429);
    assertThat(Integer.parseInt(held.header("Retry-After"))).isBetween(1, 10);
  }

  @Test
  void guessesThatComeAtOnceAreSlowedDownToo() throws Exception {
    List<Callable<Integer>> guesses = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String password = "Wrong-horse-" + i;
      guesses.add(() -> signIn(ACCOUNT, "dana", password).status());
    }
    List<Integer> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> answer : threads.invokeAll(guesses)) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).containsOnly(401, 429);
    assertThat(answers.stream().filter(status -> status == 401)).hasSizeBetween(5, 12);
  }

  @Test
  void aLinkSignsInWhereTooManyPasswordsFailed() throws Exception {
    String link = console.link(platform).body();
    for (int i = 0; i < 31; i++) {
      signIn(ACCOUNT, "guess" + i, PASSWORD);
    }
    assertThat(signIn(ACCOUNT, "dana", PASSWORD).status()).isEqualTo(429);
    assertThat(console.page("POST", "/session", "", "{\"link\": \"" + link + "\"}").status()).isEqualTo(200);
  }

  @Test
  void aPasswordThatMustBeChangedIsChangedOnTheWay() throws Exception {
    iam("Action=UpdateLoginProfile&UserName=dana&PasswordResetRequired=true");
    assertThat(signIn(ACCOUNT, "dana", PASSWORD).body()).contains("PasswordResetRequired");
    String change = """
        {"account": "123456789012", "user": "dana", "password": "%s", "newPassword": "%s"}""";
    Answer notAllowed = console.page("POST", "/session", "", change.formatted(PASSWORD, "Better-horse-9"));
    assertThat(notAllowed.body()).contains("iam:ChangePassword");
    iam("Action=AttachUserPolicy&UserName=dana&PolicyArn=arn:aws:iam::aws:policy/IAMUserChangePassword");
    assertThat(console.page("POST", "/session", "", change.formatted(PASSWORD, "short")).body())
        .contains("PasswordPolicyViolation");
    assertThat(console.page("POST", "/session", "", change.formatted(PASSWORD, "Better-horse-9")).status())
        .isEqualTo(200);
    assertThat(signIn(ACCOUNT, "dana", "Better-horse-9").status()).isEqualTo(200);
  }

  @Test
  void aRefusedNewPasswordUsesUpNoCode() throws Exception {
    Authenticator device = new Authenticator(element(
        iam("Action=CreateVirtualMFADevice&VirtualMFADeviceName=phone"), "Base32StringSeed"));
    long now = Clock.systemUTC().instant().getEpochSecond() / 30;
    iam("Action=EnableMFADevice&UserName=dana&SerialNumber=arn:aws:iam::123456789012:mfa/phone"
        + "&AuthenticationCode1=" + device.code(now - 1) + "&AuthenticationCode2=" + device.code(now));
    iam("Action=UpdateLoginProfile&UserName=dana&PasswordResetRequired=true");
    String change = """
        {"account": "123456789012", "user": "dana", "password": "Correct-horse-9", "newPassword": "%s", "code": "%s"}""";
    String code = device.code(now + 1);
    assertThat(console.page("POST", "/session", "", change.formatted("Better-horse-9", code)).body())
        .contains("iam:ChangePassword");
    iam("Action=AttachUserPolicy&UserName=dana&PolicyArn=arn:aws:iam::aws:policy/IAMUserChangePassword");
    assertThat(console.page("POST", "/session", "", change.formatted("short", code)).body())
        .contains("PasswordPolicyViolation");
    assertThat(console.page("POST", "/session", "", change.formatted("Better-horse-9", "000000")).body())
        .contains("MfaFailed");
    assertThat(console.page("POST", "/session", "", change.formatted("Better-horse-9", code)).status())
        .isEqualTo(200);
    assertThat(console.page("POST", "/session", "", change.formatted("Better-horse-9", code)).status())
        .as("the old password").isEqualTo(401);
  }

  @Test
  void aSessionIsGivenNoKeysOfStsThoughItsUserIs() throws Exception {
    iam("Action=PutUserPolicy&UserName=dana&PolicyName=sts&PolicyDocument=" + ConsolePort.encoded("""
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}"""));
    iam("Action=CreateRole&RoleName=reader&AssumeRolePolicyDocument=" + ConsolePort.encoded("""
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::123456789012:user/dana"}}]}"""));
    String assume = "Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/reader&RoleSessionName=session"
        + "&Version=2011-06-15";
    String cookie = cookie();
    for (String form : List.of(assume, "Action=GetSessionToken&Version=2011-06-15",
        "Action=GetFederationToken&Name=abc&Version=2011-06-15")) {
      Answer answer = console.page("POST", "/aws/sts/", cookie, form,
          "Content-Type: application/x-www-form-urlencoded");
      assertThat(answer.status()).as(form + answer.body()).isEqualTo(403);
      assertThat(answer.body()).contains("Cannot call").doesNotContain("SecretAccessKey");
    }
    assertThat(signed("sts", "/?" + assume).body()).contains("<SecretAccessKey>");
  }

  @Test
  void aSessionOutlivesARestartAndEndsByItsUser() throws Exception {
    String cookie = cookie();
    close();
    start();
    assertThat(console.page("GET", "/session", cookie, "").status()).isEqualTo(200);
    assertThat(console.page("DELETE", "/session", cookie, "").status()).isEqualTo(204);
    assertThat(console.page("GET", "/session", cookie, "").status()).isEqualTo(401);
    assertThat(console.page("GET", "/aws/s3/reports/open/a.txt", cookie, "").status()).isEqualTo(401);
  }

  @Test
  void anotherPasswordEndsTheSessionAndSoDoesTheUsersEnd() throws Exception {
    String first = cookie();
    iam("Action=UpdateLoginProfile&UserName=dana&Password=Another-horse-9");
    assertThat(console.page("GET", "/aws/s3/", first, "").status()).isEqualTo(401);
    String second = signIn(ACCOUNT, "dana", "Another-horse-9").cookie();
    assertThat(console.page("GET", "/aws/s3/", second, "").status()).isEqualTo(200);
    iam("Action=DeleteLoginProfile&UserName=dana");
    iam("Action=DeleteUserPolicy&UserName=dana&PolicyName=data");
    iam("Action=DeleteUser&UserName=dana");
    iam("Action=CreateUser&UserName=dana");
    assertThat(console.page("GET", "/session", second, "").status()).isEqualTo(401);
  }

  @Test
  void aDenyStatementStopsAConsoleActionInTheWordsOfTheSignedCall() throws Exception {
    String cookie = cookie();
    Answer denied = console.page("GET", "/aws/s3/reports/secret/b.txt", cookie, "");
    assertThat(denied.status()).isEqualTo(403);
    assertThat(message(denied)).isEqualTo(message(signed("s3", "/reports/secret/b.txt")))
        .isEqualTo("User: arn:aws:iam::123456789012:user/dana is not authorized to perform: s3:GetObject on resource: "
            + "arn:aws:s3:::reports/secret/b.txt with an explicit deny in an identity-based policy");
    assertThat(console.page("DELETE", "/aws/s3/reports/secret/b.txt", cookie, "").status()).isEqualTo(403);
    assertThat(platform.send("GET", "/reports/secret/b.txt", Map.of(), new byte[0], "s3").status()).isEqualTo(200);
    Answer allowed = console.page("GET", "/aws/s3/reports/open/a.txt", cookie, "");
    assertThat(allowed.body()).isEqualTo("open text");
    assertThat(allowed.header("Content-Security-Policy")).isEqualTo("sandbox");
    assertThat(console.page("DELETE", "/aws/s3/reports/open/a.txt", cookie, "").status()).isEqualTo(204);
  }

  /** What dana's own signed call is answered. */
  private Answer signed(String service, String path) throws Exception {
    String made = iam("Action=CreateAccessKey&UserName=dana");
    String host = "localhost:" + front.port();
    Map<String, String> headers = new SigV4Signer(element(made, "AccessKeyId"), element(made, "SecretAccessKey"),
        Optional.empty(), Clock.systemUTC()).sign("GET", URI.create("http://" + host + path), Map.of(), new byte[0],
            "us-east-1", service);
    return console.at(host, "GET", path, "", "",
        headers.entrySet().stream().map(header -> header.getKey() + ": " + header.getValue()).toList());
  }

  private static String element(String xml, String name) {
    return xml.replaceAll("(?s).*<" + name + ">(.*)</" + name + ">.*", "$1");
  }

  private static String message(Answer answer) {
    return element(answer.body(), "Message");
  }

  @Test
  void everyProtocolIsSpokenAndTheServiceIsNamedNotGuessed() throws Exception {
    String cookie = cookie();
    assertThat(console.page("GET", "/aws/s3/", cookie, "").body()).contains("<Name>reports</Name>");
    Answer who = console.page("POST", "/aws/sts/", cookie, "Action=GetCallerIdentity&Version=2011-06-15",
        "Content-Type: application/x-www-form-urlencoded");
    assertThat(who.body()).contains("arn:aws:iam::123456789012:user/dana");
    Answer logs = console.page("POST", "/aws/logs/", cookie, "{\"logGroupName\": \"mine\"}",
        "Content-Type: application/x-amz-json-1.1", "X-Amz-Target: Logs_20140328.CreateLogGroup",
        "X-Atelier-Region: eu-west-1");
    assertThat(logs.body()).contains("logs:CreateLogGroup on resource: arn:aws:logs:eu-west-1:123456789012:");
    assertThat(console.page("GET", "/aws/nothing/", cookie, "").status()).isEqualTo(404);
    assertThat(console.page("GET", "/aws/s3/", cookie, "", "X-Atelier-Region: nowhere").status()).isEqualTo(400);
    assertThat(console.page("PUT", "/aws/s3/reports/framed", cookie, "x",
        "X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER").status()).isEqualTo(400);
  }

  @Test
  void onlyTheConsolesOwnPageMayAsk() throws Exception {
    String cookie = cookie();
    String own = "Origin: http://" + console.host();
    String marked = "X-Atelier-Console: 1";
    for (List<String> headers : List.of(List.of(own), List.of(marked), List.of(own, "X-Atelier-Console: 2"),
        List.of(marked, "Origin: http://evil.localhost:" + front.port()), List.of(marked, "Origin: null"),
        List.of(marked, "Origin: https://" + console.host()), List.of(marked, own, own),
        List.of(marked, "Origin: http://studio.localhost"), List.of(marked, own, "Sec-Fetch-Site: same-site"),
        List.of(marked, own, "Sec-Fetch-Site: cross-site"), List.of(marked, own, "Sec-Fetch-Site: none"),
        List.of(marked, "Sec-Fetch-Site: same-origin"))) {
      for (String path : List.of("/session", "/aws/s3/reports?delete")) {
        Answer answer = console.send("POST", path, cookie, "{}", headers);
        assertThat(answer.status()).as("%s with %s", path, headers).isEqualTo(403);
        assertThat(answer.body()).contains("ForeignOrigin");
      }
    }
    assertThat(console.send("DELETE", "/session", cookie, "", List.of(marked)).status()).isEqualTo(403);
    assertThat(console.send("GET", "/aws/s3/", cookie, "", List.of("Sec-Fetch-Site: same-origin")).status())
        .isEqualTo(403);
    assertThat(console.send("GET", "/aws/s3/", cookie, "", List.of(marked)).status()).isEqualTo(403);
    // a browser leaves the origin out where a page reads from its own host
    assertThat(console.send("GET", "/aws/s3/", cookie, "", List.of(marked, "Sec-Fetch-Site: same-origin")).status())
        .isEqualTo(200);
  }

  @Test
  void theCookieCountsAtNoOtherHost() throws Exception {
    String cookie = cookie();
    for (String host : List.of("localhost", "127.0.0.1", "s3.localhost", "reports.s3.localhost",
        "s3.us-east-1.amazonaws.com")) {
      Answer answer = console.at(host, "GET", "/reports/open/a.txt", cookie, "", List.of("X-Atelier-Console: 1",
          "Origin: http://" + host, "Sec-Fetch-Site: same-origin"));
      assertThat(answer.status()).as(host).isNotEqualTo(200);
      assertThat(answer.body()).doesNotContain("open text");
      assertThat(answer.header("Set-Cookie")).isEmpty();
    }
    for (String host : List.of("evil.example", "studio.evil.example", "a.studio.localhost", "xstudio.localhost")) {
      assertThat(console.at(host, "GET", "/", cookie, "", List.of()).status()).as(host).isEqualTo(421);
    }
  }

  @Test
  void aLinkOfTheAdministratorsSignsInOnce() throws Exception {
    String link = console.link(platform).body();
    Answer in = console.page("POST", "/session", "", "{\"link\": \"" + link + "\"}");
    assertThat(in.body()).contains("\"user\":\"admin\"");
    assertThat(console.page("GET", "/aws/s3/reports/secret/b.txt", in.cookie(), "").body()).isEqualTo("secret text");
    assertThat(console.page("POST", "/session", "", "{\"link\": \"" + link + "\"}").status()).isEqualTo(401);
    assertThat(console.at("localhost", "GET", ConsoleSide.LINK_PATH, "", "", List.of()).status()).isEqualTo(403);
  }

  @Test
  void whatIsNoSignInIsRefusedWithoutRepeatingIt() throws Exception {
    for (String body : List.of("", "[]", "{", "{\"account\": 1}", "{\"password\": {\"a\": 1}}",
        "{\"user\": \"" + "x".repeat(20_000) + "\"}", "{\"user\": \"" + "x".repeat(300) + "\"}")) {
      Answer answer = console.page("POST", "/session", "", body);
      assertThat(answer.status()).as(body.substring(0, Math.min(40, body.length()))).isEqualTo(400);
      assertThat(answer.body()).doesNotContain("xxx");
    }
    assertThat(console.page("PUT", "/session", "", "{}").status()).isEqualTo(405);
    assertThat(console.page("GET", "/session", "__Host-atelier-session=' or 1=1", "").status()).isEqualTo(401);
  }

  @Test
  void filesOfThePagesAloneAreServed() throws Exception {
    for (String path : List.of("/../db/meta/V70__console_session.sql", "/assets/../../db/meta/V70__console_session.sql",
        "/assets/..%2f..%2fdb/meta/V70__console_session.sql", "/assets/%2e%2e/x.js", "/assets/none.js", "/assets//x.js",
        "/index.html%00.js", "/..%5c..%5cetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/assets",
        "/sessions.json")) {
      Answer answer = console.at(console.host(), "GET", path, "", "", List.of());
      // a path that leaves its own root is no request at all
      assertThat(answer.status()).as(path).isIn(400, 404);
      assertThat(answer.body()).doesNotContain("create table");
    }
    assertThat(console.at(console.host(), "POST", "/data", "", "", List.of()).status()).isEqualTo(405);
  }
}
