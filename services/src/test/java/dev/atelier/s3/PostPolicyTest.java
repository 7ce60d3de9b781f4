package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String LATER = "{\"expiration\":\"2026-01-01T00:00:01.5Z\",\"conditions\":";

  @Test
  void conditionsBindEveryField() {
    PostPolicy policy = policy(LATER + "[{\"bucket\":\"b\"},[\"starts-with\",\"$Key\",\"in/\"],[\"EQ\",\"$acl\",\"private\"],"
        + "[\"content-length-range\",\"1\",10]]}");
    assertThat(policy.least()).isEqualTo(1);
    assertThat(policy.most()).isEqualTo(10);
    policy.check(Map.of("bucket", "b", "key", "in/x", "acl", "private", "x-ignore-me", "1", "policy", "p"), NOW);
    assertDenied(policy, Map.of("bucket", "b", "key", "out/x", "acl", "private"), "Policy Condition failed: ");
    assertDenied(policy, Map.of("bucket", "other", "key", "in/x", "acl", "private"), "Policy Condition failed: ");
    assertDenied(policy, Map.of("bucket", "b", "key", "in/x"), "Policy Condition failed: ");
    assertDenied(policy, Map.of("bucket", "b", "key", "in/x", "acl", "private", "tagging", "t"),
        "Extra input fields: tagging");
    assertThatThrownBy(() -> policy.check(Map.of(), NOW.plusSeconds(2))).isInstanceOf(Fault.class)
        .hasMessage("Invalid according to Policy: Policy expired.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "[]", "{}", "{\"expiration\":\"2026-01-01T00:00:00Z\"}", "{\"conditions\":[]}",
      "{\"expiration\":\"soon\",\"conditions\":[]}", "{\"expiration\":1,\"conditions\":[]}", LATER + "{}}",
      LATER + "[[\"like\",\"$key\",\"x\"]]}", LATER + "[[\"eq\",\"key\",\"x\"]]}", LATER + "[{\"a\":\"b\",\"c\":\"d\"}]}",
      LATER + "[{\"a\":1}]}", LATER + "[[\"content-length-range\",1]]}",
      LATER + "[[\"content-length-range\",-1,99999999999999999999]]}", LATER + "[3]}"})
  void whatIsNoPolicyIsRefused(String document) {
    assertThatThrownBy(() -> policy(document)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("InvalidPolicyDocument");
      assertThat(fault.status()).isEqualTo(400);
    });
  }

  private static PostPolicy policy(String document) {
    return PostPolicy.parse(Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertDenied(PostPolicy policy, Map<String, String> fields, String detail) {
    assertThatThrownBy(() -> policy.check(fields, NOW)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("AccessDenied");
      assertThat(fault.getMessage()).startsWith("Invalid according to Policy: " + detail);
    });
  }
}
