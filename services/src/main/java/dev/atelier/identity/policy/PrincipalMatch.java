package dev.atelier.identity.policy;

import dev.atelier.kernel.Arn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a statement's Principal element with the request's, which stands in the keys {@code aws:PrincipalArn},
 * {@code aws:PrincipalAccount}, {@link #SESSION_ARN}, {@link #FEDERATED} and {@link #SERVICE}.
 */
public final class PrincipalMatch {
  /** The ARN of the session itself, where {@code aws:PrincipalArn} is that of its role or user. */
  public static final String SESSION_ARN = "atelier:SessionArn";
  /** The identity provider that vouches for a web identity. */
  public static final String FEDERATED = "aws:FederatedProvider";
  /** The service principal that acts, such as {@code sagemaker.amazonaws.com}. */
  public static final String SERVICE = "aws:PrincipalServiceName";

  private PrincipalMatch() {}

  /** Whom the element names among whom the request comes from, in order of how far that carries. */
  enum Reach {
    NONE,
    /** The account, which decides by its own policies. */
    ACCOUNT,
    /** The role, or everybody: boundary and session policies still bound it. */
    ROLE,
    /** The very user, session, provider or service. */
    DIRECT
  }

  static Reach reach(Map<String, List<String>> principals, RequestContext request) {
    Reach reach = Reach.NONE;
    for (String each : principals.getOrDefault("AWS", List.of())) {
      Reach one = aws(each, request);
      reach = one.compareTo(reach) > 0 ? one : reach;
    }
    boolean service = principals.getOrDefault("Service", List.of()).stream().anyMatch(request.values(SERVICE)::contains);
    boolean federated =
        principals.getOrDefault("Federated", List.of()).stream().anyMatch(request.values(FEDERATED)::contains);
    return service || federated ? Reach.DIRECT : reach;
  }

  private static Reach aws(String principal, RequestContext request) {
    List<String> arns = request.values("aws:PrincipalArn");
    List<String> sessions = request.values(SESSION_ARN);
    if (principal.equals("*")) {
      return sessions.equals(arns) && !arns.isEmpty() ? Reach.DIRECT : Reach.ROLE;
    }
    if (sessions.contains(principal)) {
      return Reach.DIRECT;
    }
    if (arns.contains(principal)) {
      return Reach.ROLE;
    }
    Optional<Arn> arn = Arn.parse(principal);
    String account = arn.filter(each -> each.service().equals("iam") && each.resource().equals("root"))
        .map(Arn::account).orElse(principal);
    return request.values("aws:PrincipalAccount").contains(account) ? Reach.ACCOUNT : Reach.NONE;
  }
}
