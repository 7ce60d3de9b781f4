package dev.atelier.identity;

import dev.atelier.identity.PolicyStore.Version;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of managed and inline policies and of who holds them. */
public final class ManagedPolicies {
  private static final int VERSIONS_PER_POLICY = 5;

  private final PolicyStore store;
  private final Entitlements entitlements;
  private final Generation generation;
  private final Clock clock;

  ManagedPolicies(PolicyStore store, Entitlements entitlements, Generation generation, Clock clock) {
    this.store = store;
    this.entitlements = entitlements;
    this.generation = generation;
    this.clock = clock;
  }

  public ManagedPolicy create(AccountId account, String name, String path, String description, String document) {
    PolicyDocument.parse(document, PolicyDocument.Kind.IDENTITY);
    ManagedPolicy policy = new ManagedPolicy(account, name, path, UniqueId.of("ANPA"), description, 1, clock.instant());
    if (!store.insert(policy, document)) {
      throw Users.entityExists("A policy called " + name + " already exists. Duplicate names are not allowed.");
    }
    return policy;
  }

  /** A customer managed policy of the caller's account. */
  public ManagedPolicy require(AccountId account, String arn) {
    return Arn.parse(arn).filter(parsed -> parsed.account().equals(account.value()))
        .flatMap(parsed -> store.find(account, AwsManagedPolicies.name(parsed))
            .filter(policy -> policy.arn(Partition.AWS).resource().equals(parsed.resource())))
        .orElseThrow(() -> noSuchPolicy(arn));
  }

  /** Whether the ARN names a policy of AWS's own. */
  public Optional<String> awsDocument(String arn) {
    return Arn.parse(arn).filter(parsed -> parsed.account().equals("aws"))
        .flatMap(parsed -> AwsManagedPolicies.document(AwsManagedPolicies.name(parsed)));
  }

  public List<ManagedPolicy> list(AccountId account) {
    return store.list(account);
  }

  public List<Version> versions(ManagedPolicy policy) {
    return store.versions(policy);
  }

  public Version addVersion(ManagedPolicy policy, String document, boolean asDefault) {
    PolicyDocument.parse(document, PolicyDocument.Kind.IDENTITY);
    if (store.versions(policy).size() >= VERSIONS_PER_POLICY) {
      throw new Fault("LimitExceeded", 409, "A managed policy can have up to " + VERSIONS_PER_POLICY
          + " versions. Before you create a new version, you must delete an existing version.");
    }
    Version version = store.addVersion(policy, document, asDefault, clock.instant());
    generation.changed();
    return version;
  }

  public void setDefault(ManagedPolicy policy, int version) {
    requireVersion(policy, version);
    store.setDefault(policy, version);
    generation.changed();
  }

  public void deleteVersion(ManagedPolicy policy, int version) {
    requireVersion(policy, version);
    if (policy.defaultVersion() == version) {
      throw Users.deleteConflict("Cannot delete the default version of a policy.");
    }
    store.deleteVersion(policy, version);
  }

  public Version requireVersion(ManagedPolicy policy, int number) {
    return store.versions(policy).stream().filter(version -> version.number() == number).findFirst()
        .orElseThrow(() -> Users.noSuchEntity("Policy " + policy.arn(Partition.AWS) + " version v" + number
            + " does not exist or is not attachable."));
  }

  public void delete(ManagedPolicy policy) {
    if (attachmentCount(policy) > 0) {
      throw Users.deleteConflict("Cannot delete a policy attached to entities.");
    }
    if (store.versions(policy).size() > 1) {
      throw Users.deleteConflict("This policy has more than one version. Before you delete a policy, you must delete "
          + "the policy's versions. The default version is deleted with the policy.");
    }
    store.delete(policy);
  }

  public int attachmentCount(ManagedPolicy policy) {
    return store.attachmentCount(policy.arn(Partition.AWS).toString());
  }

  /** How many users and roles, of every account here, hold one of AWS's own policies. */
  public int awsAttachmentCount(String name) {
    return store.attachmentCount("arn:aws:iam::aws:policy/" + name);
  }

  public void attachToRole(Role role, String policyArn) {
    attach(principal(role), policyArn);
  }

  public void attachToUser(User user, String policyArn) {
    attach(principal(user), policyArn);
  }

  private void attach(Principal principal, String policyArn) {
    String arn = canonical(policyArn);
    if (entitlements.document(arn).isEmpty()) {
      throw noSuchPolicy(policyArn);
    }
    store.attach(principal, arn);
    generation.changed();
  }

  public void detachFromRole(Role role, String policyArn) {
    detach(principal(role), policyArn);
  }

  public void detachFromUser(User user, String policyArn) {
    detach(principal(user), policyArn);
  }

  private void detach(Principal principal, String policyArn) {
    if (!store.detach(principal, canonical(policyArn))) {
      throw Users.noSuchEntity("Policy " + policyArn + " was not found.");
    }
    generation.changed();
  }

  public List<String> attachedTo(Role role) {
    return store.attached(principal(role));
  }

  public List<String> attachedTo(User user) {
    return store.attached(principal(user));
  }

  /** Documents by name. */
  public Map<String, String> inlineOf(Role role) {
    return store.inline(principal(role));
  }

  public Map<String, String> inlineOf(User user) {
    return store.inline(principal(user));
  }

  public void putInline(Role role, String name, String document) {
    putInline(principal(role), name, document);
  }

  public void putInline(User user, String name, String document) {
    putInline(principal(user), name, document);
  }

  private void putInline(Principal principal, String name, String document) {
    PolicyDocument.parse(document, PolicyDocument.Kind.IDENTITY);
    store.putInline(principal, name, document);
    generation.changed();
  }

  public void deleteInline(Role role, String name) {
    deleteInline(principal(role), "role", name);
  }

  public void deleteInline(User user, String name) {
    deleteInline(principal(user), "user", name);
  }

  private void deleteInline(Principal principal, String kind, String name) {
    if (!store.deleteInline(principal, name)) {
      throw Users.noSuchEntity("The " + kind + " policy with name " + name + " cannot be found.");
    }
    generation.changed();
  }

  private static Principal principal(Role role) {
    return new Principal(role.account(), Principal.Kind.ROLE, role.name());
  }

  private static Principal principal(User user) {
    return new Principal(user.account(), Principal.Kind.USER, user.name());
  }

  /** Policies are one per account whatever partition a caller writes them in. */
  private static String canonical(String policyArn) {
    Arn arn = Arn.parse(policyArn).filter(parsed -> parsed.resource().startsWith("policy/"))
        .filter(parsed -> parsed.account().equals("aws") || parsed.account().matches("\\d{12}"))
        .orElseThrow(() -> new Fault("ValidationError", 400, "ARN " + policyArn + " is not valid."));
    return new Arn(Partition.AWS.id(), "iam", "", arn.account(), arn.resource()).toString();
  }

  private static Fault noSuchPolicy(String arn) {
    return Users.noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
  }
}
