package dev.atelier.s3;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.S3Fault;
import dev.atelier.s3.PolicyVocabulary.Action;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What S3 demands of a bucket's policy beyond its form: that it says something of this bucket, of actions and keys that
 * there are, and of somebody who is there. A statement that could never count is refused, not kept.
 */
final class BucketPolicyRules {
  private static final int LONGEST = 20 << 10;
  /** Whose condition keys S3 takes without a look at their names; those of identity providers have a dot in theirs. */
  private static final Set<String> FOREIGN_KEYS = Set.of("aws", "saml", "sts", "ec2", "ecs", "glue", "identitystore",
      "lambda", "signin", "ssm");

  private final AccountDirectory accounts;

  BucketPolicyRules(AccountDirectory accounts) {
    this.accounts = accounts;
  }

  /**
   * Returns when the text may be the bucket's policy.
   *
   * @throws Fault MalformedPolicy
   */
  void check(Bucket bucket, String policy) {
    if (!policy.startsWith("{")) {
      throw malformed("Policies must be valid JSON and the first byte must be '{'");
    }
    if (policy.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw malformed("Policy exceeds the maximum allowed document size.");
    }
    List<Statement> statements;
    try {
      statements = PolicyDocument.parse(policy, PolicyDocument.Kind.RESOURCE).statements();
    } catch (Fault e) {
      throw malformed(e.getMessage());
    }
    statements.forEach(statement -> check(bucket, statement));
  }

  private void check(Bucket bucket, Statement statement) {
    if (statement.notPrincipal() && statement.effect() == Statement.Effect.ALLOW) {
      throw malformed("Allow with NotPrincipal is not allowed.");
    }
    statement.principals().forEach((type, values) -> values.forEach(value -> principal(type, value)));
    statement.actions().stream().filter(action -> PolicyVocabulary.actions(action).isEmpty()).findFirst()
        .ifPresent(action -> {
          throw malformed("Policy has invalid action");
        });
    List<String> named = statement.resources().stream().map(resource -> inBucket(bucket, resource)
        .orElseThrow(() -> malformed("Policy has invalid resource"))).toList();
    List<String> keys = statement.conditions().stream().map(Statement.Condition::key).toList();
    if (!keys.stream().allMatch(BucketPolicyRules::isKey)) {
      throw malformed("Policy has an invalid condition key");
    }
    if (!statement.notAction() && !statement.notResource()) {
      actions(statement.actions(), named, keys);
    }
  }

  private void principal(String type, String value) {
    boolean known = type.equals("CanonicalUser") ? accounts.ofCanonicalId(value).isPresent()
        : type.equals("AWS") && value.equals("*") || accounts.principals().test(type, value);
    if (!known) {
      throw new Fault("MalformedPolicy", 400, "Invalid principal in policy",
          Map.of("Detail", "\"" + type + "\" : \"" + value + "\""));
    }
  }

  /** What the ARN says after the bucket's name; empty when it is not of the bucket or in it. */
  private static Optional<String> inBucket(Bucket bucket, String resource) {
    String arn = "arn:" + bucket.region().partition().id() + ":s3:::" + bucket.name();
    return Optional.of(resource).filter(each -> each.startsWith(arn)).map(each -> each.substring(arn.length()))
        .filter(rest -> rest.isEmpty() || rest.startsWith("/") || rest.startsWith("*"));
  }

  private static boolean isKey(String key) {
    int colon = key.indexOf(':');
    String vendor = colon < 0 ? "" : key.substring(0, colon).toLowerCase(Locale.ROOT);
    return vendor.equals("s3") ? PolicyVocabulary.isKey(key) : vendor.contains(".") || FOREIGN_KEYS.contains(vendor);
  }

  private static void actions(List<String> patterns, List<String> named, List<String> keys) {
    boolean bucket = named.stream().anyMatch(rest -> !rest.startsWith("/"));
    boolean object = named.stream().anyMatch(rest -> !rest.isEmpty());
    for (String pattern : patterns) {
      if (applying(pattern, bucket, object).findAny().isEmpty()) {
        throw malformed("Action does not apply to any resource(s) in statement");
      }
    }
    for (String key : keys) {
      if (key.toLowerCase(Locale.ROOT).startsWith("s3:") && patterns.stream()
          .flatMap(pattern -> applying(pattern, bucket, object))
          .noneMatch(action -> action.keys().contains(PolicyVocabulary.plain(key)))) {
        throw malformed("Conditions do not apply to combination of actions and resources in statement");
      }
    }
  }

  private static Stream<Action> applying(String pattern, boolean bucket, boolean object) {
    return PolicyVocabulary.actions(pattern).stream()
        .filter(action -> bucket && action.ofBucket() || object && action.ofObject());
  }

  private static Fault malformed(String message) {
    return S3Fault.of("MalformedPolicy", 400, message);
  }
}
