package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Partition;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AttachedPolicy;
import dev.atelier.models.iam.CreatePolicyRequest;
import dev.atelier.models.iam.CreatePolicyResponse;
import dev.atelier.models.iam.CreatePolicyVersionRequest;
import dev.atelier.models.iam.CreatePolicyVersionResponse;
import dev.atelier.models.iam.DeletePolicyRequest;
import dev.atelier.models.iam.DeletePolicyVersionRequest;
import dev.atelier.models.iam.GetPolicyRequest;
import dev.atelier.models.iam.GetPolicyResponse;
import dev.atelier.models.iam.GetPolicyVersionRequest;
import dev.atelier.models.iam.GetPolicyVersionResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListPoliciesRequest;
import dev.atelier.models.iam.ListPoliciesResponse;
import dev.atelier.models.iam.ListPolicyVersionsRequest;
import dev.atelier.models.iam.ListPolicyVersionsResponse;
import dev.atelier.models.iam.ManagedPolicyDetail;
import dev.atelier.models.iam.Policy;
import dev.atelier.models.iam.PolicyVersion;
import dev.atelier.models.iam.SetDefaultPolicyVersionRequest;
import dev.atelier.models.iam.Tag;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The operations on managed policies, an account's own and AWS's. */
final class PolicyApi {
  private final ManagedPolicies policies;
  private final IamWire wire;

