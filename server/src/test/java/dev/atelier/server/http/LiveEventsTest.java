package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events at the console's host, over a real port. */
final class LiveEventsTest {
  private static final String ACCOUNT = "123456789012";
  private static final String PASSWORD = "Correct-horse-9";
  private static final String ARN = "arn:aws:sagemaker:us-east-1:" + ACCOUNT + ":";
  private static final String POLICY = """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sagemaker:DescribeStudioLifecycleConfig",
         "Resource": "arn:aws:sagemaker:*:*:studio-lifecycle-config/mine-*",
         "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}},
        {"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/secret": "yes"}}},
        {"Effect": "Allow", "Action": "sagemaker:ListCodeRepositories", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/team/*"},
        {"Effect": "Allow", "Action": "logs:DescribeLogStreams", "Resource": "arn:aws:logs:*:*:log-group:/team/*"}]}""";

  private TestPlatform platform;
  private ApiFront front;
  private ConsolePort console;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    platform = new TestPlatform(folder.resolve("data"));
    front = platform.open();
    console = new ConsolePort(front.port());
    iam("Action=CreateUser&UserName=dana");
    iam("Action=PutUserPolicy&UserName=dana&PolicyName=reads&PolicyDocument=" + ConsolePort.encoded(POLICY));
    iam("Action=CreateLoginProfile&UserName=dana&Password=" + PASSWORD);
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    platform.close();
  }

  private void iam(String form) {
    byte[] body = (form + "&Version=2010-05-08").getBytes(StandardCharsets.UTF_8);
    assertThat(platform.send("POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"), body, "iam")
        .status()).as(form).isEqualTo(200);
  }

  private void sagemaker(String operation, String body) {
    WireResponse answer = platform.send("POST", "/", Map.of("Content-Type", "application/x-amz-json-1.1",
        "X-Amz-Target", "SageMaker." + operation), body.getBytes(StandardCharsets.UTF_8), "sagemaker");
    assertThat(answer.status()).as(operation + body + new String(((WireResponse.Bytes) answer.body()).value(),
        StandardCharsets.UTF_8)).isEqualTo(200);
  }

  private void script(String name, String tags) {
    sagemaker("CreateStudioLifecycleConfig", """
        {"StudioLifecycleConfigName": "%s", "StudioLifecycleConfigContent": "ZWNobw==",
         "StudioLifecycleConfigAppType": "JupyterServer", "Tags": [%s]}""".formatted(name, tags));
  }

  private String cookie() throws Exception {
    return console.page("POST", "/session", "", """
        {"account": "%s", "user": "dana", "password": "%s"}""".formatted(ACCOUNT, PASSWORD)).cookie();
  }

  /** What is told until the resource of this name is, each told once. */
  private static List<String> until(FollowedEvents events, String last) throws Exception {
    List<String> told = new ArrayList<>();
    while (told.isEmpty() || !told.getLast().contains(last)) {
      told.add(events.next());
      assertThat(told.getLast()).isNotEqualTo("closed");
    }
    return told;
  }

  @Test
  void onlyWhatTheCallerMayDescribeOrListIsTold() throws Exception {
    try (FollowedEvents events = FollowedEvents.page(front.port(), cookie())) {
      assertThat(events.status()).isEqualTo(200);
      assertThat(events.next()).isEqualTo("open {}");
      script("other-1", "");
      script("mine-1", "");
      script("mine-tagged", "{\"Key\": \"secret\", \"Value\": \"yes\"}");
      sagemaker("CreateCodeRepository", """
          {"CodeRepositoryName": "notebooks", "GitConfig": {"RepositoryUrl": "https://example.org/a.git"}}""");
      sagemaker("DeleteStudioLifecycleConfig", "{\"StudioLifecycleConfigName\": \"mine-1\"}");
      script("mine-9", "");
      String told = String.join("\n", until(events, "mine-9"));
      assertThat(told).contains(ARN + "studio-lifecycle-config/mine-1", ARN + "code-repository/notebooks")
          .doesNotContain("other-1", "tagged", "example.org", "ZWNobw");
    }
  }

  @Test
  void usersAndLogGroupsAreToldByTheirNames() throws Exception {
    try (FollowedEvents events = FollowedEvents.page(front.port(), cookie())) {
      assertThat(events.next()).isEqualTo("open {}");
      iam("Action=CreateUser&UserName=stranger");
      iam("Action=CreateUser&UserName=kim&Path=/team/");
      iam("Action=UpdateUser&UserName=kim&NewUserName=lee");
      iam("Action=CreateRole&RoleName=runner&AssumeRolePolicyDocument=" + ConsolePort.encoded("""
          {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
           "Principal": {"Service": "sagemaker.amazonaws.com"}}]}"""));
      for (String group : List.of("/other/a", "/team/a")) {
        WireResponse made = platform.send("POST", "/", Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target",
            "Logs_20140328.CreateLogGroup"), ("{\"logGroupName\": \"" + group + "\"}").getBytes(StandardCharsets.UTF_8), "logs");
        assertThat(made.status()).isEqualTo(200);
      }
      String told = String.join("\n", until(events, "log-group:/team/a"));
      assertThat(told).contains("arn:aws:iam::123456789012:user/team/kim", "arn:aws:iam::123456789012:user/team/lee")
          .doesNotContain("stranger", "runner", "/other/");
    }
  }

  @Test
  void aStreamEndsWithItsSession() throws Exception {
    String cookie = cookie();
    try (FollowedEvents events = FollowedEvents.page(front.port(), cookie);
        FollowedEvents elsewhere = FollowedEvents.page(front.port(), cookie())) {
      assertThat(events.next()).isEqualTo("open {}");
      assertThat(elsewhere.next()).isEqualTo("open {}");
      assertThat(console.page("DELETE", "/session", cookie, "").status()).isEqualTo(204);
      assertThat(events.next()).isEqualTo("end {}");
      assertThat(events.next()).isEqualTo("closed");
      iam("Action=DeleteLoginProfile&UserName=dana");
      script("mine-1", "");
      assertThat(elsewhere.next()).as("whose password is gone is told nothing more").isEqualTo("end {}");
      assertThat(elsewhere.next()).isEqualTo("closed");
    }
  }

  @Test
  void withoutSessionOrFromElsewhereThereIsNoStream() throws Exception {
    String cookie = cookie();
    assertThat(console.page("GET", "/events", "", "").status()).isEqualTo(401);
    for (List<String> headers : List.of(List.of("Sec-Fetch-Site: same-origin"),
        List.of("X-Atelier-Console: 1", "Sec-Fetch-Site: same-site"),
        List.of("X-Atelier-Console: 1", "Origin: http://app-1.studio.localhost:" + front.port()))) {
      assertThat(console.send("GET", "/events", cookie, "", headers).status()).as("%s", headers).isEqualTo(403);
    }
    assertThat(console.page("POST", "/events", cookie, "").status()).isEqualTo(405);
  }

  @Test
  void ofManyStreamsOfASessionTheOldestEnds() throws Exception {
    String cookie = cookie();
    List<FollowedEvents> open = new ArrayList<>();
    try (FollowedEvents other = FollowedEvents.page(front.port(), cookie())) {
      assertThat(other.next()).isEqualTo("open {}");
      for (int i = 0; i < 9; i++) {
        open.add(FollowedEvents.page(front.port(), cookie));
        assertThat(open.getLast().next()).isEqualTo("open {}");
      }
      assertThat(open.getFirst().next()).as("no end of the session").isEqualTo("closed");
      script("mine-1", "");
      assertThat(open.get(1).next()).contains("mine-1");
      assertThat(open.getLast().next()).contains("mine-1");
      assertThat(other.next()).as("another session's").contains("mine-1");
    }
    for (FollowedEvents each : open) {
      each.close();
    }
  }
}
