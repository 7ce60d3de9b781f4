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
    List<String> aws = principals.getOrDefault("AWS", List.of());
    if (aws.contains("*")) {
      return true;
    }
    if (aws.stream().anyMatch(each -> isPrincipal(each, request))) {
      return true;
    }
    return principals.getOrDefault("Service", List.of()).stream()
        .anyMatch(service -> request.values(SERVICE).contains(service));
  }

  private static boolean isPrincipal(String principal, RequestContext request) {
    if (request.values("aws:PrincipalArn").contains(principal) || request.values(SESSION_ARN).contains(principal)) {
      return true;
    }
    Optional<Arn> arn = Arn.parse(principal);
    String account = arn.filter(each -> each.service().equals("iam") && each.resource().equals("root"))
        .map(Arn::account).orElse(principal);
    return request.values("aws:PrincipalAccount").contains(account);
  }
}
