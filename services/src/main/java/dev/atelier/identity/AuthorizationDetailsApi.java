package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.models.iam.GetAccountAuthorizationDetailsRequest;
import dev.atelier.models.iam.GetAccountAuthorizationDetailsResponse;
import dev.atelier.models.iam.GroupDetail;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ManagedPolicyDetail;
import dev.atelier.models.iam.PolicyDetail;
import dev.atelier.models.iam.RoleDetail;
import dev.atelier.models.iam.UserDetail;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GetAccountAuthorizationDetails: every user, group, role and policy of the account and how they hang together. */
final class AuthorizationDetailsApi {
  private final Holders holders;
  private final ManagedPolicies policies;
  private final InstanceProfiles profiles;
  private final PolicyApi policyDetails;
  private final IamWire wire;

  AuthorizationDetailsApi(Holders holders, ManagedPolicies policies, InstanceProfiles profiles,
      PolicyApi policyDetails, IamWire wire) {
    this.holders = holders;
    this.policies = policies;
    this.profiles = profiles;
    this.policyDetails = policyDetails;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.getAccountAuthorizationDetails(), this::getAccountAuthorizationDetails);
  }

  GetAccountAuthorizationDetailsResponse getAccountAuthorizationDetails(
      Caller caller, GetAccountAuthorizationDetailsRequest request) {
    List<String> filter = request.filter();
    List<Object> all = new ArrayList<>();
    if (wanted(filter, "User")) {
      all.addAll(holders.users().list(caller.account()));
    }
    if (wanted(filter, "Group")) {
      all.addAll(holders.groups().list(caller.account()));
    }
    if (wanted(filter, "Role")) {
      all.addAll(holders.roles().list(caller.account()));
    }
    all.addAll(policyDetails.details(
        caller, wanted(filter, "LocalManagedPolicy"), wanted(filter, "AWSManagedPolicy")));
    IamPage<Object> page = IamPage.inOrder(all, request.marker(), request.maxItems());
    List<UserDetail> users = new ArrayList<>();
    List<GroupDetail> groups = new ArrayList<>();
    List<RoleDetail> roles = new ArrayList<>();
    List<ManagedPolicyDetail> managed = new ArrayList<>();
    for (Object each : page.items()) {
      switch (each) {
        case User user -> users.add(detail(caller, user));
        case Group group -> groups.add(detail(caller, group));
        case Role role -> roles.add(detail(caller, role));
        case ManagedPolicyDetail policy -> managed.add(policy);
        default -> throw new IllegalStateException(each.getClass().getName());
      }
    }
    return GetAccountAuthorizationDetailsResponse.builder()
        .userDetailList(users).groupDetailList(groups).roleDetailList(roles).policies(managed)
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  private static boolean wanted(List<String> filter, String kind) {
    return filter.isEmpty() || filter.contains(kind);
  }

  private UserDetail detail(Caller caller, User user) {
    return UserDetail.builder().path(user.path()).userName(user.name()).userId(user.id())
        .arn(user.arn(caller.partition()).toString()).createDate(user.createdAt())
        .userPolicyList(inline(user))
        .groupList(holders.groups().of(user).stream().map(Group::name).toList())
        .attachedManagedPolicies(PolicyApi.attached(caller, policies.attachedTo(user)))
        .permissionsBoundary(IamWire.boundary(caller, user.boundary()))
        .tags(wire.tags(user.id())).build();
  }

  private GroupDetail detail(Caller caller, Group group) {
    return GroupDetail.builder().path(group.path()).groupName(group.name()).groupId(group.id())
        .arn(group.arn(caller.partition()).toString()).createDate(group.createdAt())
        .groupPolicyList(inline(group))
        .attachedManagedPolicies(PolicyApi.attached(caller, policies.attachedTo(group))).build();
  }

  private RoleDetail detail(Caller caller, Role role) {
    return RoleDetail.builder().path(role.path()).roleName(role.name()).roleId(role.id())
        .arn(role.arn(caller.partition()).toString()).createDate(role.createdAt())
        .assumeRolePolicyDocument(IamWire.encoded(role.trust()))
        .instanceProfileList(profiles.list(caller.account()).stream()
            .filter(each -> each.value().role().equals(role.name()))
            .map(each -> wire.wire(caller, each, Optional.of(role))).toList())
        .rolePolicyList(inline(role))
        .attachedManagedPolicies(PolicyApi.attached(caller, policies.attachedTo(role)))
        .permissionsBoundary(IamWire.boundary(caller, role.boundary()))
        .tags(wire.tags(role.id()))
        .roleLastUsed(wire.lastUsed(role)).build();
  }

  private List<PolicyDetail> inline(Holder holder) {
    return policies.inlineOf(holder).entrySet().stream().map(entry -> PolicyDetail.builder()
        .policyName(entry.getKey()).policyDocument(IamWire.encoded(entry.getValue())).build()).toList();
  }
}
