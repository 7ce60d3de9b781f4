package dev.atelier.identity.policy;

import dev.atelier.identity.policy.Decision.Match;
import dev.atelier.identity.policy.Decision.PolicyKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides one request by policies, as IAM does: an explicit deny wins, then every kind that applies must allow. */
public final class PolicyEvaluator {
  private PolicyEvaluator() {}

  /** A document with the name that messages use for it. */
  public record NamedPolicy(String name, PolicyDocument document) {}

  /**
   * The policies that apply to one request.
   *
   * @param identity policies of the user, with those of the user's groups, or of the role
   * @param session together they bound the session; a session that was issued without any has none
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
    for (Layer layer : layers(policies)) {
      Optional<Match> deny = find(request, layer, Statement.Effect.DENY);
      if (deny.isPresent()) {
        return new Decision.ExplicitDeny(deny.get());
      }
    }
    Optional<Granted> resource = policies.resource().flatMap(policy -> granted(request, policy));
    Optional<Match> identity = policies.implicitAllow()
        ? Optional.of(new Match(PolicyKind.IDENTITY, "root", "root"))
        : find(request, new Layer(PolicyKind.IDENTITY, policies.identity()), Statement.Effect.ALLOW);
    if (policies.sameAccount()) {
      return sameAccount(request, policies, identity, resource);
    }
    if (identity.isEmpty()) {
      return new Decision.ImplicitDeny(PolicyKind.IDENTITY);
    }
    return bounded(request, policies).orElseGet(() -> resource.isEmpty()
        ? new Decision.ImplicitDeny(PolicyKind.RESOURCE) : new Decision.Allowed(identity.get()));
  }

  /** One allow is enough, but for that of the account itself: it leaves the decision to the identity's policies. */
  private static Decision sameAccount(
      RequestContext request, Policies policies, Optional<Match> identity, Optional<Granted> resource) {
    Optional<Granted> own = resource.filter(each -> each.reach() != PrincipalMatch.Reach.ACCOUNT);
    if (own.filter(each -> each.reach() == PrincipalMatch.Reach.DIRECT).isPresent()) {
      // a grant to a user or a session itself is bounded by neither boundary nor session policies
      return new Decision.Allowed(own.get().match());
    }
    if (identity.isEmpty() && own.isEmpty()) {
      return new Decision.ImplicitDeny(PolicyKind.IDENTITY);
    }
    return bounded(request, policies)
        .orElseGet(() -> new Decision.Allowed(identity.or(() -> own.map(Granted::match)).orElseThrow()));
  }

  /** The denial by a boundary or by session policies that do not allow. */
  private static Optional<Decision> bounded(RequestContext request, Policies policies) {
    if (policies.boundary().isPresent()
        && find(request, new Layer(PolicyKind.BOUNDARY, List.of(policies.boundary().get())), Statement.Effect.ALLOW)
            .isEmpty()) {
      return Optional.of(new Decision.ImplicitDeny(PolicyKind.BOUNDARY));
    }
    if (!policies.session().isEmpty()
        && find(request, new Layer(PolicyKind.SESSION, policies.session()), Statement.Effect.ALLOW).isEmpty()) {
      return Optional.of(new Decision.ImplicitDeny(PolicyKind.SESSION));
    }
    return Optional.empty();
  }

  /** Whether a trust policy lets the principal described by {@code request} take the action. */
  public static boolean trusts(PolicyDocument trust, RequestContext request) {
    Layer layer = new Layer(PolicyKind.RESOURCE, List.of(new NamedPolicy("trust", trust)));
    return find(request, layer, Statement.Effect.DENY).isEmpty()
        && find(request, layer, Statement.Effect.ALLOW).isPresent();
  }

  /** Every statement that applies to the request, whatever it says. */
  public static List<Match> matching(RequestContext request, Policies policies) {
    List<Match> found = new ArrayList<>();
    for (Layer layer : layers(policies)) {
      for (NamedPolicy policy : layer.policies()) {
        policy.document().statements().stream()
            .filter(each -> matches(request, each, policy.document().version()))
            .forEach(each -> found.add(new Match(layer.kind(), policy.name(), each.sid())));
      }
    }
    return found;
  }

