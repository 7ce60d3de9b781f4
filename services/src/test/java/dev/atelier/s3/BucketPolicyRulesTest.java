package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Versioning;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketPolicyRulesTest {
  private static final AccountId OWNER = new AccountId("123456789012");
  private static final String ALICE = "arn:aws:iam::123456789012:user/alice";
  private static final AccountDirectory ACCOUNTS = new AccountDirectory(() -> List.of(OWNER), Map.of(),
      (type, name) -> type.equals("AWS") && name.equals(ALICE) || type.equals("Service"));

  private static final String NO_RESOURCE = "Policy has invalid resource";
  private static final String NO_ACTION = "Policy has invalid action";
  private static final String NO_KEY = "Policy has an invalid condition key";
  private static final String NOT_FOR_IT = "Action does not apply to any resource(s) in statement";

  private final BucketPolicyRules rules = new BucketPolicyRules(ACCOUNTS);

  private static String policy(String effect, String principal, String action, String resource, String condition) {
    return """
        {"Version": "2012-10-17", "Statement": [{"Effect": "%s", "Principal": %s, %s, %s%s}]}
        """.formatted(effect, principal, action, resource, condition.isEmpty() ? "" : ", \"Condition\": " + condition);
  }

  private void check(String policy) {
    Bucket bucket = new Bucket("data", OWNER, new Region("us-east-1"), Instant.EPOCH, Versioning.UNSET);
    rules.check(bucket, policy);
  }

  private void accepted(String action, String resource, String condition) {
    for (String effect : List.of("Allow", "Deny")) {
      assertThatCode(() -> check(policy(effect, "\"*\"", action, resource, condition))).doesNotThrowAnyException();
    }
  }

  private void refused(String message, String principal, String action, String resource, String condition) {
    for (String effect : List.of("Allow", "Deny")) {
      assertThatThrownBy(() -> check(policy(effect, principal, action, resource, condition)))
          .isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo("MalformedPolicy");
            assertThat(fault.status()).isEqualTo(400);
          }).hasMessage(message);
    }
  }

  private static String action(String... names) {
    return "\"Action\": [\"" + String.join("\", \"", names) + "\"]";
  }

  private static String on(String... names) {
    return "\"Resource\": [\"arn:aws:s3:::" + String.join("\", \"arn:aws:s3:::", names) + "\"]";
  }

  @Test
  void whatCanCountIsTaken() {
    accepted(action("s3:*"), on("data", "data/*"), "");
    accepted(action("*"), on("data/*"), "");
    accepted(action("s3:GETObject", "s3:ListBucket"), on("data*"), "");
    accepted(action("s3:Get*", "s3:BypassGovernanceRetention", "s3:ReplicateObject"), on("data/a/${aws:username}/*"), "");
    accepted(action("s3:GetObject", "s3:ListBucket"), on("data", "data/*"),
        "{\"StringEquals\": {\"s3:Prefix\": \"a/\", \"aws:AnyThing\": \"x\", \"accounts.google.com:aud\": \"y\"}}");
    accepted(action("s3:GetObject"), on("data/*"),
        "{\"StringEquals\": {\"s3:ExistingObjectTag/Team\": \"a\"}, \"NumericLessThan\": {\"s3:TlsVersion\": 1.2}}");
    accepted(action("s3:PutObject"), on("data/*"), "{\"Null\": {\"s3:x-amz-server-side-encryption\": true}}");
    accepted("\"NotAction\": \"s3:GetObject\"", on("data"), "");
    accepted(action("s3:ListBucket"), "\"NotResource\": \"arn:aws:s3:::data/*\"", "");
  }

  @ParameterizedTest
  @CsvSource({"arn:aws:s3:::other/*", "arn:aws:s3:::database/*", "arn:aws:s3:::*", "*", "arn:aws-cn:s3:::data/*",
      "arn:aws:sqs:us-east-1:123456789012:data", "arn:aws:s3:us-east-1::data/*"})
  void resourcesOfOthersAreRefused(String resource) {
    refused(NO_RESOURCE, "\"*\"", action("s3:GetObject"), "\"Resource\": \"" + resource + "\"", "");
    refused(NO_RESOURCE, "\"*\"", action("s3:GetObject"), "\"NotResource\": \"" + resource + "\"", "");
  }

  @Test
  void actionsThatThereAreNotAreRefused() {
    refused(NO_ACTION, "\"*\"", action("s3:GetObject", "s3:GetObjcet"), on("data/*"), "");
    refused(NO_ACTION, "\"*\"", action("s3:Fetch*"), on("data/*"), "");
    refused(NO_ACTION, "\"*\"", action("sagemaker:CreateModel"), on("data/*"), "");
    refused(NO_ACTION, "\"*\"", "\"NotAction\": \"s3:GetObjcet\"", on("data/*"), "");
  }

  @Test
  void actionsHaveAResourceThatTheyAreFor() {
    refused(NOT_FOR_IT, "\"*\"", action("s3:ListBucket"), on("data/*"), "");
    refused(NOT_FOR_IT, "\"*\"", action("s3:GetObject"), on("data"), "");
    refused(NOT_FOR_IT, "\"*\"", action("s3:GetObject", "s3:ListBucket"), on("data/*"), "");
    refused(NOT_FOR_IT, "\"*\"", action("s3:ListAllMyBuckets"), on("data"), "");
  }

  @Test
  void conditionsAskForKeysOfTheActions() {
    refused(NO_KEY, "\"*\"", action("s3:GetObject"), on("data/*"), "{\"StringEquals\": {\"s3:foo\": \"x\"}}");
    refused(NO_KEY, "\"*\"", action("s3:GetObject"), on("data/*"), "{\"StringEquals\": {\"aw:SourceIp\": \"x\"}}");
    refused(NO_KEY, "\"*\"", action("s3:GetObject"), on("data/*"), "{\"StringEquals\": {\"prefix\": \"x\"}}");
    refused("Conditions do not apply to combination of actions and resources in statement", "\"*\"",
        action("s3:GetObject"), on("data/*"), "{\"StringEquals\": {\"s3:prefix\": \"x\"}}");
  }

  @Test
  void principalsAreThere() {
    String nobody = "Invalid principal in policy";
    for (String principal : List.of("{\"AWS\": \"arn:aws:iam::123456789012:user/nosuch\"}",
        "{\"AWS\": [\"" + ALICE + "\", \"nobody\"]}", "{\"CanonicalUser\": \"abc\"}")) {
      refused(nobody, principal, action("s3:GetObject"), on("data/*"), "");
    }
    check(policy("Deny", "{\"AWS\": [\"*\", \"" + ALICE + "\"]}", action("s3:GetObject"), on("data/*"), ""));
    String canonical = policy("Deny", "{\"CanonicalUser\": \"" + Owners.canonicalId(OWNER) + "\"}",
        action("s3:GetObject"), on("data/*"), "");
    check(canonical);
    assertThat(ACCOUNTS.named(PolicyDocument.parse(canonical, PolicyDocument.Kind.RESOURCE)).statements().getFirst()
        .principals()).isEqualTo(Map.of("AWS", List.of(OWNER.value())));
  }
}
