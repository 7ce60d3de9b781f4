package dev.atelier.identity;

import dev.atelier.identity.policy.ContextKeys;
import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.iam.ContextEntry;
import dev.atelier.models.iam.EvaluationResult;
import dev.atelier.models.iam.GetContextKeysForCustomPolicyRequest;
import dev.atelier.models.iam.GetContextKeysForPolicyResponse;
import dev.atelier.models.iam.GetContextKeysForPrincipalPolicyRequest;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListPoliciesGrantingServiceAccessEntry;
import dev.atelier.models.iam.ListPoliciesGrantingServiceAccessRequest;
import dev.atelier.models.iam.ListPoliciesGrantingServiceAccessResponse;
import dev.atelier.models.iam.PermissionsBoundaryDecisionDetail;
import dev.atelier.models.iam.PolicyGrantingServiceAccess;
import dev.atelier.models.iam.SimulateCustomPolicyRequest;
import dev.atelier.models.iam.SimulatePolicyResponse;
import dev.atelier.models.iam.SimulatePrincipalPolicyRequest;
import dev.atelier.models.iam.Statement;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The policy simulator: it asks the evaluator that authorises requests, so both always answer alike. */
final class SimulationApi {
  private static final int MOST_RESULTS = 1_000;

  private final Holders holders;
  private final Authoriser authoriser;
  private final Entitlements entitlements;

  SimulationApi(Holders holders, Authoriser authoriser, Entitlements entitlements) {
    this.holders = holders;
    this.authoriser = authoriser;
    this.entitlements = entitlements;
  }

  void register(OperationTable table) {
    table.on(IamOperations.simulatePrincipalPolicy(), this::simulatePrincipalPolicy)
        .on(IamOperations.simulateCustomPolicy(), this::simulateCustomPolicy)
        .on(IamOperations.getContextKeysForCustomPolicy(), this::getContextKeysForCustomPolicy)
        .on(IamOperations.getContextKeysForPrincipalPolicy(), this::getContextKeysForPrincipalPolicy)
        .on(IamOperations.listPoliciesGrantingServiceAccess(), this::listPoliciesGrantingServiceAccess);
  }

  /** What is asked of the simulator, whichever of the two operations asks. */
  private record Question(
      Caller principal, List<String> actions, List<String> resources, Map<String, List<String>> keys, Policies policies) {}

  SimulatePolicyResponse simulatePrincipalPolicy(Caller caller, SimulatePrincipalPolicyRequest request) {
    Holder source = holders.require(caller, request.policySourceArn());
    List<NamedPolicy> identity = new ArrayList<>(held(source));
    identity.addAll(parsed("PolicyInputList", request.policyInputList()));
    Optional<NamedPolicy> boundary = parsed("PermissionsBoundaryPolicyInputList",
        request.permissionsBoundaryPolicyInputList()).stream().findFirst().or(() -> boundary(caller, source));
    Caller acting = request.callerArn() == null ? acting(caller, source)
        : acting(caller, holders.require(caller, request.callerArn()));
    return answer(new Question(acting, request.actionNames(), request.resourceArns(), keys(request.contextEntries()),
        new Policies(identity, List.of(), boundary, resource(request.resourcePolicy()), sameAccount(acting,
            request.resourceOwner()), false)), request.marker(), request.maxItems());
  }

  SimulatePolicyResponse simulateCustomPolicy(Caller caller, SimulateCustomPolicyRequest request) {
    Caller acting = request.callerArn() == null ? caller : acting(caller, holders.require(caller, request.callerArn()));
    return answer(new Question(acting, request.actionNames(), request.resourceArns(), keys(request.contextEntries()),
        new Policies(parsed("PolicyInputList", request.policyInputList()), List.of(),
            parsed("PermissionsBoundaryPolicyInputList", request.permissionsBoundaryPolicyInputList()).stream()
                .findFirst(), resource(request.resourcePolicy()), sameAccount(acting, request.resourceOwner()), false)),
        request.marker(), request.maxItems());
  }

  private static boolean sameAccount(Caller caller, String owner) {
    return owner == null || owner.contains(caller.account().value());
  }

  private static Optional<NamedPolicy> resource(String text) {
    return Optional.ofNullable(text)
        .map(each -> new NamedPolicy("ResourcePolicy", PolicyDocument.parse(each, PolicyDocument.Kind.RESOURCE)));
  }

  private static Map<String, List<String>> keys(List<ContextEntry> entries) {
    Map<String, List<String>> keys = new HashMap<>();
    entries.forEach(entry -> keys.put(entry.contextKeyName().toLowerCase(Locale.ROOT), entry.contextKeyValues()));
    return keys;
  }

  private SimulatePolicyResponse answer(Question question, String marker, Integer maxItems) {
    List<EvaluationResult> results = new ArrayList<>();
    List<String> resources = question.resources().isEmpty() ? List.of("*") : question.resources();
    if ((long) question.actions().size() * resources.size() > MOST_RESULTS) {
      throw new Fault("InvalidInput", 400, "Too many combinations of actions and resources were asked for.");
    }
    for (String action : question.actions()) {
      if (!action.matches("[A-Za-z0-9.-]+:[A-Za-z0-9*?_-]+")) {
        throw new Fault("ValidationError", 400, "Invalid Action Name: " + action);
      }
      for (String resource : resources) {
        results.add(result(authoriser.context(question.principal(),
            Authoriser.Access.of(action, resource).with(question.keys())), question.policies()));
      }
    }
    IamPage<EvaluationResult> page = IamPage.inOrder(results, marker, maxItems);
    return SimulatePolicyResponse.builder()
        .evaluationResults(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull())
        .build();
  }

