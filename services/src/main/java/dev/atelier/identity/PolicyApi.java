package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
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
import dev.atelier.models.iam.Policy;
import dev.atelier.models.iam.PolicyVersion;
import dev.atelier.models.iam.SetDefaultPolicyVersionRequest;
import dev.atelier.operation.OperationTable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The operations on managed policies, an account's own and AWS's. */
final class PolicyApi {
  private final ManagedPolicies policies;

  PolicyApi(ManagedPolicies policies) {
    this.policies = policies;
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
    ManagedPolicy policy = policies.create(caller.account(), request.policyName(),
        request.path() == null ? "/" : request.path(),
        request.description() == null ? "" : request.description(), request.policyDocument());
    return CreatePolicyResponse.builder().policy(wire(caller, policy)).build();
  }

  GetPolicyResponse getPolicy(Caller caller, GetPolicyRequest request) {
    return GetPolicyResponse.builder()
        .policy(policies.awsDocument(request.policyArn()).isPresent()
            ? awsPolicy(caller, AwsManagedPolicies.name(Arn.parse(request.policyArn()).orElseThrow()))
            : wire(caller, policies.require(caller.account(), request.policyArn())))
        .build();
  }

  ListPoliciesResponse listPolicies(Caller caller, ListPoliciesRequest request) {
    String scope = request.scope() == null ? "All" : request.scope();
    Stream<Policy> own = scope.equals("AWS") ? Stream.empty()
        : policies.list(caller.account()).stream().map(policy -> wire(caller, policy));
    Stream<Policy> aws = scope.equals("Local") ? Stream.empty()
        : AwsManagedPolicies.names().stream().map(name -> awsPolicy(caller, name));
    boolean attachedOnly = Boolean.TRUE.equals(request.onlyAttached());
    String prefix = request.pathPrefix() == null ? "/" : request.pathPrefix();
    List<Policy> all = Stream.concat(own, aws)
        .filter(policy -> policy.path().startsWith(prefix))
        .filter(policy -> !attachedOnly || policy.attachmentCount() > 0)
        .sorted(Comparator.comparing(Policy::arn)).toList();
    IamPage<Policy> page = IamPage.of(all, Policy::arn, request.marker(), request.maxItems());
    return ListPoliciesResponse.builder()
        .policies(page.items())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
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
        .policyVersion(wire(version, asDefault).toBuilder().document(null).build())
        .build();
  }

  GetPolicyVersionResponse getPolicyVersion(Caller caller, GetPolicyVersionRequest request) {
    Optional<String> aws = policies.awsDocument(request.policyArn());
    if (aws.isPresent() && request.versionId().equals("v1")) {
      return GetPolicyVersionResponse.builder()
          .policyVersion(PolicyVersion.builder()
              .document(RoleApi.encoded(aws.get())).versionId("v1").isDefaultVersion(true).build())
          .build();
    }
    ManagedPolicy policy = policies.require(caller.account(), request.policyArn());
    PolicyStore.Version version = policies.requireVersion(policy, number(request.versionId()));
    return GetPolicyVersionResponse.builder()
        .policyVersion(wire(version, version.number() == policy.defaultVersion()))
        .build();
  }

  ListPolicyVersionsResponse listPolicyVersions(Caller caller, ListPolicyVersionsRequest request) {
    if (policies.awsDocument(request.policyArn()).isPresent()) {
      return ListPolicyVersionsResponse.builder()
          .versions(List.of(PolicyVersion.builder().versionId("v1").isDefaultVersion(true).build()))
          .isTruncated(false)
          .build();
    }
    ManagedPolicy policy = policies.require(caller.account(), request.policyArn());
    return ListPolicyVersionsResponse.builder()
        .versions(policies.versions(policy).stream()
            .map(version -> wire(version, version.number() == policy.defaultVersion())
                .toBuilder().document(null).build())
            .toList())
        .isTruncated(false)
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
        .map(text -> Arn.parse(text).orElseThrow())
        .map(arn -> AttachedPolicy.builder()
            .policyName(AwsManagedPolicies.name(arn))
            .policyArn(new Arn(caller.partition().id(), "iam", "", arn.account(), arn.resource()).toString())
            .build())
        .toList();
  }

  /** The model's pattern leaves {@code v1.document-hash} possible; only its number counts. */
  private static int number(String versionId) {
    String digits = versionId.substring(1).split("\\.", 2)[0];
    return digits.length() > 8 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private Policy wire(Caller caller, ManagedPolicy policy) {
    return Policy.builder()
        .policyName(policy.name())
        .policyId(policy.id())
        .arn(policy.arn(caller.partition()).toString())
        .path(policy.path())
        .defaultVersionId("v" + policy.defaultVersion())
        .attachmentCount(policies.attachmentCount(policy))
        .isAttachable(true)
        .description(policy.description().isEmpty() ? null : policy.description())
        .createDate(policy.createdAt())
        .updateDate(policies.versions(policy).getFirst().createdAt())
        .build();
  }

  private Policy awsPolicy(Caller caller, String name) {
    Arn arn = new Arn(caller.partition().id(), "iam", "", "aws", "policy/" + name);
    return Policy.builder()
        .policyName(name)
        .arn(arn.toString())
        .path("/")
        .defaultVersionId("v1")
        .attachmentCount(policies.awsAttachmentCount(name))
        .isAttachable(true)
        .build();
  }

  private static PolicyVersion wire(PolicyStore.Version version, boolean isDefault) {
    return PolicyVersion.builder()
        .document(RoleApi.encoded(version.document()))
        .versionId("v" + version.number())
        .isDefaultVersion(isDefault)
        .createDate(version.createdAt())
        .build();
  }
}
