package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.Outbound;
import dev.atelier.identity.SecondFactor;
import dev.atelier.server.http.ConsolePort.Answer;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery codes in place of an MFA device, over a real port. */
final class RecoveryCodesTest {
  private static final String SERIAL = "arn:aws:iam::123456789012:mfa/phone";

  private final Hands clock = new Hands();
  private TestPlatform platform;
  private ApiFront front;
  private ConsolePort console;
  private Authenticator phone;

  /** A clock that stands until it is moved. */
  private static final class Hands extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    platform = new TestPlatform(folder.resolve("data"), Outbound.none(), clock);
    front = platform.open();
    console = new ConsolePort(front.port());
    iam("Action=CreateUser&UserName=dana");
    iam("Action=CreateLoginProfile&UserName=dana&Password=Correct-horse-9");
    iam("Action=PutUserPolicy&UserName=dana&PolicyName=own&PolicyDocument=" + ConsolePort.encoded("""
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:EnableMFADevice",
         "Resource": "arn:aws:iam::*:user/${aws:username}"}]}"""));
    phone = new Authenticator(element(iam("Action=CreateVirtualMFADevice&VirtualMFADeviceName=phone"), "Base32StringSeed"));
    enable();
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

  private static String element(String xml, String name) {
    return xml.replaceAll("(?s).*<" + name + ">(.*?)</" + name + ">.*", "$1");
  }

  /** The code that the phone shows next. */
  private String code() throws Exception {
    clock.now = clock.now.plusSeconds(30);
    return phone.code(clock.now.getEpochSecond() / 30);
  }

  private void enable() throws Exception {
    iam("Action=EnableMFADevice&UserName=dana&SerialNumber=" + SERIAL + "&AuthenticationCode1=" + code()
        + "&AuthenticationCode2=" + code());
  }

  private Answer signIn(String code) throws Exception {
    return console.page("POST", "/session", "", """
        {"account": "123456789012", "user": "dana", "password": "Correct-horse-9", "code": "%s"}""".formatted(code));
  }

  private Answer make(String cookie, String code) throws Exception {
    return console.page("POST", "/recovery-codes", cookie, "{\"code\": \"" + code + "\"}");
  }

  private static List<String> codes(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Matcher matcher = Pattern.compile("[A-Z2-9]{4}(-[A-Z2-9]{4}){3}").matcher(answer.body());
    List<String> codes = new ArrayList<>();
    while (matcher.find()) {
      codes.add(matcher.group());
    }
    assertThat(codes).hasSize(SecondFactor.CODES).doesNotHaveDuplicates();
    return codes;
  }

  @Test
  void aRecoveryCodeSignsInOnceHoweverItIsTyped() throws Exception {
    String cookie = signIn(code()).cookie();
    List<String> codes = codes(make(cookie, code()));
    assertThat(console.page("GET", "/recovery-codes", cookie, "").body()).isEqualTo("{\"left\":10}");
    assertThat(signIn(codes.get(0)).status()).isEqualTo(200);
    assertThat(signIn(codes.get(0)).body()).contains("MfaFailed");
    assertThat(signIn(codes.get(1).toLowerCase(Locale.ROOT).replace("-", " ")).status()).isEqualTo(200);
    assertThat(console.page("GET", "/recovery-codes", cookie, "").body()).isEqualTo("{\"left\":8}");
    assertThat(signIn(codes.get(2).substring(1)).body()).contains("MfaFailed");
  }

  @Test
  void newCodesTakeThePlaceOfOldOnesAndNeedACodeOfTheDevice() throws Exception {
    String cookie = signIn(code()).cookie();
    String used = code();
    List<String> first = codes(make(cookie, used));
    assertThat(make(cookie, used).status()).as("a code is taken once").isEqualTo(403);
    assertThat(make(cookie, first.get(0)).status()).as("a recovery code makes none").isEqualTo(403);
    List<String> second = codes(make(cookie, code()));
    assertThat(signIn(first.get(1)).body()).contains("MfaFailed");
    assertThat(signIn(second.get(1)).status()).isEqualTo(200);
  }

  @Test
  void codesEndWithTheDeviceThatTheyWereMadeWith() throws Exception {
    String cookie = signIn(code()).cookie();
    List<String> codes = codes(make(cookie, code()));
    iam("Action=DeactivateMFADevice&UserName=dana&SerialNumber=" + SERIAL);
    assertThat(console.page("GET", "/recovery-codes", cookie, "").body()).isEqualTo("{\"left\":0}");
    assertThat(make(cookie, "123456").status()).isEqualTo(409);
    enable();
    assertThat(signIn(codes.get(0)).body()).contains("MfaFailed");
  }

  @Test
  void guessesAreSlowedDownAndStrangersLearnNothing() throws Exception {
    String cookie = signIn(code()).cookie();
    assertThat(console.page("GET", "/recovery-codes", "", "").status()).isEqualTo(401);
    assertThat(console.send("POST", "/recovery-codes", cookie, "{}", List.of()).status()).isEqualTo(403);
    for (int guess = 0; guess < 5; guess++) {
      assertThat(make(cookie, "00000" + guess).status()).isEqualTo(403);
    }
    Answer held = make(cookie, phone.code(clock.now.getEpochSecond() / 30 + 1));
    assertThat(held.status()).as("even the right one").isEqualTo(429);
    assertThat(held.body()).contains("TooManyAttempts");
    clock.now = clock.now.plusSeconds(600);
    codes(make(cookie, code()));
    iam("Action=DeleteUserPolicy&UserName=dana&PolicyName=own");
    assertThat(make(cookie, code()).body()).contains("AccessDenied", "iam:EnableMFADevice");
  }
}
