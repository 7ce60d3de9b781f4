package dev.atelier.identity.policy;

import dev.atelier.identity.policy.Decision.Match;
import dev.atelier.identity.policy.Decision.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides one request by policies, as IAM does: an explicit deny wins, then every kind that applies must allow. */
public final class PolicyEvaluator {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)\\}");

  private PolicyEvaluator() {}

  /** A document with the name that messages use for it. */
  public record NamedPolicy(String name, PolicyDocument document) {}

  /**
   * The policies that apply to one request.
   *
   * @param identity policies of the user or role
   * @param session each of these must allow as well; a session without policies has none
   * @param boundary the permissions boundary, if one is set
   * @param resource the policy of the resource
   * @param sameAccount whether principal and resource belong to one account: then either kind may allow, otherwise
   *     both must
   * @param implicitAllow the account's root user needs no allow
   */
  public record Policies(
      List<NamedPolicy> identity,
      List<NamedPolicy> session,
      Optional<NamedPolicy> boundary,
      Optional<NamedPolicy> resource,
      boolean sameAccount,
      boolean implicitAllow) {

    /** Identity policies alone. */
    public static Policies ofIdentity(List<NamedPolicy> identity) {
      return new Policies(identity, List.of(), Optional.empty(), Optional.empty(), true, false);
    }
  }

  public static Decision evaluate(RequestContext request, Policies policies) {
    List<Layer> layers = layers(policies);
    for (Layer layer : layers) {
      Optional<Match> deny = find(request, layer, Statement.Effect.DENY);
      if (deny.isPresent()) {
        return new Decision.ExplicitDeny(deny.get());
      }
    }
    Optional<Match> resource = policies.resource()
        .flatMap(policy -> find(request, new Layer(PolicyKind.RESOURCE, List.of(policy)), Statement.Effect.ALLOW));
    boolean byItself = policies.sameAccount()
        && policies.resource().map(policy -> namesPrincipal(request, policy.document())).orElse(false);
    Optional<Match> identity = policies.implicitAllow()
        ? Optional.of(new Match(PolicyKind.IDENTITY, "root", "root"))
        : find(request, new Layer(PolicyKind.IDENTITY, policies.identity()), Statement.Effect.ALLOW);
    if (identity.isEmpty() && !byItself) {
      return new Decision.ImplicitDeny(PolicyKind.IDENTITY);
    }
    if (resource.isEmpty() && !policies.sameAccount()) {
      return new Decision.ImplicitDeny(PolicyKind.RESOURCE);
    }
    if (policies.boundary().isPresent() && identity.isPresent()
        && find(request, new Layer(PolicyKind.BOUNDARY, List.of(policies.boundary().get())), Statement.Effect.ALLOW)
            .isEmpty()) {
      return new Decision.ImplicitDeny(PolicyKind.BOUNDARY);
    }
    for (NamedPolicy session : policies.session()) {
      if (find(request, new Layer(PolicyKind.SESSION, List.of(session)), Statement.Effect.ALLOW).isEmpty()) {
        return new Decision.ImplicitDeny(PolicyKind.SESSION);
      }
    }
    return new Decision.Allowed(identity.or(() -> resource).orElseThrow());
  }

  /** Whether a trust policy lets the principal described by {@code request} take the action. */
  public static boolean trusts(PolicyDocument trust, RequestContext request) {
    Layer layer = new Layer(PolicyKind.RESOURCE, List.of(new NamedPolicy("trust", trust)));
    return find(request, layer, Statement.Effect.DENY).isEmpty()
        && find(request, layer, Statement.Effect.ALLOW).isPresent();
  }

  /** Whether a resource's policy allows it to the principal itself, and not only to its account. */
  private static boolean namesPrincipal(RequestContext request, PolicyDocument policy) {
    return policy.statements().stream().anyMatch(statement -> statement.effect() == Statement.Effect.ALLOW
        && matches(request, statement, policy.version())
        && (statement.notPrincipal() || PrincipalMatch.matchesItself(statement.principals(), request)));
  }

  private record Layer(PolicyKind kind, List<NamedPolicy> policies) {}

  private static List<Layer> layers(Policies policies) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer(PolicyKind.IDENTITY, policies.identity()));
    layers.add(new Layer(PolicyKind.SESSION, policies.session()));
    policies.boundary().ifPresent(each -> layers.add(new Layer(PolicyKind.BOUNDARY, List.of(each))));
    policies.resource().ifPresent(each -> layers.add(new Layer(PolicyKind.RESOURCE, List.of(each))));
    return layers;
  }

  private static Optional<Match> find(RequestContext request, Layer layer, Statement.Effect effect) {
    for (NamedPolicy policy : layer.policies()) {
      for (Statement statement : policy.document().statements()) {
        if (statement.effect() == effect && matches(request, statement, policy.document().version())) {
          return Optional.of(new Match(layer.kind(), policy.name(), statement.sid()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matches(RequestContext request, Statement statement, String version) {
    boolean variables = version.equals("2012-10-17");
    return actionMatches(request, statement)
        && resourceMatches(request, statement, variables)
        && principalMatches(request, statement)
        && statement.conditions().stream().allMatch(condition -> ConditionOperator.holds(
            condition.operator(), request.values(condition.key()), request.has(condition.key()),
            condition.values().stream().map(value -> variables ? replaced(value, request) : value).toList()));
  }

  private static boolean actionMatches(RequestContext request, Statement statement) {
    String action = request.action().toLowerCase(Locale.ROOT);
    return statement.notAction() != statement.actions().stream()
        .anyMatch(pattern -> Glob.matches(pattern.toLowerCase(Locale.ROOT), action));
  }

  private static boolean resourceMatches(RequestContext request, Statement statement, boolean variables) {
    if (statement.resources().isEmpty()) {
      return true;
    }
    return statement.notResource() != statement.resources().stream()
        .anyMatch(pattern -> Glob.matches(variables ? replaced(pattern, request) : pattern, request.resource()));
  }

  /** Identity policies name no principal and apply to whoever holds them. */
  private static boolean principalMatches(RequestContext request, Statement statement) {
    return statement.principals().isEmpty()
        || statement.notPrincipal() != PrincipalMatch.matches(statement.principals(), request);
  }

  private static String replaced(String text, RequestContext request) {
    if (text.indexOf("${") < 0) {
      return text;
    }
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(variable(matcher.group(1), matcher.group(), request)));
    }
    return matcher.appendTail(out).toString();
  }

  private static String variable(String expression, String whole, RequestContext request) {
    if (expression.equals("*") || expression.equals("?") || expression.equals("$")) {
      return expression;
    }
    String[] parts = expression.split(",", 2);
    List<String> values = request.values(parts[0].trim());
    if (values.size() == 1) {
      return values.getFirst();
    }
    if (parts.length == 2 && parts[1].trim().matches("'.*'")) {
      String fallback = parts[1].trim();
      return fallback.substring(1, fallback.length() - 1);
    }
    return whole;
  }
}
