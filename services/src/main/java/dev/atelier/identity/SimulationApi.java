package dev.atelier.identity;

import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.iam.ContextEntry;
import dev.atelier.models.iam.EvaluationResult;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.SimulateCustomPolicyRequest;
import dev.atelier.models.iam.SimulatePolicyResponse;
import dev.atelier.models.iam.SimulatePrincipalPolicyRequest;
import dev.atelier.models.iam.Statement;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The policy simulator: it asks the evaluator that authorises requests, so both always answer alike. */
final class SimulationApi {
  private final Users users;
  private final Roles roles;
  private final Authoriser authoriser;
  private final Entitlements entitlements;

  SimulationApi(Users users, Roles roles, Authoriser authoriser, Entitlements entitlements) {
    this.users = users;
    this.roles = roles;
    this.authoriser = authoriser;
    this.entitlements = entitlements;
  }

  void register(OperationTable table) {
    table.on(IamOperations.simulatePrincipalPolicy(), this::simulatePrincipalPolicy)
        .on(IamOperations.simulateCustomPolicy(), this::simulateCustomPolicy);
  }

  SimulatePolicyResponse simulatePrincipalPolicy(Caller caller, SimulatePrincipalPolicyRequest request) {
    Caller principal = principal(caller, request.policySourceArn());
    Optional<NamedPolicy> resourcePolicy = Optional.ofNullable(request.resourcePolicy())
        .map(text -> new NamedPolicy("ResourcePolicy", PolicyDocument.parse(text, PolicyDocument.Kind.RESOURCE)));
    Policies held = entitlements.of(principal.account(), principal.identity(), resourcePolicy, true);
    List<NamedPolicy> identity = new ArrayList<>(held.identity());
    identity.addAll(parsed(request.policyInputList()));
    return answer(principal, request.actionNames(), request.resourceArns(), request.contextEntries(),
        new Policies(identity, held.session(), held.boundary(), held.resource(), true, held.implicitAllow()),
        request.marker(), request.maxItems());
  }

  SimulatePolicyResponse simulateCustomPolicy(Caller caller, SimulateCustomPolicyRequest request) {
    return answer(caller, request.actionNames(), request.resourceArns(), request.contextEntries(),
        Policies.ofIdentity(parsed(request.policyInputList())), request.marker(), request.maxItems());
  }

  private SimulatePolicyResponse answer(Caller principal, List<String> actions, List<String> resources,
      List<ContextEntry> entries, Policies policies, String marker, Integer maxItems) {
    Map<String, List<String>> keys = new HashMap<>();
    entries.forEach(entry -> keys.put(entry.contextKeyName(), entry.contextKeyValues()));
    List<EvaluationResult> results = new ArrayList<>();
    for (String action : actions) {
      for (String resource : resources.isEmpty() ? List.of("*") : resources) {
        RequestContext context =
            authoriser.context(principal, Authoriser.Access.of(action, resource).with(keys));
        results.add(result(action, resource, PolicyEvaluator.evaluate(context, policies)));
      }
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      places.add(i);
    }
    IamPage<Integer> page = IamPage.of(places, place -> String.format("%08d", place), marker, maxItems);
    return SimulatePolicyResponse.builder()
        .evaluationResults(page.items().stream().map(results::get).toList())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  private static EvaluationResult result(String action, String resource, Decision decision) {
    EvaluationResult.Builder result = EvaluationResult.builder()
        .evalActionName(action).evalResourceName(resource).missingContextValues(List.of());
    return switch (decision) {
      case Decision.Allowed allowed ->
          result.evalDecision("allowed").matchedStatements(List.of(wire(allowed.by()))).build();
      case Decision.ExplicitDeny deny ->
          result.evalDecision("explicitDeny").matchedStatements(List.of(wire(deny.by()))).build();
      case Decision.ImplicitDeny deny ->
          result.evalDecision("implicitDeny").matchedStatements(List.of()).build();
    };
  }

  private static Statement wire(Decision.Match match) {
    return Statement.builder().sourcePolicyId(match.policy())
        .sourcePolicyType(match.kind() == Decision.PolicyKind.RESOURCE ? "resource" : "none").build();
  }

  private static List<NamedPolicy> parsed(List<String> documents) {
    List<NamedPolicy> policies = new ArrayList<>();
    for (String text : documents) {
      policies.add(new NamedPolicy("PolicyInputList." + (policies.size() + 1),
          PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY)));
    }
    return policies;
  }

  /** The user or role whose policies are simulated, as if it called. */
  private Caller principal(Caller caller, String text) {
    Arn arn = Arn.parse(text).filter(each -> each.service().equals("iam"))
        .orElseThrow(() -> new Fault("InvalidInput", 400, "Invalid Entity Arn: " + text));
    if (!arn.account().equals(caller.account().value())) {
      throw Users.noSuchEntity("Invalid Entity Arn: " + text + " does not include the caller's account.");
    }
    AccountId account = new AccountId(arn.account());
    String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    Identity identity;
    if (arn.resource().startsWith("role/")) {
      Role role = roles.require(account, name);
      identity = new Identity.AssumedRole(role.name(), role.path(), role.id(), "simulation", List.of());
    } else if (arn.resource().startsWith("user/")) {
      User user = users.require(account, name);
      identity = new Identity.User(user.name(), user.path(), user.id());
    } else {
      throw new Fault("InvalidInput", 400, "Invalid Entity Arn: " + text);
    }
    return new Caller(account, caller.region(), identity, "");
  }
}
