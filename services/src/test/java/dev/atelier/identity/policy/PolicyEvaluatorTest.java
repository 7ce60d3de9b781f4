package dev.atelier.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEvaluatorTest {
  private static final String BUCKET = "arn:aws:s3:::data";

  @Test
  void nothingAllowsByDefault() {
    assertThat(decide(List.of(), "s3:GetObject", BUCKET + "/a")).isInstanceOf(Decision.ImplicitDeny.class);
  }

  @Test
  void explicitDenyWinsOverAllow() {
    Decision decision = decide(List.of(
        statement("Allow", "s3:*", "*", ""), statement("Deny", "s3:Delete*", BUCKET + "/*", "")),
        "s3:DeleteObject", BUCKET + "/a");
    assertThat(decision).isInstanceOf(Decision.ExplicitDeny.class);
  }

  @ParameterizedTest
  @CsvSource({
    "s3:Get*, s3:GetObject, true", "S3:getobject, s3:GetObject, true", "s3:Get?bject, s3:GetObject, true",
    "s3:Put*, s3:GetObject, false", "*, sagemaker:CreateModel, true", "s3:*Object*Acl, s3:PutObjectVersionAcl, true"})
  void actionsMatchWithoutCaseAndWithWildcards(String pattern, String action, boolean allowed) {
    assertThat(decide(List.of(statement("Allow", pattern, "*", "")), action, "*").allowed()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "{\"StringEquals\":{\"aws:RequestedRegion\":[\"us-east-1\",\"eu-west-1\"]}}; eu-west-1; true",
    "{\"StringNotEquals\":{\"aws:RequestedRegion\":\"us-east-1\"}}; us-east-1; false",
    "{\"StringLike\":{\"aws:RequestedRegion\":\"us-*\"}}; us-west-2; true",
    "{\"StringEqualsIgnoreCase\":{\"AWS:requestedregion\":\"US-EAST-1\"}}; us-east-1; true",
    "{\"StringEquals\":{\"aws:TagKeys\":\"x\"}}; us-east-1; false",
    "{\"StringEqualsIfExists\":{\"aws:TagKeys\":\"x\"}}; us-east-1; true",
    "{\"Null\":{\"aws:TagKeys\":\"true\"}}; us-east-1; true",
    "{\"Null\":{\"aws:RequestedRegion\":\"true\"}}; us-east-1; false",
    "{\"ForAllValues:StringEquals\":{\"aws:TagKeys\":\"x\"}}; us-east-1; true",
    "{\"ForAnyValue:StringEquals\":{\"aws:TagKeys\":\"x\"}}; us-east-1; false"})
  void conditionsHold(String condition, String region, boolean allowed) {
    PolicyDocument document = PolicyDocument.parse(document(statement("Allow", "*", "*", condition)),
        PolicyDocument.Kind.IDENTITY);
    RequestContext request =
        new RequestContext("s3:GetObject", BUCKET, Map.of("aws:RequestedRegion", List.of(region)));
    assertThat(PolicyEvaluator.evaluate(request, identity(document)).allowed()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "IpAddress, 10.1.2.0/24, 10.1.2.77, true", "IpAddress, 10.1.2.0/24, 10.1.3.1, false",
    "NotIpAddress, 10.1.2.0/24, 10.1.3.1, true", "NumericLessThan, 10, 9.5, true", "NumericLessThan, 10, ten, false",
    "DateGreaterThan, 2026-01-01T00:00:00Z, 2026-06-01T00:00:00Z, true",
    "Bool, true, TRUE, true", "ArnLike, arn:aws:iam::*:role/a*, arn:aws:iam::1:role/abc, true",
    "ArnLike, arn:aws:iam::*, arn:aws:iam::1:role/abc, false"})
  void operatorsCompare(String operator, String expected, String actual, boolean holds) {
    assertThat(ConditionOperator.of(operator).holds(List.of(actual), true, List.of(expected))).isEqualTo(holds);
  }

  @Test
  void policyVariablesStandForTheRequest() {
    List<String> own = List.of(statement("Allow", "s3:*", BUCKET + "/home/${aws:username}/*", ""));
    Map<String, List<String>> keys = Map.of("aws:username", List.of("ann"));
    assertThat(decide(own, "s3:GetObject", BUCKET + "/home/ann/x", keys).allowed()).isTrue();
    assertThat(decide(own, "s3:GetObject", BUCKET + "/home/bob/x", keys).allowed()).isFalse();
    assertThat(decide(own, "s3:GetObject", BUCKET + "/home/x/x", Map.of()).allowed()).isFalse();
  }

  @Test
  void sessionPoliciesAndBoundariesOnlyTakeAway() {
    NamedPolicy all = named("Allow", "*", "*");
    NamedPolicy read = named("Allow", "s3:Get*", "*");
    RequestContext put = new RequestContext("s3:PutObject", BUCKET + "/a", Map.of());
    assertThat(PolicyEvaluator.evaluate(put,
        new Policies(List.of(all), List.of(read), Optional.empty(), Optional.empty(), true, false)))
        .isEqualTo(new Decision.ImplicitDeny(Decision.PolicyKind.SESSION));
    assertThat(PolicyEvaluator.evaluate(put,
        new Policies(List.of(all), List.of(), Optional.of(read), Optional.empty(), true, false)))
        .isEqualTo(new Decision.ImplicitDeny(Decision.PolicyKind.BOUNDARY));
  }

  @Test
  void anotherAccountNeedsBothSides() {
    PolicyDocument shared = PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
         "Principal": {"AWS": "arn:aws:iam::222222222222:root"}}}""", PolicyDocument.Kind.RESOURCE);
    RequestContext get = new RequestContext("s3:GetObject", BUCKET + "/a",
        Map.of("aws:PrincipalAccount", List.of("222222222222")));
    Optional<NamedPolicy> resource = Optional.of(new NamedPolicy("bucket", shared));
    assertThat(PolicyEvaluator.evaluate(get,
        new Policies(List.of(), List.of(), Optional.empty(), resource, false, false)).allowed()).isFalse();
    assertThat(PolicyEvaluator.evaluate(get,
        new Policies(List.of(named("Allow", "*", "*")), List.of(), Optional.empty(), resource, false, false))
        .allowed()).isTrue();
    assertThat(PolicyEvaluator.evaluate(get,
        new Policies(List.of(named("Allow", "*", "*")), List.of(), Optional.empty(), Optional.empty(), false, false))
        .allowed()).isFalse();
  }

  @Test
  void anAccountThatIsNamedLeavesItToItsPolicies() {
    RequestContext get = new RequestContext("s3:GetObject", BUCKET + "/a", Map.of(
        "aws:PrincipalAccount", List.of("222222222222"),
        "aws:PrincipalArn", List.of("arn:aws:iam::222222222222:user/ann")));
    Map.of("arn:aws:iam::222222222222:root", false, "222222222222", false, "*", true,
        "arn:aws:iam::222222222222:user/ann", true).forEach((principal, granted) -> {
          Optional<NamedPolicy> resource = Optional.of(new NamedPolicy("bucket", PolicyDocument.parse("""
              {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
               "Principal": {"AWS": "%s"}}}""".formatted(principal), PolicyDocument.Kind.RESOURCE)));
          assertThat(PolicyEvaluator.evaluate(get,
              new Policies(List.of(), List.of(), Optional.empty(), resource, true, false)).allowed())
              .as(principal).isEqualTo(granted);
        });
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "{}", "[]", "{\"Statement\":[]}", "{\"Version\":\"2013-01-01\",\"Statement\":{}}",
    "{\"Statement\":{\"Effect\":\"Maybe\",\"Action\":\"*\",\"Resource\":\"*\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"GetObject\",\"Resource\":\"*\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"bucket\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"StringIs\":{\"a\":\"b\"}}}}",
    "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}} x"})
  void malformedDocumentsAreRefused(String text) {
    assertThatThrownBy(() -> PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("MalformedPolicyDocument"));
  }

  private static Decision decide(List<String> statements, String action, String resource) {
    return decide(statements, action, resource, Map.of());
  }

  private static Decision decide(
      List<String> statements, String action, String resource, Map<String, List<String>> keys) {
    List<NamedPolicy> policies = statements.stream().map(statement -> new NamedPolicy("test",
        PolicyDocument.parse(document(statement), PolicyDocument.Kind.IDENTITY))).toList();
    return PolicyEvaluator.evaluate(new RequestContext(action, resource, keys), Policies.ofIdentity(policies));
  }

  private static Policies identity(PolicyDocument document) {
    return Policies.ofIdentity(List.of(new NamedPolicy("test", document)));
  }

  private static NamedPolicy named(String effect, String action, String resource) {
    return new NamedPolicy("test", PolicyDocument.parse(
        document(statement(effect, action, resource, "")), PolicyDocument.Kind.IDENTITY));
  }

  private static String statement(String effect, String action, String resource, String condition) {
    return Stream.of("\"Effect\":\"" + effect + "\"", "\"Action\":\"" + action + "\"",
            "\"Resource\":\"" + resource + "\"", condition.isEmpty() ? "" : "\"Condition\":" + condition)
        .filter(part -> !part.isEmpty()).collect(java.util.stream.Collectors.joining(",", "{", "}"));
  }

  private static String document(String statement) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}";
  }
}
