package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AttachRolePolicyRequest;
import dev.atelier.models.iam.CreateRoleRequest;
import dev.atelier.models.iam.CreateRoleResponse;
import dev.atelier.models.iam.DeleteRolePolicyRequest;
import dev.atelier.models.iam.DeleteRoleRequest;
import dev.atelier.models.iam.DetachRolePolicyRequest;
import dev.atelier.models.iam.GetRolePolicyRequest;
import dev.atelier.models.iam.GetRolePolicyResponse;
import dev.atelier.models.iam.GetRoleRequest;
import dev.atelier.models.iam.GetRoleResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListAttachedRolePoliciesRequest;
import dev.atelier.models.iam.ListAttachedRolePoliciesResponse;
import dev.atelier.models.iam.ListRolePoliciesRequest;
import dev.atelier.models.iam.ListRolePoliciesResponse;
import dev.atelier.models.iam.ListRolesRequest;
import dev.atelier.models.iam.ListRolesResponse;
import dev.atelier.models.iam.PutRolePolicyRequest;
import dev.atelier.models.iam.UpdateAssumeRolePolicyRequest;
import dev.atelier.models.iam.UpdateRoleRequest;
import dev.atelier.models.iam.UpdateRoleResponse;
import dev.atelier.operation.OperationTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The operations on IAM roles and the policies they hold. */
final class RoleApi {
  private final Roles roles;
  private final ManagedPolicies policies;

  RoleApi(Roles roles, ManagedPolicies policies) {
    this.roles = roles;
    this.policies = policies;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createRole(), this::createRole)
        .on(IamOperations.getRole(), this::getRole)
        .on(IamOperations.listRoles(), this::listRoles)
        .on(IamOperations.updateRole(), this::updateRole)
        .on(IamOperations.updateAssumeRolePolicy(), this::updateAssumeRolePolicy)
        .on(IamOperations.deleteRole(), this::deleteRole)
        .on(IamOperations.attachRolePolicy(), this::attachRolePolicy)
        .on(IamOperations.detachRolePolicy(), this::detachRolePolicy)
        .on(IamOperations.listAttachedRolePolicies(), this::listAttachedRolePolicies)
        .on(IamOperations.putRolePolicy(), this::putRolePolicy)
        .on(IamOperations.getRolePolicy(), this::getRolePolicy)
        .on(IamOperations.listRolePolicies(), this::listRolePolicies)
        .on(IamOperations.deleteRolePolicy(), this::deleteRolePolicy);
  }

  CreateRoleResponse createRole(Caller caller, CreateRoleRequest request) {
    Role role = roles.create(caller.account(), new Roles.NewRole(request.roleName(),
        request.path() == null ? "/" : request.path(), request.assumeRolePolicyDocument(),
        request.description() == null ? "" : request.description(),
        Duration.ofSeconds(request.maxSessionDuration() == null ? 3600 : request.maxSessionDuration())));
    return CreateRoleResponse.builder().role(wire(caller, role)).build();
  }

  GetRoleResponse getRole(Caller caller, GetRoleRequest request) {
    return GetRoleResponse.builder()
        .role(wire(caller, roles.require(caller.account(), request.roleName())))
        .build();
  }

  ListRolesResponse listRoles(Caller caller, ListRolesRequest request) {
    String prefix = request.pathPrefix() == null ? "/" : request.pathPrefix();
    List<Role> all = roles.list(caller.account()).stream().filter(role -> role.path().startsWith(prefix)).toList();
    IamPage<Role> page = IamPage.of(all, Role::name, request.marker(), request.maxItems());
    return ListRolesResponse.builder()
        .roles(page.items().stream().map(role -> wire(caller, role)).toList())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  UpdateRoleResponse updateRole(Caller caller, UpdateRoleRequest request) {
    Role role = roles.require(caller.account(), request.roleName());
    roles.update(caller.account(), role.name(),
        request.description() == null ? role.description() : request.description(),
        request.maxSessionDuration() == null
            ? role.maxSession() : Duration.ofSeconds(request.maxSessionDuration()));
    return UpdateRoleResponse.builder().build();
  }

  NoOutput updateAssumeRolePolicy(Caller caller, UpdateAssumeRolePolicyRequest request) {
    roles.updateTrust(caller.account(), request.roleName(), request.policyDocument());
    return new NoOutput();
  }

  NoOutput deleteRole(Caller caller, DeleteRoleRequest request) {
    roles.delete(caller.account(), request.roleName());
    return new NoOutput();
  }

  NoOutput attachRolePolicy(Caller caller, AttachRolePolicyRequest request) {
    policies.attachToRole(roles.require(caller.account(), request.roleName()), request.policyArn());
    return new NoOutput();
  }

  NoOutput detachRolePolicy(Caller caller, DetachRolePolicyRequest request) {
    policies.detachFromRole(roles.require(caller.account(), request.roleName()), request.policyArn());
    return new NoOutput();
  }

  ListAttachedRolePoliciesResponse listAttachedRolePolicies(Caller caller, ListAttachedRolePoliciesRequest request) {
    List<String> attached = policies.attachedTo(roles.require(caller.account(), request.roleName()));
    IamPage<String> page = IamPage.of(attached, arn -> arn, request.marker(), request.maxItems());
    return ListAttachedRolePoliciesResponse.builder()
        .attachedPolicies(PolicyApi.attached(caller, page.items()))
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  NoOutput putRolePolicy(Caller caller, PutRolePolicyRequest request) {
    policies.putInline(roles.require(caller.account(), request.roleName()), request.policyName(),
        request.policyDocument());
    return new NoOutput();
  }

  GetRolePolicyResponse getRolePolicy(Caller caller, GetRolePolicyRequest request) {
    Role role = roles.require(caller.account(), request.roleName());
    String document = policies.inlineOf(role).get(request.policyName());
    if (document == null) {
      throw Users.noSuchEntity("The role policy with name " + request.policyName() + " cannot be found.");
    }
    return GetRolePolicyResponse.builder()
        .roleName(role.name())
        .policyName(request.policyName())
        .policyDocument(encoded(document))
        .build();
  }

  ListRolePoliciesResponse listRolePolicies(Caller caller, ListRolePoliciesRequest request) {
    List<String> names = List.copyOf(
        policies.inlineOf(roles.require(caller.account(), request.roleName())).keySet());
    IamPage<String> page = IamPage.of(names, name -> name, request.marker(), request.maxItems());
    return ListRolePoliciesResponse.builder()
        .policyNames(page.items())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  NoOutput deleteRolePolicy(Caller caller, DeleteRolePolicyRequest request) {
    policies.deleteInline(roles.require(caller.account(), request.roleName()), request.policyName());
    return new NoOutput();
  }

  private static dev.atelier.models.iam.Role wire(Caller caller, Role role) {
    return dev.atelier.models.iam.Role.builder()
        .path(role.path())
        .roleName(role.name())
        .roleId(role.id())
        .arn(role.arn(caller.partition()).toString())
        .createDate(role.createdAt())
        .assumeRolePolicyDocument(encoded(role.trust()))
        .description(role.description().isEmpty() ? null : role.description())
        .maxSessionDuration(Math.toIntExact(role.maxSession().toSeconds()))
        .build();
  }

  /** IAM answers policy documents percent-encoded (RFC 3986); clients decode them. */
  static String encoded(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
