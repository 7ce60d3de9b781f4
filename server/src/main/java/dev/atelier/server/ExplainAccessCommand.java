package dev.atelier.server;

import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.PrincipalMatch;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.w3c.dom.Element;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code atelier explain-access}: whether a user or role may do something, and which statement of which policy decides.
 * It asks the running server for the policies and decides with the server's own evaluator; exit code 2 when denied.
 */
@Command(name = "explain-access", mixinStandardHelpOptions = true,
    description = "Tells whether a user or role may do something, and which policy decides.")
final class ExplainAccessCommand implements Callable<Integer> {
  private static final int DENIED = 2;

  @Mixin
  private DataOption data;

  @Option(names = "--principal", paramLabel = "ARN",
      description = "the user or role that asks (default: the execution role)")
  private String principal;

  @Option(names = "--context", paramLabel = "KEY=VALUE",
      description = "a condition key of the request, such as aws:SourceIp=192.0.2.1; may be given several times")
  private Map<String, String> context = Map.of();

  @Parameters(index = "0", paramLabel = "ACTION", description = "such as s3:GetObject")
  private String action;

  @Parameters(index = "1", paramLabel = "RESOURCE", description = "an ARN, or *")
  private String resource;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    if (!action.matches("[a-zA-Z0-9-]+:[a-zA-Z0-9]+")) {
      throw new CommandFailure("the action is malformed: " + action + " is not a service and an operation, such as s3:GetObject");
    }
    if (!resource.equals("*") && Arn.parse(resource).isEmpty()) {
      throw new CommandFailure("the resource is malformed: " + resource + " is neither an ARN nor *");
    }
    AdministratorKey key = AdministratorKey.read(data.folder())
        .orElseThrow(() -> new CommandFailure("the data folder holds no administrator's key"));
    SignedCall call = new SignedCall(data.requireServer().url(),
        PemTrust.of(data.folder().resolve("trust/ca-bundle.pem")), key, "us-east-1");
    String who = principal == null
        ? "arn:aws:iam::" + key.account() + ":role/service-role/AtelierExecutionRole" : principal;
    Arn arn = Arn.parse(who).filter(each -> each.service().equals("iam") && each.account().equals(key.account())
            && (each.resource().startsWith("user/") || each.resource().startsWith("role/")))
        .orElseThrow(() -> new CommandFailure("--principal must be the ARN of a user or role of account " + key.account()));
    AccountPolicies.Held held = AccountPolicies.read(call).held(who);
    RequestContext request = new RequestContext(action, resource, keys(arn, held));
    Policies policies = new Policies(
        held.policies(), List.of(), held.boundary(), bucketPolicy(call, key), true, false);
    Decision decision = PolicyEvaluator.evaluate(request, policies);
    System.out.println((decision.allowed() ? "allowed  " : "denied   ") + who + "  " + action + "  " + resource);
    System.out.println(words(decision, request, policies));
    Set<String> missing = PolicyEvaluator.missingKeys(request, policies);
    if (!missing.isEmpty()) {
      System.out.println("decided without these condition keys, which statements ask for: "
          + String.join(", ", missing) + " (give them with --context)");
    }
    return decision.allowed() ? 0 : DENIED;
  }

  private String words(Decision decision, RequestContext request, Policies policies) {
    return switch (decision) {
      case Decision.Allowed allowed -> "by       statement " + allowed.by().sid() + " of " + allowed.by().policy();
      case Decision.ExplicitDeny deny -> "by       statement " + deny.by().sid() + " of " + deny.by().policy() + " ("
          + deny.by().kind().words() + ")\nhelp     an explicit deny wins over every allow: change or detach that policy";
      case Decision.ImplicitDeny deny -> {
        boolean both = deny.kind() == Decision.PolicyKind.IDENTITY && PolicyEvaluator.evaluate(request,
            new Policies(List.of(), List.of(), policies.boundary(), policies.resource(), true, true))
            instanceof Decision.ImplicitDeny;
        String where = deny.kind() == Decision.PolicyKind.IDENTITY ? "a policy of the principal"
            : "the " + deny.kind().words();
        yield "because  no " + deny.kind().words() + (both ? " and no permissions boundary" : "") + " allows it\nhelp     "
            + "this statement in " + where + (both ? " and in the permissions boundary " + policies.boundary()
                .map(NamedPolicy::name).orElseThrow() + " together" : "") + " would: {\"Effect\": \"Allow\", \"Action\": \""
            + action + "\", \"Resource\": \"" + resource + "\"}";
      }
    };
  }

  private Map<String, List<String>> keys(Arn arn, AccountPolicies.Held held) {
    Map<String, List<String>> keys = new HashMap<>();
    context.forEach((name, value) -> keys.put(name, List.of(value)));
    boolean user = arn.resource().startsWith("user/");
    String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    keys.put("aws:PrincipalArn", List.of(arn.toString()));
    keys.put("aws:PrincipalAccount", List.of(arn.account()));
    keys.put("aws:PrincipalType", List.of(user ? "User" : "AssumedRole"));
    held.tags().forEach((tag, value) -> keys.put("aws:PrincipalTag/" + tag, List.of(value)));
    keys.putIfAbsent("aws:RequestedRegion", List.of("us-east-1"));
    keys.put(PrincipalMatch.SESSION_ARN, List.of(user ? arn.toString()
        : "arn:" + arn.partition() + ":sts::" + arn.account() + ":assumed-role/" + name + "/explain-access"));
    keys.put("aws:userid", List.of(user ? held.id() : held.id() + ":explain-access"));
    if (user) {
      keys.put("aws:username", List.of(name));
    }
    return keys;
  }

  private static SignedCall root(SignedCall call, AdministratorKey key) {
    SignedCall.Answer answer = call.query("sts", Map.of("Action", "AssumeRoot", "Version", "2011-06-15",
        "TargetPrincipal", key.account(), "TaskPolicyArn.arn", "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"));
    Element root = AccountPolicies.parse(answer.text());
    if (answer.status() != 200) {
      throw new CommandFailure("the server refused a session of the root user: " + AccountPolicies.text(root, "Message"));
    }
    Element credentials = (Element) root.getElementsByTagName("Credentials").item(0);
    return call.as(new AdministratorKey(key.account(), AccountPolicies.text(credentials, "AccessKeyId"),
        AccountPolicies.text(credentials, "SecretAccessKey")), AccountPolicies.text(credentials, "SessionToken"));
  }

  /** The policy of the bucket that the resource is or lies in. */
  private Optional<NamedPolicy> bucketPolicy(SignedCall call, AdministratorKey key) {
    Optional<String> bucket = Arn.parse(resource).filter(each -> each.service().equals("s3"))
        .map(each -> each.resource().split("/", 2)[0].toLowerCase(Locale.ROOT))
        .filter(each -> each.matches("[a-z0-9.-]{3,63}"));
    if (bucket.isEmpty()) {
      return Optional.empty();
    }
    String path = "/" + bucket.get() + "?policy";
    SignedCall.Answer asked = call.get(path);
    // a policy that keeps out the administrator is shown to the account's root user
    SignedCall.Answer answer = asked.status() == 403 ? root(call, key).get(path) : asked;
    return switch (answer.status()) {
      case 200 -> Optional.of(new NamedPolicy("the policy of bucket " + bucket.get(),
          PolicyDocument.parse(answer.text(), PolicyDocument.Kind.RESOURCE)));
      case 404 -> Optional.empty();
      default -> throw new CommandFailure("the server refused to show the bucket's policy: "
          + AccountPolicies.text(AccountPolicies.parse(answer.text()), "Message"));
    };
  }
}
