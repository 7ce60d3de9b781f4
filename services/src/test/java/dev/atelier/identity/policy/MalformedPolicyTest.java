package dev.atelier.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent as a policy is either one that can be evaluated, or MalformedPolicyDocument. */
final class MalformedPolicyTest {
  private static final int ROUNDS = 60_000;
  private static final String WHOLE = """
      {"Version": "2012-10-17", "Id": "i", "Statement": [
        {"Sid": "one", "Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": "arn:aws:s3:::b/${aws:username}/*",
         "Condition": {"StringLike": {"aws:PrincipalTag/team": ["a*", "b"]}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
           "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}, "NumericLessThan": {"s3:max-keys": 10},
           "Bool": {"aws:SecureTransport": true}, "Null": {"aws:TokenIssueTime": "false"}}%1$s},
        {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["*"]%1$s}]}""";
  private static final List<String> PIECES = List.of("null", "true", "-1e999", "[]", "{}", "\"\"", "\"*\"", "{\"AWS\":[{}]}",
      "\"arn:aws:s3:::\"", "\"${\"", "\"${aws:username\"", "\"\\u0000\"", "\"\\ud800\"", "[[[[", ",", ":", "\"Principal\"",
      "\"NotAction\"", "\"ForAllValues:StringEquals\"", "\"StringEqualsIfExists\"", "\"999.1.1.1/99\"", "\"9999999-99-99\"");

  private static String damaged(String text, Random random) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int at = random.nextInt(out.length());
      int end = Math.min(out.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(5)) {
        case 0 -> out.delete(at, end);
        case 1 -> out.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> out.insert(at, out.substring(at, end));
        case 3 -> out.setCharAt(at, (char) random.nextInt(0x3000));
        default -> replaceValue(out, random);
      }
    }
    return out.toString();
  }

  /** Puts another value where one stands, so that the whole stays JSON more often. */
  private static void replaceValue(StringBuilder text, Random random) {
    int colon = text.indexOf(":", random.nextInt(text.length()));
    int end = colon < 0 ? -1 : text.indexOf(",", colon);
    if (end > 0) {
      text.replace(colon + 1, end, PIECES.get(random.nextInt(PIECES.size())));
    }
  }

  @Test
  void nothingElseComesOfIt() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      PolicyDocument.Kind kind = PolicyDocument.Kind.values()[random.nextInt(PolicyDocument.Kind.values().length)];
      boolean named = kind == PolicyDocument.Kind.RESOURCE || kind == PolicyDocument.Kind.TRUST;
      String text = damaged(WHOLE.formatted(named ? ", \"Principal\": {\"AWS\": [\"*\"]}" : ""), random);
      try {
        evaluate(PolicyDocument.parse(text, kind), named);
        read++;
      } catch (Fault e) {
        assertThat(e.code()).as("seed %d: %s", seed, text).isEqualTo("MalformedPolicyDocument");
        assertThat(e.status()).isEqualTo(400);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", " + kind + ": " + text, e);
      }
    }
    assertThat(read).as("seed " + seed + ": some are still policies").isPositive();
  }

  private static void evaluate(PolicyDocument document, boolean named) {
    NamedPolicy policy = new NamedPolicy("p", document);
    RequestContext request = new RequestContext("s3:GetObject", "arn:aws:s3:::b/ann/k", Map.of(
        "aws:username", List.of("ann"), "aws:PrincipalTag/team", List.of("ab"), "aws:SourceIp", List.of("10.1.1.1"),
        "aws:CurrentTime", List.of("2026-01-01T00:00:00Z"), "s3:max-keys", List.of("5"),
        "aws:SecureTransport", List.of("true")));
    Policies policies = named
        ? new Policies(List.of(), List.of(), Optional.empty(), Optional.of(policy), true, false)
        : Policies.ofIdentity(List.of(policy));
    PolicyEvaluator.evaluate(request, policies);
    PolicyEvaluator.missingKeys(request, policies);
  }
}