  /** The condition keys that statements on this action and resource ask for and the request does not carry. */
  public static Set<String> missingKeys(RequestContext request, Policies policies) {
    Set<String> missing = new TreeSet<>();
    for (Layer layer : layers(policies)) {
      for (NamedPolicy policy : layer.policies()) {
        policy.document().statements().stream()
            .filter(each -> actionMatches(request, each) && resourceMatches(request, each, true))
            .forEach(each -> ContextKeys.of(each).stream().filter(key -> !request.has(key)).forEach(missing::add));
      }
    }
    return missing;
  }

  /** Whether a statement of the document allows anything of the service. */
  public static boolean grants(PolicyDocument document, String service) {
    return document.statements().stream().anyMatch(each -> each.effect() == Statement.Effect.ALLOW
        && (each.notAction() || each.actions().stream().anyMatch(action ->
            Glob.matches(action.split(":", 2)[0], service.toLowerCase(Locale.ROOT)))));
  }

  private record Layer(PolicyKind kind, List<NamedPolicy> policies) {}

  /** An allow of the resource's policy and whom it names. */
  private record Granted(Match match, PrincipalMatch.Reach reach) {}

  private static List<Layer> layers(Policies policies) {
    List<Layer> layers = new ArrayList<>(4);
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

  /** The allow that reaches furthest. */
  private static Optional<Granted> granted(RequestContext request, NamedPolicy policy) {
    return policy.document().statements().stream()
        .filter(each -> each.effect() == Statement.Effect.ALLOW && matches(request, each, policy.document().version()))
        .map(each -> new Granted(new Match(PolicyKind.RESOURCE, policy.name(), each.sid()),
            each.notPrincipal() ? PrincipalMatch.Reach.ROLE : PrincipalMatch.reach(each.principals(), request)))
        .max(Comparator.comparing(Granted::reach));
  }

  private static boolean matches(RequestContext request, Statement statement, String version) {
    boolean variables = version.equals("2012-10-17");
    return actionMatches(request, statement)
        && resourceMatches(request, statement, variables)
        && principalMatches(request, statement)
        && conditionsHold(request, statement, variables);
  }

  private static boolean conditionsHold(RequestContext request, Statement statement, boolean variables) {
    for (Statement.Condition condition : statement.conditions()) {
      List<String> expected = condition.values();
      if (variables && expected.stream().anyMatch(value -> value.contains("${"))) {
        boolean pattern = condition.operator().name().endsWith("like") || condition.operator().name().startsWith("arn");
        expected = expected.stream().map(value -> Variables.replaced(value, request, pattern)).toList();
      }
      if (!condition.operator().holds(request.values(condition.key()), request.has(condition.key()), expected)) {
        return false;
      }
    }
    return true;
  }

  private static boolean actionMatches(RequestContext request, Statement statement) {
    String action = request.foldedAction();
    for (String pattern : statement.actions()) {
      if (Glob.matches(pattern, action)) {
        return !statement.notAction();
      }
    }
    return statement.notAction();
  }

  private static boolean resourceMatches(RequestContext request, Statement statement, boolean variables) {
    if (statement.resources().isEmpty()) {
      return true;
    }
    List<String> spellings = request.resourceSpellings();
    for (String each : statement.resources()) {
      String pattern = variables ? Variables.replaced(each, request, true) : each;
      if (spellings.stream().anyMatch(resource -> Glob.matches(pattern, resource))) {
        return !statement.notResource();
      }
    }
    return statement.notResource();
  }

  /** Identity policies name no principal and apply to whoever holds them. */
  private static boolean principalMatches(RequestContext request, Statement statement) {
    return statement.principals().isEmpty()
        || statement.notPrincipal()
            != (PrincipalMatch.reach(statement.principals(), request) != PrincipalMatch.Reach.NONE);
  }
}
