package dev.atelier.identity;

import dev.atelier.identity.Principal.Kind;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AttachGroupPolicyRequest;
import dev.atelier.models.iam.AttachRolePolicyRequest;
import dev.atelier.models.iam.AttachUserPolicyRequest;
import dev.atelier.models.iam.DetachGroupPolicyRequest;
import dev.atelier.models.iam.DetachRolePolicyRequest;
import dev.atelier.models.iam.DetachUserPolicyRequest;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListAttachedGroupPoliciesRequest;
import dev.atelier.models.iam.ListAttachedGroupPoliciesResponse;
import dev.atelier.models.iam.ListAttachedRolePoliciesRequest;
import dev.atelier.models.iam.ListAttachedRolePoliciesResponse;
import dev.atelier.models.iam.ListAttachedUserPoliciesRequest;
import dev.atelier.models.iam.ListAttachedUserPoliciesResponse;
import dev.atelier.models.iam.ListEntitiesForPolicyRequest;
import dev.atelier.models.iam.ListEntitiesForPolicyResponse;
import dev.atelier.models.iam.PolicyGroup;
import dev.atelier.models.iam.PolicyRole;
import dev.atelier.models.iam.PolicyUser;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operations that attach managed policies to users, groups and roles, and tell who holds one. */
final class AttachmentApi {
  private final Holders holders;
  private final ManagedPolicies policies;

  AttachmentApi(Holders holders, ManagedPolicies policies) {
    this.holders = holders;
    this.policies = policies;
  }

  void register(OperationTable table) {
    table.on(IamOperations.attachUserPolicy(), this::attachUserPolicy)
        .on(IamOperations.detachUserPolicy(), this::detachUserPolicy)
        .on(IamOperations.listAttachedUserPolicies(), this::listAttachedUserPolicies)
        .on(IamOperations.attachGroupPolicy(), this::attachGroupPolicy)
        .on(IamOperations.detachGroupPolicy(), this::detachGroupPolicy)
        .on(IamOperations.listAttachedGroupPolicies(), this::listAttachedGroupPolicies)
        .on(IamOperations.attachRolePolicy(), this::attachRolePolicy)
        .on(IamOperations.detachRolePolicy(), this::detachRolePolicy)
        .on(IamOperations.listAttachedRolePolicies(), this::listAttachedRolePolicies)
        .on(IamOperations.listEntitiesForPolicy(), this::listEntitiesForPolicy);
  }

  NoOutput attachUserPolicy(Caller caller, AttachUserPolicyRequest request) {
    policies.attach(holder(caller, Kind.USER, request.userName()), request.policyArn());
    return new NoOutput();
  }

  NoOutput detachUserPolicy(Caller caller, DetachUserPolicyRequest request) {
    policies.detach(holder(caller, Kind.USER, request.userName()), request.policyArn());
    return new NoOutput();
  }

  ListAttachedUserPoliciesResponse listAttachedUserPolicies(Caller caller, ListAttachedUserPoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.USER, request.userName()), request.pathPrefix(), request.marker(),
        request.maxItems());
    return ListAttachedUserPoliciesResponse.builder()
        .attachedPolicies(PolicyApi.attached(caller, page.items()))
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput attachGroupPolicy(Caller caller, AttachGroupPolicyRequest request) {
    policies.attach(holder(caller, Kind.GROUP, request.groupName()), request.policyArn());
    return new NoOutput();
  }

  NoOutput detachGroupPolicy(Caller caller, DetachGroupPolicyRequest request) {
    policies.detach(holder(caller, Kind.GROUP, request.groupName()), request.policyArn());
    return new NoOutput();
  }

  ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(Caller caller, ListAttachedGroupPoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.GROUP, request.groupName()), request.pathPrefix(), request.marker(),
        request.maxItems());
    return ListAttachedGroupPoliciesResponse.builder()
        .attachedPolicies(PolicyApi.attached(caller, page.items()))
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput attachRolePolicy(Caller caller, AttachRolePolicyRequest request) {
    policies.attach(modifiable(holder(caller, Kind.ROLE, request.roleName())), request.policyArn());
    return new NoOutput();
  }

  NoOutput detachRolePolicy(Caller caller, DetachRolePolicyRequest request) {
    policies.detach(modifiable(holder(caller, Kind.ROLE, request.roleName())), request.policyArn());
    return new NoOutput();
  }

  ListAttachedRolePoliciesResponse listAttachedRolePolicies(Caller caller, ListAttachedRolePoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.ROLE, request.roleName()), request.pathPrefix(), request.marker(),
        request.maxItems());
    return ListAttachedRolePoliciesResponse.builder()
        .attachedPolicies(PolicyApi.attached(caller, page.items()))
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  ListEntitiesForPolicyResponse listEntitiesForPolicy(Caller caller, ListEntitiesForPolicyRequest request) {
    String filter = request.entityFilter() == null ? "All" : request.entityFilter();
    String prefix = IamWire.pathOr(request.pathPrefix());
    List<Holder> all = users(caller, request).stream()
        .filter(holder -> switch (filter) {
          case "User" -> holder instanceof User;
          case "Group" -> holder instanceof Group;
          case "Role" -> holder instanceof Role;
          case "LocalManagedPolicy", "AWSManagedPolicy" -> false;
          default -> true;
        })
        .filter(holder -> holder.path().startsWith(prefix)).toList();
    IamPage<Holder> page = IamPage.inOrder(all, request.marker(), request.maxItems());
    List<PolicyUser> users = new ArrayList<>();
    List<PolicyGroup> groups = new ArrayList<>();
    List<PolicyRole> roles = new ArrayList<>();
    for (Holder holder : page.items()) {
      switch (holder) {
        case User user -> users.add(PolicyUser.builder().userName(user.name()).userId(user.id()).build());
        case Group group -> groups.add(PolicyGroup.builder().groupName(group.name()).groupId(group.id()).build());
        case Role role -> roles.add(PolicyRole.builder().roleName(role.name()).roleId(role.id()).build());
      }
    }
    return ListEntitiesForPolicyResponse.builder()
        .policyUsers(users).policyGroups(groups).policyRoles(roles)
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  /** Who holds the policy, or is bounded by it when the request asks for that. */
  private List<Holder> users(Caller caller, ListEntitiesForPolicyRequest request) {
    List<Holder> attached = policies.holders(caller.account(), request.policyArn()).stream()
        .map(each -> holder(caller, each.kind(), each.name())).toList();
    if (!"PermissionsBoundary".equals(request.policyUsageFilter())) {
      return attached;
    }
    Optional<String> arn = Optional.of(ManagedPolicies.canonical(request.policyArn()));
    List<Holder> bounded = new ArrayList<>();
    holders.users().list(caller.account()).stream().filter(user -> user.boundary().equals(arn)).forEach(bounded::add);
    holders.roles().list(caller.account()).stream().filter(role -> role.boundary().equals(arn)).forEach(bounded::add);
    return bounded;
  }

  private Holder holder(Caller caller, Kind kind, String name) {
    return holders.require(caller.account(), kind, name);
  }

  /** The holder, unless it is a service's own role. */
  private static Holder modifiable(Holder holder) {
    return holder instanceof Role role ? Roles.modifiable(role) : holder;
  }

  private IamPage<String> page(Holder holder, String pathPrefix, String marker, Integer maxItems) {
    String prefix = IamWire.pathOr(pathPrefix);
    List<String> attached = policies.attachedTo(holder).stream()
        .filter(arn -> arn.substring(arn.indexOf(":policy/") + 7).startsWith(prefix)).toList();
    return IamPage.of(attached, arn -> arn, marker, maxItems);
  }
}
