package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AddRoleToInstanceProfileRequest;
import dev.atelier.models.iam.CreateInstanceProfileRequest;
import dev.atelier.models.iam.CreateInstanceProfileResponse;
import dev.atelier.models.iam.DeleteInstanceProfileRequest;
import dev.atelier.models.iam.GetInstanceProfileRequest;
import dev.atelier.models.iam.GetInstanceProfileResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListInstanceProfilesForRoleRequest;
import dev.atelier.models.iam.ListInstanceProfilesForRoleResponse;
import dev.atelier.models.iam.ListInstanceProfilesRequest;
import dev.atelier.models.iam.ListInstanceProfilesResponse;
import dev.atelier.models.iam.RemoveRoleFromInstanceProfileRequest;
import dev.atelier.operation.OperationTable;

/** The operations on instance profiles. */
final class InstanceProfileApi {
  private final InstanceProfiles profiles;
  private final Roles roles;
  private final IamWire wire;

  InstanceProfileApi(InstanceProfiles profiles, Roles roles, IamWire wire) {
    this.profiles = profiles;
    this.roles = roles;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createInstanceProfile(), this::createInstanceProfile)
        .on(IamOperations.getInstanceProfile(), this::getInstanceProfile)
        .on(IamOperations.listInstanceProfiles(), this::listInstanceProfiles)
        .on(IamOperations.listInstanceProfilesForRole(), this::listInstanceProfilesForRole)
        .on(IamOperations.addRoleToInstanceProfile(), this::addRoleToInstanceProfile)
        .on(IamOperations.removeRoleFromInstanceProfile(), this::removeRoleFromInstanceProfile)
        .on(IamOperations.deleteInstanceProfile(), this::deleteInstanceProfile);
  }

  CreateInstanceProfileResponse createInstanceProfile(Caller caller, CreateInstanceProfileRequest request) {
    return CreateInstanceProfileResponse.builder()
        .instanceProfile(wire(caller, profiles.create(caller.account(), request.instanceProfileName(),
            IamWire.pathOr(request.path()), IamWire.asked(request.tags()))))
        .build();
  }

  GetInstanceProfileResponse getInstanceProfile(Caller caller, GetInstanceProfileRequest request) {
    return GetInstanceProfileResponse.builder()
        .instanceProfile(wire(caller, profiles.require(caller.account(), request.instanceProfileName())))
        .build();
  }

  ListInstanceProfilesResponse listInstanceProfiles(Caller caller, ListInstanceProfilesRequest request) {
    String prefix = IamWire.pathOr(request.pathPrefix());
    IamPage<Entry<InstanceProfiles.Profile>> page = IamPage.of(profiles.list(caller.account()).stream()
        .filter(each -> each.value().path().startsWith(prefix)).toList(), Entry::name, request.marker(), request.maxItems());
    return ListInstanceProfilesResponse.builder()
        .instanceProfiles(page.items().stream().map(each -> wire(caller, each).toBuilder().tags(null).build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(
      Caller caller, ListInstanceProfilesForRoleRequest request) {
    Role role = roles.require(caller.account(), request.roleName());
    IamPage<Entry<InstanceProfiles.Profile>> page = IamPage.of(profiles.list(caller.account()).stream()
        .filter(each -> each.value().role().equals(role.name())).toList(), Entry::name, request.marker(), request.maxItems());
    return ListInstanceProfilesForRoleResponse.builder()
        .instanceProfiles(page.items().stream().map(each -> wire(caller, each).toBuilder().tags(null).build()).toList())
        .isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput addRoleToInstanceProfile(Caller caller, AddRoleToInstanceProfileRequest request) {
    profiles.addRole(caller.account(), request.instanceProfileName(), request.roleName());
    return new NoOutput();
  }

  NoOutput removeRoleFromInstanceProfile(Caller caller, RemoveRoleFromInstanceProfileRequest request) {
    profiles.removeRole(caller.account(), request.instanceProfileName(), request.roleName());
    return new NoOutput();
  }

  NoOutput deleteInstanceProfile(Caller caller, DeleteInstanceProfileRequest request) {
    profiles.delete(caller.account(), request.instanceProfileName());
    return new NoOutput();
  }

  private dev.atelier.models.iam.InstanceProfile wire(Caller caller, Entry<InstanceProfiles.Profile> profile) {
    return wire.wire(caller, profile, profiles.role(profile));
  }
}
