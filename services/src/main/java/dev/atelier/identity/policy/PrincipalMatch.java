package dev.atelier.identity.policy;

import dev.atelier.kernel.Arn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a statement's Principal element with the request's, which stands in the keys {@code aws:PrincipalArn},
 * {@code aws:PrincipalAccount}, {@link #SESSION_ARN} and {@link #SERVICE}.
 */
public final class PrincipalMatch {
  /** The ARN of the session itself, where {@code aws:PrincipalArn} is that of its role. */
  public static final String SESSION_ARN = "atelier:SessionArn";
  /** The service principal that acts, such as {@code sagemaker.amazonaws.com}. */
  public static final String SERVICE = "aws:PrincipalServiceName";

  private PrincipalMatch() {}

  static boolean matches(Map<String, List<String>> principals, RequestContext request) {
    return matchesItself(principals, request)
        || principals.getOrDefault("AWS", List.of()).stream().anyMatch(each -> isAccount(each, request));
  }

  /**
   * Whether the request's principal is named, or everybody. An account that is named only leaves the decision to its own
   * policies, so within the account that grants nothing.
   */
  static boolean matchesItself(Map<String, List<String>> principals, RequestContext request) {
    List<String> aws = principals.getOrDefault("AWS", List.of());
    if (aws.contains("*") || aws.stream().anyMatch(each -> request.values("aws:PrincipalArn").contains(each)
        || request.values(SESSION_ARN).contains(each))) {
      return true;
    }
    return principals.getOrDefault("Service", List.of()).stream()
        .anyMatch(service -> request.values(SERVICE).contains(service));
  }

  private static boolean isAccount(String principal, RequestContext request) {
    Optional<Arn> arn = Arn.parse(principal);
    String account = arn.filter(each -> each.service().equals("iam") && each.resource().equals("root"))
        .map(Arn::account).orElse(principal);
    return request.values("aws:PrincipalAccount").contains(account);
  }
}
