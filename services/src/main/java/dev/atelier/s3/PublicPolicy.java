package dev.atelier.s3;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a bucket policy lets in anybody, as S3 sees it: a wildcard principal that no condition ties to fixed values. */
final class PublicPolicy {
  private static final Set<String> TYING = Set.of("aws:principalarn", "aws:principalorgid", "aws:principalorgpaths",
      "aws:principalaccount", "aws:principaltag", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce",
      "aws:sourceaccount", "aws:sourceowner", "aws:sourceip", "aws:userid", "s3:dataaccesspointarn",
      "s3:dataaccesspointaccount");
  private static final Set<String> FIXING = Set.of("stringequals", "stringlike", "stringequalsignorecase", "arnequals",
      "arnlike", "ipaddress");

  private PublicPolicy() {}

  /** @param policy a resource policy that parses */
  static boolean is(String policy) {
    return is(PolicyDocument.parse(policy, PolicyDocument.Kind.RESOURCE));
  }

  static boolean is(PolicyDocument policy) {
    return policy.statements().stream()
        .anyMatch(statement -> statement.effect() == Statement.Effect.ALLOW && anybody(statement)
            && statement.conditions().stream().noneMatch(PublicPolicy::ties));
  }

  private static boolean anybody(Statement statement) {
    return statement.notPrincipal()
        || statement.principals().getOrDefault("AWS", List.of()).stream().anyMatch(name -> name.contains("*"));
  }

  private static boolean ties(Statement.Condition condition) {
    String key = condition.key().toLowerCase(Locale.ROOT);
    return TYING.stream().anyMatch(name -> key.equals(name) || key.startsWith(name + "/"))
        && FIXING.contains(condition.operator().name()) && !condition.operator().ifExists()
        && condition.values().stream().noneMatch(value -> value.contains("*") || value.endsWith("/0")
            || value.contains("${"));
  }
}