  PolicyApi(ManagedPolicies policies, IamWire wire) {
    this.policies = policies;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createPolicy(), this::createPolicy)
        .on(IamOperations.getPolicy(), this::getPolicy)
        .on(IamOperations.listPolicies(), this::listPolicies)
        .on(IamOperations.deletePolicy(), this::deletePolicy)
        .on(IamOperations.createPolicyVersion(), this::createPolicyVersion)
        .on(IamOperations.getPolicyVersion(), this::getPolicyVersion)
        .on(IamOperations.listPolicyVersions(), this::listPolicyVersions)
        .on(IamOperations.setDefaultPolicyVersion(), this::setDefaultPolicyVersion)
        .on(IamOperations.deletePolicyVersion(), this::deletePolicyVersion);
  }

  CreatePolicyResponse createPolicy(Caller caller, CreatePolicyRequest request) {
    ManagedPolicy policy = policies.create(caller.account(), new ManagedPolicies.NewPolicy(request.policyName(),
        IamWire.pathOr(request.path()), request.description() == null ? "" : request.description(),
        request.policyDocument(), IamWire.asked(request.tags())));
    return CreatePolicyResponse.builder().policy(whole(caller, policy)).build();
  }

  GetPolicyResponse getPolicy(Caller caller, GetPolicyRequest request) {
    return GetPolicyResponse.builder()
        .policy(policies.aws(request.policyArn()).map(aws -> aws(caller, aws, counts(caller)))
            .orElseGet(() -> whole(caller, policies.require(caller.account(), request.policyArn()))))
        .build();
  }

  ListPoliciesResponse listPolicies(Caller caller, ListPoliciesRequest request) {
    String scope = request.scope() == null ? "All" : request.scope();
    Counts counts = counts(caller);
    Stream<Policy> own = scope.equals("AWS") ? Stream.empty()
        : policies.list(caller.account()).stream().map(policy -> own(caller, policy, counts));
    Stream<Policy> aws = scope.equals("Local") ? Stream.empty()
        : AwsManagedPolicies.all().stream().map(policy -> aws(caller, policy, counts));
    boolean attachedOnly = Boolean.TRUE.equals(request.onlyAttached());
    String prefix = IamWire.pathOr(request.pathPrefix());
    List<Policy> all = Stream.concat(own, aws)
        .filter(policy -> policy.path().startsWith(prefix))
        .filter(policy -> !attachedOnly || policy.attachmentCount() > 0)
        .filter(policy -> switch (request.policyUsageFilter()) {
          case "PermissionsPolicy" -> policy.attachmentCount() > 0;
          case "PermissionsBoundary" -> policy.permissionsBoundaryUsageCount() > 0;
          case null, default -> true;
        })
        .sorted(Comparator.comparing(Policy::arn)).toList();
    IamPage<Policy> page = IamPage.of(all, Policy::arn, request.marker(), request.maxItems());
    return ListPoliciesResponse.builder()
        .policies(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull())
        .build();
  }

  NoOutput deletePolicy(Caller caller, DeletePolicyRequest request) {
    policies.delete(policies.require(caller.account(), request.policyArn()));
    return new NoOutput();
  }

  CreatePolicyVersionResponse createPolicyVersion(Caller caller, CreatePolicyVersionRequest request) {
    ManagedPolicy policy = policies.require(caller.account(), request.policyArn());
    boolean asDefault = Boolean.TRUE.equals(request.setAsDefault());
    PolicyStore.Version version = policies.addVersion(policy, request.policyDocument(), asDefault);
    return CreatePolicyVersionResponse.builder()
        .policyVersion(version(version, asDefault).toBuilder().document(null).build())
        .build();
  }

  GetPolicyVersionResponse getPolicyVersion(Caller caller, GetPolicyVersionRequest request) {
    int number = number(request.versionId());
    Optional<AwsManagedPolicies.Policy> aws = policies.aws(request.policyArn());
    if (aws.isPresent()) {
      return GetPolicyVersionResponse.builder().policyVersion(aws.filter(policy -> policy.version() == number)
          .map(policy -> version(policy).toBuilder().document(IamWire.encoded(policy.document())).build())
          .orElseThrow(() -> Users.noSuchEntity("Policy " + request.policyArn() + " version " + request.versionId()
              + " does not exist or is not attachable."))).build();
    }
    ManagedPolicy policy = policies.require(caller.account(), request.policyArn());
    PolicyStore.Version version = policies.requireVersion(policy, number);
    return GetPolicyVersionResponse.builder()
        .policyVersion(version(version, version.number() == policy.defaultVersion()))
        .build();
  }

  ListPolicyVersionsResponse listPolicyVersions(Caller caller, ListPolicyVersionsRequest request) {
    List<PolicyVersion> all = policies.aws(request.policyArn()).map(policy -> List.of(version(policy)))
        .orElseGet(() -> versions(policies.require(caller.account(), request.policyArn())).stream()
            .map(version -> version.toBuilder().document(null).build()).toList());
    IamPage<PolicyVersion> page = IamPage.inOrder(all, request.marker(), request.maxItems());
    return ListPolicyVersionsResponse.builder()
        .versions(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull())
        .build();
  }

  NoOutput setDefaultPolicyVersion(Caller caller, SetDefaultPolicyVersionRequest request) {
    policies.setDefault(policies.require(caller.account(), request.policyArn()), number(request.versionId()));
    return new NoOutput();
  }

  NoOutput deletePolicyVersion(Caller caller, DeletePolicyVersionRequest request) {
    policies.deleteVersion(policies.require(caller.account(), request.policyArn()), number(request.versionId()));
    return new NoOutput();
  }

  /** Attached policies with their ARNs in the caller's partition. */
  static List<AttachedPolicy> attached(Caller caller, List<String> arns) {
    return arns.stream()
        .map(text -> AttachedPolicy.builder()
            .policyName(AwsManagedPolicies.name(Arn.parse(text).orElseThrow()))
            .policyArn(IamWire.local(caller, text))
            .build())
        .toList();
  }

  /** The model's pattern leaves {@code v1.document-hash} possible; only its number counts. */
  private static int number(String versionId) {
    String digits = versionId.substring(1).split("\\.", 2)[0];
    return digits.length() > 8 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  /** How often policies are attached and are boundaries in the caller's account, by ARN. */
  record Counts(Map<String, Integer> attached, Map<String, Integer> boundaries) {}

  private Counts counts(Caller caller) {
    return new Counts(policies.attachmentCounts(caller.account()), policies.boundaryCounts(caller.account()));
  }

  private Policy whole(Caller caller, ManagedPolicy policy) {
    List<Tag> own = wire.tags(policy.id());
    return own(caller, policy, counts(caller)).toBuilder()
        .description(policy.description().isEmpty() ? null : policy.description())
        .tags(own.isEmpty() ? null : own)
        .build();
  }

  private static Policy own(Caller caller, ManagedPolicy policy, Counts counts) {
    String stored = policy.arn(Partition.AWS).toString();
    return Policy.builder()
        .policyName(policy.name())
        .policyId(policy.id())
        .arn(policy.arn(caller.partition()).toString())
        .path(policy.path())
        .defaultVersionId("v" + policy.defaultVersion())
        .attachmentCount(counts.attached().getOrDefault(stored, 0))
        .permissionsBoundaryUsageCount(counts.boundaries().getOrDefault(stored, 0))
        .isAttachable(true)
        .createDate(policy.createdAt())
        .updateDate(policy.updatedAt())
        .build();
  }

  private static Policy aws(Caller caller, AwsManagedPolicies.Policy policy, Counts counts) {
    return Policy.builder()
        .policyName(policy.name())
        .policyId(policy.id())
        .arn(IamWire.local(caller, policy.arn()))
        .path(policy.path())
        .defaultVersionId("v" + policy.version())
        .attachmentCount(counts.attached().getOrDefault(policy.arn(), 0))
        .permissionsBoundaryUsageCount(counts.boundaries().getOrDefault(policy.arn(), 0))
        .isAttachable(true)
        .createDate(policy.createdAt())
        .updateDate(policy.updatedAt())
        .build();
  }

  /** All versions with their documents, newest first. */
  private List<PolicyVersion> versions(ManagedPolicy policy) {
    return policies.versions(policy).stream()
        .map(version -> version(version, version.number() == policy.defaultVersion())).toList();
  }

  /** The account's own policies, and AWS's where they are in use or asked for, as GetAccountAuthorizationDetails tells. */
  List<ManagedPolicyDetail> details(Caller caller, boolean own, boolean aws) {
    Counts counts = counts(caller);
    List<ManagedPolicyDetail> details = new ArrayList<>();
    if (own) {
      policies.list(caller.account()).forEach(policy ->
          details.add(detail(own(caller, policy, counts), versions(policy))));
    }
    if (aws) {
      AwsManagedPolicies.all().stream()
          .filter(policy -> counts.attached().containsKey(policy.arn()) || counts.boundaries().containsKey(policy.arn()))
          .forEach(policy -> details.add(detail(aws(caller, policy, counts),
              List.of(version(policy).toBuilder().document(IamWire.encoded(policy.document())).build()))));
    }
    return details;
  }

  private static ManagedPolicyDetail detail(Policy policy, List<PolicyVersion> versions) {
    return ManagedPolicyDetail.builder().policyName(policy.policyName()).policyId(policy.policyId()).arn(policy.arn())
        .path(policy.path()).defaultVersionId(policy.defaultVersionId()).attachmentCount(policy.attachmentCount())
        .permissionsBoundaryUsageCount(policy.permissionsBoundaryUsageCount()).isAttachable(policy.isAttachable())
        .createDate(policy.createDate()).updateDate(policy.updateDate()).policyVersionList(versions).build();
  }

  private static PolicyVersion version(AwsManagedPolicies.Policy policy) {
    return PolicyVersion.builder().versionId("v" + policy.version()).isDefaultVersion(true)
        .createDate(policy.updatedAt()).build();
  }

  private static PolicyVersion version(PolicyStore.Version version, boolean isDefault) {
    return PolicyVersion.builder()
        .document(IamWire.encoded(version.document()))
        .versionId("v" + version.number())
        .isDefaultVersion(isDefault)
        .createDate(version.createdAt())
        .build();
  }
}