  private static EvaluationResult result(RequestContext request, Policies policies) {
    Decision decision = PolicyEvaluator.evaluate(request, policies);
    List<Statement> matched = PolicyEvaluator.matching(request, policies).stream().map(SimulationApi::wire).toList();
    boolean bounded = decision instanceof Decision.ImplicitDeny deny && deny.kind() == Decision.PolicyKind.BOUNDARY
        || decision instanceof Decision.ExplicitDeny explicit && explicit.by().kind() == Decision.PolicyKind.BOUNDARY;
    return EvaluationResult.builder()
        .evalActionName(request.action())
        .evalResourceName(request.resource())
        .evalDecision(switch (decision) {
          case Decision.Allowed allowed -> "allowed";
          case Decision.ExplicitDeny deny -> "explicitDeny";
          case Decision.ImplicitDeny deny -> "implicitDeny";
        })
        .matchedStatements(matched)
        .missingContextValues(List.copyOf(PolicyEvaluator.missingKeys(request, policies)))
        .permissionsBoundaryDecisionDetail(policies.boundary().map(each -> PermissionsBoundaryDecisionDetail.builder()
            .allowedByPermissionsBoundary(!bounded).build()).orElse(null))
        .build();
  }

  private static Statement wire(Decision.Match match) {
    String type = switch (match.kind()) {
      case RESOURCE -> "resource";
      case IDENTITY, SESSION, BOUNDARY -> match.policy().startsWith("arn:aws:iam::aws:") ? "aws-managed"
          : match.policy().startsWith("arn:") ? "user-managed" : "none";
    };
    return Statement.builder().sourcePolicyId(match.policy()).sourcePolicyType(type).build();
  }

  private static List<NamedPolicy> parsed(String list, List<String> documents) {
    List<NamedPolicy> policies = new ArrayList<>();
    for (String text : documents) {
      policies.add(new NamedPolicy(list + "." + (policies.size() + 1),
          PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY)));
    }
    return policies;
  }

  /** The policies of a user with those of the user's groups, of a group, or of a role. */
  private List<NamedPolicy> held(Holder holder) {
    List<NamedPolicy> policies = new ArrayList<>(entitlements.of(holder.principal()));
    if (holder instanceof User user) {
      holders.groups().of(user).forEach(group -> policies.addAll(entitlements.of(group.principal())));
    }
    return policies;
  }

  private Optional<NamedPolicy> boundary(Caller caller, Holder holder) {
    return holder instanceof Group ? Optional.empty()
        : entitlements.of(caller.account(), acting(caller, holder).identity(), Optional.empty(), true).boundary();
  }

  /** The holder as if it called; a group calls as the one who asks. */
  private static Caller acting(Caller caller, Holder holder) {
    return new Caller(caller.account(), caller.region(), switch (holder) {
      case User user -> new Identity.User(user.name(), user.path(), user.id());
      case Role role -> new Identity.AssumedRole(role.name(), role.path(), role.id(), "simulation", List.of());
      case Group group -> caller.identity();
    }, "");
  }

  GetContextKeysForPolicyResponse getContextKeysForCustomPolicy(
      Caller caller, GetContextKeysForCustomPolicyRequest request) {
    return names(parsed("PolicyInputList", request.policyInputList()));
  }

  GetContextKeysForPolicyResponse getContextKeysForPrincipalPolicy(
      Caller caller, GetContextKeysForPrincipalPolicyRequest request) {
    List<NamedPolicy> policies = new ArrayList<>(held(holders.require(caller, request.policySourceArn())));
    policies.addAll(parsed("PolicyInputList", request.policyInputList()));
    return names(policies);
  }

  private static GetContextKeysForPolicyResponse names(List<NamedPolicy> policies) {
    Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    policies.forEach(policy -> keys.addAll(ContextKeys.of(policy.document())));
    return GetContextKeysForPolicyResponse.builder().contextKeyNames(List.copyOf(keys)).build();
  }

  ListPoliciesGrantingServiceAccessResponse listPoliciesGrantingServiceAccess(
      Caller caller, ListPoliciesGrantingServiceAccessRequest request) {
    Holder holder = holders.require(caller, request.arn());
    IamPage<String> page = IamPage.inOrder(request.serviceNamespaces(), request.marker(), null);
    return ListPoliciesGrantingServiceAccessResponse.builder()
        .policiesGrantingServiceAccess(page.items().stream().map(service ->
            ListPoliciesGrantingServiceAccessEntry.builder().serviceNamespace(service)
                .policies(granting(caller, holder, service)).build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  private List<PolicyGrantingServiceAccess> granting(Caller caller, Holder holder, String service) {
    List<Holder> all = new ArrayList<>(List.of(holder));
    if (holder instanceof User user) {
      all.addAll(holders.groups().of(user));
    }
    List<PolicyGrantingServiceAccess> found = new ArrayList<>();
    for (Holder each : all) {
      entitlements.of(each.principal()).stream().filter(policy -> PolicyEvaluator.grants(policy.document(), service))
          .forEach(policy -> found.add(policy.name().startsWith("arn:")
              ? PolicyGrantingServiceAccess.builder().policyType("MANAGED")
                  .policyName(policy.name().substring(policy.name().lastIndexOf('/') + 1))
                  .policyArn(IamWire.local(caller, policy.name())).build()
              : PolicyGrantingServiceAccess.builder().policyType("INLINE").policyName(policy.name())
                  .entityType(each.principal().kind().name()).entityName(each.principal().name()).build()));
    }
    return found;
  }
}
