package dev.atelier.identity;

import dev.atelier.identity.PolicyStore.Version;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of managed and inline policies and of who holds them. */
public final class ManagedPolicies {
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

  /** What CreatePolicy asks for. */
  public record NewPolicy(
      String name, String path, String description, String document, List<EntityTags.Tag> tags) {}

  public ManagedPolicy create(AccountId account, NewPolicy wanted) {
    checkManaged(wanted.document());
    EntityTags.check(wanted.tags());
    Quota.POLICIES.requireRoom(store.count(account));
    Instant now = clock.instant();
    ManagedPolicy policy = new ManagedPolicy(
        account, wanted.name(), wanted.path(), UniqueId.of("ANPA"), wanted.description(), 1, now, now);
    if (!store.insert(policy, wanted.document(), wanted.tags())) {
      throw Users.entityExists("A policy called " + wanted.name() + " already exists. Duplicate names are not allowed.");
    }
    return policy;
  }

  /** A customer managed policy of the caller's account. */
  public ManagedPolicy require(AccountId account, String arn) {
    canonical(arn);
    return find(account, arn).orElseThrow(() -> Users.noSuchEntity("Policy " + arn + " was not found."));
  }

  private Optional<ManagedPolicy> find(AccountId account, String arn) {
    return Arn.parse(arn).filter(parsed -> parsed.account().equals(account.value()))
        .flatMap(parsed -> store.find(account, AwsManagedPolicies.name(parsed))
            .filter(policy -> policy.arn(Partition.AWS).resource().equals(parsed.resource())));
  }

  /** The policy of AWS's own that the ARN names. */
  Optional<AwsManagedPolicies.Policy> aws(String arn) {
    return Arn.parse(arn).flatMap(AwsManagedPolicies::find);
  }

  public List<ManagedPolicy> list(AccountId account) {
    return store.list(account);
  }

  /** Newest first. */
  public List<Version> versions(ManagedPolicy policy) {
    return store.versions(policy);
  }

  public Version addVersion(ManagedPolicy policy, String document, boolean asDefault) {
    checkManaged(document);
    if (store.versions(policy).size() >= Quota.POLICY_VERSIONS.most()) {
      throw new Fault("LimitExceeded", 409, "A managed policy can have up to " + Quota.POLICY_VERSIONS.most()
          + " versions. Before you create a new version, you must delete an existing version.");
    }
    Version version = store.addVersion(policy, document, asDefault, clock.instant());
    generation.changed();
    return version;
  }

  public void setDefault(ManagedPolicy policy, int version) {
    requireVersion(policy, version);
    store.setDefault(policy, version, clock.instant());
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
    String arn = policy.arn(Partition.AWS).toString();
    if (!store.holders(policy.account(), arn).isEmpty()) {
      throw Users.deleteConflict("Cannot delete a policy attached to entities.");
    }
    if (store.boundaryCounts(policy.account()).containsKey(arn)) {
      throw Users.deleteConflict("Cannot delete a policy that is a permissions boundary of entities.");
    }
    if (store.versions(policy).size() > 1) {
      throw Users.deleteConflict("This policy has more than one version. Before you delete a policy, you must delete "
          + "the policy's versions. The default version is deleted with the policy.");
    }
    store.delete(policy);
    generation.changed();
  }

  /** How often each policy is attached in the account, by ARN in the partition {@code aws}. */
  Map<String, Integer> attachmentCounts(AccountId account) {
    return store.attachmentCounts(account);
  }

  /** How often each policy is a boundary in the account, by ARN in the partition {@code aws}. */
  Map<String, Integer> boundaryCounts(AccountId account) {
    return store.boundaryCounts(account);
  }

  /** Who of the account holds the policy, an account's own or AWS's. */
  List<Principal> holders(AccountId account, String policyArn) {
    String arn = canonical(policyArn);
    if (entitlements.document(arn).isEmpty()) {
      throw Users.noSuchEntity("Policy " + policyArn + " was not found.");
    }
    return store.holders(account, arn);
  }

  public void attach(Holder holder, String policyArn) {
    String arn = canonical(policyArn);
    boolean foreign = Arn.parse(arn).filter(each -> each.account().equals("aws")
        || each.account().equals(holder.principal().account().value())).isEmpty();
    if (foreign || entitlements.document(arn).isEmpty()) {
      throw Users.noSuchEntity("Policy " + policyArn + " does not exist or is not attachable.");
    }
    List<String> attached = store.attached(holder.principal());
    if (!attached.contains(arn)) {
      Quota quota = switch (holder) {
        case User user -> Quota.POLICIES_OF_USER;
        case Group group -> Quota.POLICIES_OF_GROUP;
        case Role role -> Quota.POLICIES_OF_ROLE;
      };
      quota.requireRoom(attached.size());
    }
    store.attach(holder.principal(), arn);
    generation.changed();
  }

  public void detach(Holder holder, String policyArn) {
    if (!store.detach(holder.principal(), canonical(policyArn))) {
      throw Users.noSuchEntity("Policy " + policyArn + " was not found.");
    }
    generation.changed();
  }

  /** The ARNs of the managed policies that the holder holds, in order, in the partition {@code aws}. */
  public List<String> attachedTo(Holder holder) {
    return store.attached(holder.principal());
  }

  /** Documents by name, in order of name. */
  public Map<String, String> inlineOf(Holder holder) {
    return store.inline(holder.principal());
  }

  public void putInline(Holder holder, String name, String document) {
    PolicyDocument.parse(document, PolicyDocument.Kind.IDENTITY);
    Map<String, String> all = new HashMap<>(store.inline(holder.principal()));
    all.put(name, document);
    int most = switch (holder) {
      case User user -> Quota.USER_POLICY_SIZE.most();
      case Group group -> Quota.GROUP_POLICY_SIZE.most();
      case Role role -> Quota.ROLE_POLICY_SIZE.most();
    };
    if (all.values().stream().mapToInt(ManagedPolicies::size).sum() > most) {
      throw new Fault("LimitExceeded", 409, "Maximum policy size of " + most + " bytes exceeded for "
          + holder.principal().kind().column() + " " + holder.principal().name());
    }
    store.putInline(holder.principal(), name, document);
    generation.changed();
  }

  public void deleteInline(Holder holder, String name) {
    if (!store.deleteInline(holder.principal(), name)) {
      throw noSuchInline(holder, name);
    }
    generation.changed();
  }

  static Fault noSuchInline(Holder holder, String name) {
    return Users.noSuchEntity(
        "The " + holder.principal().kind().column() + " policy with name " + name + " cannot be found.");
  }

  private static void checkManaged(String document) {
    PolicyDocument.parse(document, PolicyDocument.Kind.MANAGED);
    Quota.POLICY_SIZE.requireFits(size(document));
  }

  /** The characters that IAM counts: all but white space. */
  static int size(String document) {
    return (int) document.chars().filter(c -> !Character.isWhitespace(c)).count();
  }

  /** Policies are one per account whatever partition a caller writes them in. */
  static String canonical(String policyArn) {
    Arn arn = Arn.parse(policyArn).filter(parsed -> parsed.service().equals("iam") && parsed.region().isEmpty()
            && parsed.resource().startsWith("policy/"))
        .filter(parsed -> parsed.account().equals("aws") || parsed.account().matches("\\d{12}"))
        .orElseThrow(() -> new Fault("ValidationError", 400, "ARN " + policyArn + " is not valid."));
    return new Arn(Partition.AWS.id(), "iam", "", arn.account(), arn.resource()).toString();
  }
}
