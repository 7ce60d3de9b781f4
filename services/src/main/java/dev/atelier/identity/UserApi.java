package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AccessKeyLastUsed;
import dev.atelier.models.iam.AccessKeyMetadata;
import dev.atelier.models.iam.CreateAccessKeyRequest;
import dev.atelier.models.iam.CreateAccessKeyResponse;
import dev.atelier.models.iam.CreateUserRequest;
import dev.atelier.models.iam.CreateUserResponse;
import dev.atelier.models.iam.DeleteAccessKeyRequest;
import dev.atelier.models.iam.DeleteUserPermissionsBoundaryRequest;
import dev.atelier.models.iam.DeleteUserRequest;
import dev.atelier.models.iam.GetAccessKeyLastUsedRequest;
import dev.atelier.models.iam.GetAccessKeyLastUsedResponse;
import dev.atelier.models.iam.GetUserRequest;
import dev.atelier.models.iam.GetUserResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListAccessKeysRequest;
import dev.atelier.models.iam.ListAccessKeysResponse;
import dev.atelier.models.iam.ListUsersRequest;
import dev.atelier.models.iam.ListUsersResponse;
import dev.atelier.models.iam.PutUserPermissionsBoundaryRequest;
import dev.atelier.models.iam.UpdateAccessKeyRequest;
import dev.atelier.models.iam.UpdateUserRequest;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Optional;

/** The operations on IAM users and their access keys. */
final class UserApi {
  private final Users users;
  private final AccessKeys keys;
  private final KeyUse use;
  private final IamWire wire;

  UserApi(Users users, AccessKeys keys, KeyUse use, IamWire wire) {
    this.users = users;
    this.keys = keys;
    this.use = use;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createUser(), this::createUser)
        .on(IamOperations.getUser(), this::getUser)
        .on(IamOperations.listUsers(), this::listUsers)
        .on(IamOperations.updateUser(), this::updateUser)
        .on(IamOperations.deleteUser(), this::deleteUser)
        .on(IamOperations.putUserPermissionsBoundary(), this::putUserPermissionsBoundary)
        .on(IamOperations.deleteUserPermissionsBoundary(), this::deleteUserPermissionsBoundary)
        .on(IamOperations.createAccessKey(), this::createAccessKey)
        .on(IamOperations.listAccessKeys(), this::listAccessKeys)
        .on(IamOperations.updateAccessKey(), this::updateAccessKey)
        .on(IamOperations.deleteAccessKey(), this::deleteAccessKey)
        .on(IamOperations.getAccessKeyLastUsed(), this::getAccessKeyLastUsed);
  }

  CreateUserResponse createUser(Caller caller, CreateUserRequest request) {
    User user = users.create(caller.account(), request.userName(), IamWire.pathOr(request.path()),
        Optional.ofNullable(request.permissionsBoundary()), IamWire.asked(request.tags()));
    return CreateUserResponse.builder().user(wire.whole(caller, user)).build();
  }

  GetUserResponse getUser(Caller caller, GetUserRequest request) {
    User user = users.require(caller.account(), nameOr(caller, request.userName()));
    return GetUserResponse.builder().user(wire.whole(caller, user)).build();
  }

  ListUsersResponse listUsers(Caller caller, ListUsersRequest request) {
    String prefix = IamWire.pathOr(request.pathPrefix());
    List<User> all = users.list(caller.account()).stream().filter(user -> user.path().startsWith(prefix)).toList();
    IamPage<User> page = IamPage.of(all, User::name, request.marker(), request.maxItems());
    return ListUsersResponse.builder()
        .users(page.items().stream().map(user -> IamWire.brief(caller, user)).toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
        .build();
  }

  NoOutput updateUser(Caller caller, UpdateUserRequest request) {
    users.update(caller.account(), request.userName(), Optional.ofNullable(request.newUserName()),
        Optional.ofNullable(request.newPath()));
    return new NoOutput();
  }

  NoOutput deleteUser(Caller caller, DeleteUserRequest request) {
    users.delete(caller.account(), request.userName());
    return new NoOutput();
  }

  NoOutput putUserPermissionsBoundary(Caller caller, PutUserPermissionsBoundaryRequest request) {
    users.setBoundary(caller.account(), request.userName(), Optional.of(request.permissionsBoundary()));
    return new NoOutput();
  }

  NoOutput deleteUserPermissionsBoundary(Caller caller, DeleteUserPermissionsBoundaryRequest request) {
    users.setBoundary(caller.account(), request.userName(), Optional.empty());
    return new NoOutput();
  }

  CreateAccessKeyResponse createAccessKey(Caller caller, CreateAccessKeyRequest request) {
    Users.NewKey made = keys.create(caller.account(), nameOr(caller, request.userName()));
    return CreateAccessKeyResponse.builder()
        .accessKey(dev.atelier.models.iam.AccessKey.builder()
            .userName(made.key().user())
            .accessKeyId(made.key().id())
            .status("Active")
            .secretAccessKey(made.secret())
            .createDate(made.key().createdAt())
            .build())
        .build();
  }

  ListAccessKeysResponse listAccessKeys(Caller caller, ListAccessKeysRequest request) {
    IamPage<AccessKey> page = IamPage.inOrder(
        keys.of(caller.account(), nameOr(caller, request.userName())), request.marker(), request.maxItems());
    return ListAccessKeysResponse.builder()
        .accessKeyMetadata(page.items().stream()
            .map(key -> AccessKeyMetadata.builder()
                .userName(key.user())
                .accessKeyId(key.id())
                .status(key.active() ? "Active" : "Inactive")
                .createDate(key.createdAt())
                .build())
            .toList())
        .isTruncated(page.truncated())
        .marker(page.markerOrNull())
        .build();
  }

  NoOutput updateAccessKey(Caller caller, UpdateAccessKeyRequest request) {
    if (request.status().equals("Expired")) {
      throw new Fault("ValidationError", 400, "An access key cannot be set to Expired.");
    }
    keys.setActive(caller.account(), Optional.ofNullable(request.userName()), request.accessKeyId(),
        request.status().equals("Active"));
    return new NoOutput();
  }

  NoOutput deleteAccessKey(Caller caller, DeleteAccessKeyRequest request) {
    keys.delete(caller.account(), Optional.ofNullable(request.userName()), request.accessKeyId());
    return new NoOutput();
  }

  GetAccessKeyLastUsedResponse getAccessKeyLastUsed(Caller caller, GetAccessKeyLastUsedRequest request) {
    User owner = keys.owner(caller.account(), request.accessKeyId());
    Optional<KeyUse.Use> last = use.of(request.accessKeyId());
    return GetAccessKeyLastUsedResponse.builder()
        .userName(owner.name())
        .accessKeyLastUsed(AccessKeyLastUsed.builder()
            .lastUsedDate(last.map(KeyUse.Use::at).orElse(null))
            .serviceName(last.map(KeyUse.Use::service).orElse("N/A"))
            .region(last.map(KeyUse.Use::region).orElse("N/A"))
            .build())
        .build();
  }

  /** Several operations mean the calling user when they name none. */
  static String nameOr(Caller caller, String name) {
    if (name != null) {
      return name;
    }
    if (caller.identity() instanceof Identity.User user) {
      return user.name();
    }
    throw new Fault("ValidationError", 400, "Must specify userName when calling with non-User credentials");
  }
}
