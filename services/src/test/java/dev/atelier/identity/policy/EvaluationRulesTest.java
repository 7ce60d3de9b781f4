package dev.atelier.identity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of "Policy evaluation logic" in the IAM user guide, as a table. */
class EvaluationRulesTest {
  private static final String USER = "arn:aws:iam::111111111111:user/ann";
  private static final String ROLE = "arn:aws:iam::111111111111:role/worker";
  private static final String SESSION = "arn:aws:sts::111111111111:assumed-role/worker/one";

  /** Identity, session, boundary: allow, deny or nothing, or - for no policy; whom the resource's policy allows. */
  @ParameterizedTest
  @CsvSource({
    // who, identity, session, boundary, resource policy, same account, allowed
    "user, none,  -,     -,     -,        true,  false", "user, allow, -,     -,     -,        true,  true",
    "user, deny,  -,     -,     user,     true,  false", "user, none,  -,     -,     user,     true,  true",
    "user, none,  -,     -,     account,  true,  false", "user, allow, -,     -,     account,  true,  true",
    "user, none,  -,     -,     everyone, true,  true",  "user, none,  -,     -,     other,    true,  false",
    "user, allow, -,     none,  -,        true,  false", "user, none,  -,     allow, -,        true,  false",
    "user, allow, -,     allow, -,        true,  true",  "user, allow, -,     deny,  -,        true,  false",
    "user, none,  -,     none,  user,     true,  true",  "user, none,  -,     deny,  user,     true,  false",
    "role, allow, none,  -,     -,        true,  false", "role, allow, allow, -,     -,        true,  true",
    "role, allow, deny,  -,     -,        true,  false", "role, none,  allow, -,     role,     true,  true",
    "role, none,  none,  -,     role,     true,  false", "role, none,  -,     none,  role,     true,  false",
    "role, none,  none,  none,  session,  true,  true",  "role, allow, none,  -,     everyone, true,  false",
    "user, allow, -,     -,     -,        false, false", "user, none,  -,     -,     user,     false, false",
    "user, allow, -,     -,     user,     false, true",  "user, allow, -,     -,     account,  false, true",
    "user, allow, -,     none,  user,     false, false", "role, allow, none,  -,     account,  false, false"})
  void decides(String who, String identity, String session, String boundary, String resource, boolean same,
      boolean allowed) {
    boolean user = who.equals("user");
    RequestContext request = new RequestContext("s3:GetObject", "arn:aws:s3:::b/k", Map.of(
        "aws:PrincipalArn", List.of(user ? USER : ROLE), PrincipalMatch.SESSION_ARN, List.of(user ? USER : SESSION),
        "aws:PrincipalAccount", List.of("111111111111")));
    Decision decision = PolicyEvaluator.evaluate(request, new Policies(policy(identity).stream().toList(),
        policy(session).stream().toList(), policy(boundary), resource(resource), same, false));
    assertThat(decision.allowed()).as(decision.toString()).isEqualTo(allowed);
  }

  private static Optional<NamedPolicy> policy(String says) {
    String effect = says.equals("deny") ? "Deny" : "Allow";
    String action = says.equals("none") ? "iam:GetUser" : "s3:*";
    return says.equals("-") ? Optional.empty() : Optional.of(new NamedPolicy(says, PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": {"Effect": "%s", "Action": "%s", "Resource": "*"}}"""
        .formatted(effect, action), PolicyDocument.Kind.IDENTITY)));
  }

  private static Optional<NamedPolicy> resource(String names) {
    String principal = switch (names) {
      case "user" -> "{\"AWS\": \"" + USER + "\"}";
      case "role" -> "{\"AWS\": \"" + ROLE + "\"}";
      case "session" -> "{\"AWS\": \"" + SESSION + "\"}";
      case "account" -> "{\"AWS\": \"111111111111\"}";
      case "other" -> "{\"AWS\": \"arn:aws:iam::111111111111:user/bob\"}";
      default -> "\"*\"";
    };
    return names.equals("-") ? Optional.empty() : Optional.of(new NamedPolicy("bucket", PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
         "Principal": %s}}""".formatted(principal), PolicyDocument.Kind.RESOURCE)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "arn:aws:s3:::b/${aws:username}/*; ann; arn:aws:s3:::b/ann/x; true",
    "arn:aws:s3:::b/${aws:username}/*; *; arn:aws:s3:::b/ann/x; false",
    "arn:aws:s3:::b/${aws:username}/*; *; arn:aws:s3:::b/*/x; true",
    "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/*; ann; arn:aws:s3:::b/none/x; true",
    "arn:aws:s3:::b/${aws:PrincipalTag/team}/*; ann; arn:aws:s3:::b//x; false",
    "arn:aws:s3:::b/${*}; ann; arn:aws:s3:::b/x; false", "arn:aws:s3:::b/${*}; ann; arn:aws:s3:::b/*; true"})
  void variablesStandForThemselvesAlone(String pattern, String name, String resource, boolean allowed) {
    PolicyDocument document = PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "%s"}}"""
        .formatted(pattern), PolicyDocument.Kind.IDENTITY);
    RequestContext request = new RequestContext("s3:GetObject", resource, Map.of("aws:username", List.of(name)));
    assertThat(PolicyEvaluator.evaluate(request, Policies.ofIdentity(List.of(new NamedPolicy("p", document)))).allowed())
        .isEqualTo(allowed);
  }

  @Test
  void notPrincipalNotActionAndNotResourceNegate() {
    PolicyDocument document = PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Deny", "NotAction": "s3:Get*", "NotResource": "arn:aws:s3:::b/open/*",
           "NotPrincipal": {"AWS": "%s"}}]}""".formatted(USER), PolicyDocument.Kind.RESOURCE);
    assertThat(denied(document, "s3:PutObject", "arn:aws:s3:::b/k", ROLE)).isTrue();
    assertThat(denied(document, "s3:PutObject", "arn:aws:s3:::b/k", USER)).isFalse();
    assertThat(denied(document, "s3:GetObject", "arn:aws:s3:::b/k", ROLE)).isFalse();
    assertThat(denied(document, "s3:PutObject", "arn:aws:s3:::b/open/k", ROLE)).isFalse();
  }

  private static boolean denied(PolicyDocument document, String action, String resource, String principal) {
    return PolicyEvaluator.evaluate(new RequestContext(action, resource, Map.of("aws:PrincipalArn", List.of(principal))),
        new Policies(List.of(), List.of(), Optional.empty(), Optional.of(new NamedPolicy("b", document)), true, true))
        instanceof Decision.ExplicitDeny;
  }
}
