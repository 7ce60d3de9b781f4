package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.CreateRoleRequest;
import dev.atelier.models.iam.CreateRoleResponse;
import dev.atelier.models.iam.CreateServiceLinkedRoleRequest;
import dev.atelier.models.iam.CreateServiceLinkedRoleResponse;
import dev.atelier.models.iam.DeleteRolePermissionsBoundaryRequest;
import dev.atelier.models.iam.DeleteRoleRequest;
import dev.atelier.models.iam.DeleteServiceLinkedRoleRequest;
import dev.atelier.models.iam.DeleteServiceLinkedRoleResponse;
import dev.atelier.models.iam.GetRoleRequest;
import dev.atelier.models.iam.GetRoleResponse;
import dev.atelier.models.iam.GetServiceLinkedRoleDeletionStatusRequest;
import dev.atelier.models.iam.GetServiceLinkedRoleDeletionStatusResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListRolesRequest;
import dev.atelier.models.iam.ListRolesResponse;
import dev.atelier.models.iam.PutRolePermissionsBoundaryRequest;
import dev.atelier.models.iam.UpdateAssumeRolePolicyRequest;
import dev.atelier.models.iam.UpdateRoleDescriptionRequest;
import dev.atelier.models.iam.UpdateRoleDescriptionResponse;
import dev.atelier.models.iam.UpdateRoleRequest;
import dev.atelier.models.iam.UpdateRoleResponse;
import dev.atelier.operation.OperationTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The operations on IAM roles. */
final class RoleApi {
  private final Roles roles;
  private final ServiceLinkedRoles serviceLinked;
  private final IamWire wire;

  RoleApi(Roles roles, ServiceLinkedRoles serviceLinked, IamWire wire) {
    this.roles = roles;
    this.serviceLinked = serviceLinked;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createRole(), this::createRole)
        .on(IamOperations.getRole(), this::getRole)
        .on(IamOperations.listRoles(), this::listRoles)
        .on(IamOperations.updateRole(), this::updateRole)
        .on(IamOperations.updateRoleDescription(), this::updateRoleDescription)
        .on(IamOperations.updateAssumeRolePolicy(), this::updateAssumeRolePolicy)
        .on(IamOperations.deleteRole(), this::deleteRole)
        .on(IamOperations.putRolePermissionsBoundary(), this::putRolePermissionsBoundary)
        .on(IamOperations.deleteRolePermissionsBoundary(), this::deleteRolePermissionsBoundary)
        .on(IamOperations.createServiceLinkedRole(), this::createServiceLinkedRole)
        .on(IamOperations.deleteServiceLinkedRole(), this::deleteServiceLinkedRole)
        .on(IamOperations.getServiceLinkedRoleDeletionStatus(), this::getServiceLinkedRoleDeletionStatus);
  }

  CreateRoleResponse createRole(Caller caller, CreateRoleRequest request) {
    Role role = roles.create(caller.account(), new Roles.NewRole(request.roleName(), IamWire.pathOr(request.path()),
        request.assumeRolePolicyDocument(), request.description() == null ? "" : request.description(),
        Duration.ofSeconds(request.maxSessionDuration() == null ? 3600 : request.maxSessionDuration()),
        Optional.ofNullable(request.permissionsBoundary()), Optional.empty(), IamWire.asked(request.tags())));
    return CreateRoleResponse.builder().role(wire.whole(caller, role)).build();
  }

  GetRoleResponse getRole(Caller caller, GetRoleRequest request) {
    Role role = roles.require(caller.account(), request.roleName());
    return GetRoleResponse.builder()
        .role(wire.whole(caller, role).toBuilder().roleLastUsed(wire.lastUsed(role)).build())
        .build();
  }

  ListRolesResponse listRoles(Caller caller, ListRolesRequest request) {
    String prefix = IamWire.pathOr(request.pathPrefix());
    List<Role> all = roles.list(caller.account()).stream().filter(role -> role.path().startsWith(prefix)).toList();
    IamPage<Role> page = IamPage.of(all, Role::name, request.marker(), request.maxItems());
    return ListRolesResponse.builder()
        .roles(page.items().stream().map(role -> IamWire.brief(caller, role)).toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
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

  UpdateRoleDescriptionResponse updateRoleDescription(Caller caller, UpdateRoleDescriptionRequest request) {
    Role role = roles.require(caller.account(), request.roleName());
    return UpdateRoleDescriptionResponse.builder()
        .role(wire.whole(caller, roles.update(caller.account(), role.name(), request.description(), role.maxSession())))
        .build();
  }

  NoOutput updateAssumeRolePolicy(Caller caller, UpdateAssumeRolePolicyRequest request) {
    roles.updateTrust(caller.account(), request.roleName(), request.policyDocument());
    return new NoOutput();
  }

  NoOutput deleteRole(Caller caller, DeleteRoleRequest request) {
    roles.delete(caller.account(), request.roleName());
    return new NoOutput();
  }

  NoOutput putRolePermissionsBoundary(Caller caller, PutRolePermissionsBoundaryRequest request) {
    roles.setBoundary(caller.account(), request.roleName(), Optional.of(request.permissionsBoundary()));
    return new NoOutput();
  }

  NoOutput deleteRolePermissionsBoundary(Caller caller, DeleteRolePermissionsBoundaryRequest request) {
    roles.setBoundary(caller.account(), request.roleName(), Optional.empty());
    return new NoOutput();
  }

  CreateServiceLinkedRoleResponse createServiceLinkedRole(Caller caller, CreateServiceLinkedRoleRequest request) {
    Role role = serviceLinked.create(caller.account(), request.awsServiceName(),
        Optional.ofNullable(request.customSuffix()), request.description() == null ? "" : request.description());
    return CreateServiceLinkedRoleResponse.builder().role(IamWire.brief(caller, role)).build();
  }

  DeleteServiceLinkedRoleResponse deleteServiceLinkedRole(Caller caller, DeleteServiceLinkedRoleRequest request) {
    return DeleteServiceLinkedRoleResponse.builder()
        .deletionTaskId(serviceLinked.delete(caller.account(), request.roleName())).build();
  }

  GetServiceLinkedRoleDeletionStatusResponse getServiceLinkedRoleDeletionStatus(
      Caller caller, GetServiceLinkedRoleDeletionStatusRequest request) {
    serviceLinked.requireDeletion(caller.account(), request.deletionTaskId());
    return GetServiceLinkedRoleDeletionStatusResponse.builder().status("SUCCEEDED").build();
  }
}
