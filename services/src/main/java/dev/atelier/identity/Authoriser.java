package dev.atelier.identity;

import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The one place where a request is allowed or refused. */
public final class Authoriser {
  private static final Set<String> UNLOCKING = Set.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

  private final IdentityStore identities;
  private final Entitlements entitlements;
  private final PrincipalKeys principals;
  private final Clock clock;

  Authoriser(IdentityStore identities, Entitlements entitlements, PrincipalKeys principals, Clock clock) {
    this.identities = identities;
    this.entitlements = entitlements;
    this.principals = principals;
    this.clock = clock;
  }

  /**
   * What is to be done.
   *
   * @param action such as {@code sagemaker:CreateModel}
   * @param resource the resource's ARN, or {@code *}
   * @param keys condition keys of the request, beside the global ones
   * @param owner the account that owns the resource, when it may be another
   * @param resourcePolicy the resource's own policy
   */
  public record Access(
      String action,
      String resource,
      Map<String, List<String>> keys,
      Optional<AccountId> owner,
      Optional<NamedPolicy> resourcePolicy) {

    /** Access to a resource of the caller's account that has no policy of its own. */
    public static Access of(String action, String resource) {
      return new Access(action, resource, Map.of(), Optional.empty(), Optional.empty());
    }

    public Access with(Map<String, List<String>> more) {
      Map<String, List<String>> merged = new HashMap<>(keys);
      merged.putAll(more);
      return new Access(action, resource, merged, owner, resourcePolicy);
    }
  }

  /**
   * Returns when the caller may do it.
   *
   * @throws Fault AccessDeniedException with AWS's sentence
   */
  public void authorise(Caller caller, Access access) {
    Decision decision = decide(caller, access);
    if (!decision.allowed()) {
      throw Fault.accessDenied(sentence(caller, access, decision));
    }
  }

  /**
   * Returns when the caller may do the same to each of many resources of one owner and under one policy.
   *
   * @param access to any of them
   * @throws Fault AccessDeniedException with AWS's sentence, for the first that is refused
   */
  public void authoriseAll(Caller caller, Access access, List<String> resources) {
    boolean sameAccount = sameAccount(caller, access);
    RequestContext context = context(caller, access);
    Policies policies = policies(caller, access, sameAccount);
    for (String resource : resources) {
      Decision decision = PolicyEvaluator.evaluate(context.of(resource), policies);
      if (!decision.allowed()) {
        throw Fault.accessDenied(sentence(caller, new Access(access.action(), resource, access.keys(), access.owner(),
            access.resourcePolicy()), decision));
      }
    }
  }

  /**
   * Returns when the caller may do it to a resource whose own policy must allow it too, for the caller or by leaving it
   * to the account: a key of KMS.
   *
   * @throws Fault AccessDeniedException with AWS's sentence
   */
  public void authoriseByBoth(Caller caller, Access access) {
    authorise(caller, access);
    if (!PolicyEvaluator.trusts(access.resourcePolicy().orElseThrow().document(), context(caller, access))) {
      throw Fault.accessDenied(sentence(caller, access, new Decision.ImplicitDeny(Decision.PolicyKind.RESOURCE)));
    }
  }

  /** As {@link #authorise}, answering instead of throwing. */
  public Optional<Fault> refusal(Caller caller, Access access) {
    Decision decision = decide(caller, access);
    return decision.allowed() ? Optional.empty()
        : Optional.of(Fault.accessDenied(sentence(caller, access, decision)));
  }

  public Decision decide(Caller caller, Access access) {
    return PolicyEvaluator.evaluate(context(caller, access), policies(caller, access, sameAccount(caller, access)));
  }

  private static boolean sameAccount(Caller caller, Access access) {
    return access.owner().map(caller.account()::equals).orElse(true);
  }

  private Policies policies(Caller caller, Access access, boolean sameAccount) {
    return entitlements.of(caller.account(), caller.identity(),
        unlocks(caller, access, sameAccount) ? Optional.empty() : access.resourcePolicy(), sameAccount);
  }

  /** No bucket's policy keeps the owner's root user from that policy, so none can lock a bucket for ever. */
  private static boolean unlocks(Caller caller, Access access, boolean sameAccount) {
    return sameAccount && caller.identity() instanceof Identity.Root && UNLOCKING.contains(access.action());
  }

  /**
   * Checks that the caller may hand the role to a service.
   *
   * @param service such as {@code sagemaker.amazonaws.com}
   */
  public void authorisePassRole(Caller caller, String roleArn, String service) {
    authorise(caller, Access.of("iam:PassRole", roleArn).with(Map.of("iam:PassedToService", List.of(service))));
  }

  /** The request as policies see it. */
  RequestContext context(Caller caller, Access access) {
    Map<String, List<String>> keys = new HashMap<>(access.keys());
    keys.put("aws:currenttime", List.of(clock.instant().toString()));
    keys.put("aws:epochtime", List.of(Long.toString(clock.instant().getEpochSecond())));
    keys.put("aws:requestedregion", List.of(caller.region().name()));
    access.owner().ifPresent(owner -> {
      keys.put("aws:resourceaccount", List.of(owner.value()));
      keys.put("s3:resourceaccount", List.of(owner.value()));
    });
    principals.of(caller).forEach(keys::putIfAbsent);
    return new RequestContext(access.action(), access.resource(), keys);
  }

  /** Whether the account exists here; resources of unknown accounts belong to nobody. */
  public boolean hasAccount(AccountId account) {
    return identities.hasAccount(account);
  }

  /** Every account there is. */
  public List<AccountId> accounts() {
    return identities.accounts();
  }

  static String sentence(Caller caller, Access access, Decision decision) {
    String base = "User: " + caller.arn() + " is not authorized to perform: " + access.action()
        + (access.resource().equals("*") ? "" : " on resource: " + access.resource());
    return switch (decision) {
      case Decision.ExplicitDeny deny -> base + " with an explicit deny in "
          + article(deny.by().kind()) + deny.by().kind().words();
      case Decision.ImplicitDeny deny -> base + " because no " + deny.kind().words()
          + " allows the " + access.action() + " action";
      case Decision.Allowed allowed -> throw new IllegalArgumentException("allowed by " + allowed.by());
    };
  }

  private static String article(Decision.PolicyKind kind) {
    return kind == Decision.PolicyKind.IDENTITY ? "an " : "a ";
  }
}
