package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AddUserToGroupRequest;
import dev.atelier.models.iam.CreateGroupRequest;
import dev.atelier.models.iam.CreateGroupResponse;
import dev.atelier.models.iam.DeleteGroupRequest;
import dev.atelier.models.iam.GetGroupRequest;
import dev.atelier.models.iam.GetGroupResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListGroupsForUserRequest;
import dev.atelier.models.iam.ListGroupsForUserResponse;
import dev.atelier.models.iam.ListGroupsRequest;
import dev.atelier.models.iam.ListGroupsResponse;
import dev.atelier.models.iam.RemoveUserFromGroupRequest;
import dev.atelier.models.iam.UpdateGroupRequest;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Optional;

/** The operations on groups and their members. */
final class GroupApi {
  private final Groups groups;
  private final Users users;

  GroupApi(Groups groups, Users users) {
    this.groups = groups;
    this.users = users;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createGroup(), this::createGroup)
        .on(IamOperations.getGroup(), this::getGroup)
        .on(IamOperations.listGroups(), this::listGroups)
        .on(IamOperations.listGroupsForUser(), this::listGroupsForUser)
        .on(IamOperations.updateGroup(), this::updateGroup)
        .on(IamOperations.deleteGroup(), this::deleteGroup)
        .on(IamOperations.addUserToGroup(), this::addUserToGroup)
        .on(IamOperations.removeUserFromGroup(), this::removeUserFromGroup);
  }

  CreateGroupResponse createGroup(Caller caller, CreateGroupRequest request) {
    Group group = groups.create(caller.account(), request.groupName(), IamWire.pathOr(request.path()));
    return CreateGroupResponse.builder().group(IamWire.wire(caller, group)).build();
  }

  GetGroupResponse getGroup(Caller caller, GetGroupRequest request) {
    Group group = groups.require(caller.account(), request.groupName());
    IamPage<User> page = IamPage.of(groups.members(group), User::name, request.marker(), request.maxItems());
    return GetGroupResponse.builder()
        .group(IamWire.wire(caller, group))
        .users(page.items().stream().map(user -> IamWire.brief(caller, user)).toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
        .build();
  }

  ListGroupsResponse listGroups(Caller caller, ListGroupsRequest request) {
    String prefix = IamWire.pathOr(request.pathPrefix());
    List<Group> all = groups.list(caller.account()).stream().filter(group -> group.path().startsWith(prefix)).toList();
    IamPage<Group> page = IamPage.of(all, Group::name, request.marker(), request.maxItems());
    return ListGroupsResponse.builder()
        .groups(page.items().stream().map(group -> IamWire.wire(caller, group)).toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
        .build();
  }

  ListGroupsForUserResponse listGroupsForUser(Caller caller, ListGroupsForUserRequest request) {
    IamPage<Group> page = IamPage.of(groups.of(users.require(caller.account(), request.userName())), Group::name,
        request.marker(), request.maxItems());
    return ListGroupsForUserResponse.builder()
        .groups(page.items().stream().map(group -> IamWire.wire(caller, group)).toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
        .build();
  }

  NoOutput updateGroup(Caller caller, UpdateGroupRequest request) {
    groups.update(caller.account(), request.groupName(), Optional.ofNullable(request.newGroupName()),
        Optional.ofNullable(request.newPath()));
    return new NoOutput();
  }

  NoOutput deleteGroup(Caller caller, DeleteGroupRequest request) {
    groups.delete(caller.account(), request.groupName());
    return new NoOutput();
  }

  NoOutput addUserToGroup(Caller caller, AddUserToGroupRequest request) {
    groups.add(caller.account(), request.groupName(), request.userName());
    return new NoOutput();
  }

  NoOutput removeUserFromGroup(Caller caller, RemoveUserFromGroupRequest request) {
    groups.remove(caller.account(), request.groupName(), request.userName());
    return new NoOutput();
  }
}
