package dev.atelier.identity;

import dev.atelier.identity.Principal.Kind;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.DeleteGroupPolicyRequest;
import dev.atelier.models.iam.DeleteRolePolicyRequest;
import dev.atelier.models.iam.DeleteUserPolicyRequest;
import dev.atelier.models.iam.GetGroupPolicyRequest;
import dev.atelier.models.iam.GetGroupPolicyResponse;
import dev.atelier.models.iam.GetRolePolicyRequest;
import dev.atelier.models.iam.GetRolePolicyResponse;
import dev.atelier.models.iam.GetUserPolicyRequest;
import dev.atelier.models.iam.GetUserPolicyResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListGroupPoliciesRequest;
import dev.atelier.models.iam.ListGroupPoliciesResponse;
import dev.atelier.models.iam.ListRolePoliciesRequest;
import dev.atelier.models.iam.ListRolePoliciesResponse;
import dev.atelier.models.iam.ListUserPoliciesRequest;
import dev.atelier.models.iam.ListUserPoliciesResponse;
import dev.atelier.models.iam.PutGroupPolicyRequest;
import dev.atelier.models.iam.PutRolePolicyRequest;
import dev.atelier.models.iam.PutUserPolicyRequest;
import dev.atelier.operation.OperationTable;
import java.util.List;

/** The operations on inline policies of users, groups and roles. */
final class InlinePolicyApi {
  private final Holders holders;
  private final ManagedPolicies policies;

  InlinePolicyApi(Holders holders, ManagedPolicies policies) {
    this.holders = holders;
    this.policies = policies;
  }

  void register(OperationTable table) {
    table.on(IamOperations.putUserPolicy(), this::putUserPolicy)
        .on(IamOperations.getUserPolicy(), this::getUserPolicy)
        .on(IamOperations.listUserPolicies(), this::listUserPolicies)
        .on(IamOperations.deleteUserPolicy(), this::deleteUserPolicy)
        .on(IamOperations.putGroupPolicy(), this::putGroupPolicy)
        .on(IamOperations.getGroupPolicy(), this::getGroupPolicy)
        .on(IamOperations.listGroupPolicies(), this::listGroupPolicies)
        .on(IamOperations.deleteGroupPolicy(), this::deleteGroupPolicy)
        .on(IamOperations.putRolePolicy(), this::putRolePolicy)
        .on(IamOperations.getRolePolicy(), this::getRolePolicy)
        .on(IamOperations.listRolePolicies(), this::listRolePolicies)
        .on(IamOperations.deleteRolePolicy(), this::deleteRolePolicy);
  }

  NoOutput putUserPolicy(Caller caller, PutUserPolicyRequest request) {
    policies.putInline(holder(caller, Kind.USER, request.userName()), request.policyName(), request.policyDocument());
    return new NoOutput();
  }

  GetUserPolicyResponse getUserPolicy(Caller caller, GetUserPolicyRequest request) {
    Holder holder = holder(caller, Kind.USER, request.userName());
    return GetUserPolicyResponse.builder()
        .userName(holder.principal().name())
        .policyName(request.policyName())
        .policyDocument(document(holder, request.policyName()))
        .build();
  }

  ListUserPoliciesResponse listUserPolicies(Caller caller, ListUserPoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.USER, request.userName()), request.marker(), request.maxItems());
    return ListUserPoliciesResponse.builder()
        .policyNames(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput deleteUserPolicy(Caller caller, DeleteUserPolicyRequest request) {
    policies.deleteInline(holder(caller, Kind.USER, request.userName()), request.policyName());
    return new NoOutput();
  }

  NoOutput putGroupPolicy(Caller caller, PutGroupPolicyRequest request) {
    policies.putInline(holder(caller, Kind.GROUP, request.groupName()), request.policyName(), request.policyDocument());
    return new NoOutput();
  }

  GetGroupPolicyResponse getGroupPolicy(Caller caller, GetGroupPolicyRequest request) {
    Holder holder = holder(caller, Kind.GROUP, request.groupName());
    return GetGroupPolicyResponse.builder()
        .groupName(holder.principal().name())
        .policyName(request.policyName())
        .policyDocument(document(holder, request.policyName()))
        .build();
  }

  ListGroupPoliciesResponse listGroupPolicies(Caller caller, ListGroupPoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.GROUP, request.groupName()), request.marker(), request.maxItems());
    return ListGroupPoliciesResponse.builder()
        .policyNames(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput deleteGroupPolicy(Caller caller, DeleteGroupPolicyRequest request) {
    policies.deleteInline(holder(caller, Kind.GROUP, request.groupName()), request.policyName());
    return new NoOutput();
  }

  NoOutput putRolePolicy(Caller caller, PutRolePolicyRequest request) {
    policies.putInline(holder(caller, Kind.ROLE, request.roleName()), request.policyName(), request.policyDocument());
    return new NoOutput();
  }

  GetRolePolicyResponse getRolePolicy(Caller caller, GetRolePolicyRequest request) {
    Holder holder = holder(caller, Kind.ROLE, request.roleName());
    return GetRolePolicyResponse.builder()
        .roleName(holder.principal().name())
        .policyName(request.policyName())
        .policyDocument(document(holder, request.policyName()))
        .build();
  }

  ListRolePoliciesResponse listRolePolicies(Caller caller, ListRolePoliciesRequest request) {
    IamPage<String> page = page(holder(caller, Kind.ROLE, request.roleName()), request.marker(), request.maxItems());
    return ListRolePoliciesResponse.builder()
        .policyNames(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput deleteRolePolicy(Caller caller, DeleteRolePolicyRequest request) {
    policies.deleteInline(holder(caller, Kind.ROLE, request.roleName()), request.policyName());
    return new NoOutput();
  }

  private Holder holder(Caller caller, Kind kind, String name) {
    return holders.require(caller.account(), kind, name);
  }

  private String document(Holder holder, String name) {
    String document = policies.inlineOf(holder).get(name);
    if (document == null) {
      throw ManagedPolicies.noSuchInline(holder, name);
    }
    return IamWire.encoded(document);
  }

  private IamPage<String> page(Holder holder, String marker, Integer maxItems) {
    return IamPage.of(List.copyOf(policies.inlineOf(holder).keySet()), name -> name, marker, maxItems);
  }
}
