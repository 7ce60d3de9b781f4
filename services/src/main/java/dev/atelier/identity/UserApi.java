package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.AccessKeyMetadata;
import dev.atelier.models.iam.AttachUserPolicyRequest;
import dev.atelier.models.iam.CreateAccessKeyRequest;
import dev.atelier.models.iam.CreateAccessKeyResponse;
import dev.atelier.models.iam.CreateUserRequest;
import dev.atelier.models.iam.CreateUserResponse;
import dev.atelier.models.iam.DeleteAccessKeyRequest;
import dev.atelier.models.iam.DeleteUserPolicyRequest;
import dev.atelier.models.iam.DeleteUserRequest;
import dev.atelier.models.iam.DetachUserPolicyRequest;
import dev.atelier.models.iam.GetUserPolicyRequest;
import dev.atelier.models.iam.GetUserPolicyResponse;
import dev.atelier.models.iam.GetUserRequest;
import dev.atelier.models.iam.GetUserResponse;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListAccessKeysRequest;
import dev.atelier.models.iam.ListAccessKeysResponse;
import dev.atelier.models.iam.ListAttachedUserPoliciesRequest;
import dev.atelier.models.iam.ListAttachedUserPoliciesResponse;
import dev.atelier.models.iam.ListUserPoliciesRequest;
import dev.atelier.models.iam.ListUserPoliciesResponse;
import dev.atelier.models.iam.ListUsersRequest;
import dev.atelier.models.iam.ListUsersResponse;
import dev.atelier.models.iam.PutUserPolicyRequest;
import dev.atelier.models.iam.UpdateAccessKeyRequest;
import dev.atelier.operation.OperationTable;
import java.util.List;

/** The operations on IAM users, their access keys and the policies they hold. */
final class UserApi {
  private final Users users;
  private final ManagedPolicies policies;

  UserApi(Users users, ManagedPolicies policies) {
    this.users = users;
    this.policies = policies;
  }

  void register(OperationTable table) {
    table.on(IamOperations.createUser(), this::createUser)
        .on(IamOperations.getUser(), this::getUser)
        .on(IamOperations.listUsers(), this::listUsers)
        .on(IamOperations.deleteUser(), this::deleteUser)
        .on(IamOperations.createAccessKey(), this::createAccessKey)
        .on(IamOperations.listAccessKeys(), this::listAccessKeys)
        .on(IamOperations.updateAccessKey(), this::updateAccessKey)
        .on(IamOperations.deleteAccessKey(), this::deleteAccessKey)
        .on(IamOperations.attachUserPolicy(), this::attachUserPolicy)
        .on(IamOperations.detachUserPolicy(), this::detachUserPolicy)
        .on(IamOperations.listAttachedUserPolicies(), this::listAttachedUserPolicies)
        .on(IamOperations.putUserPolicy(), this::putUserPolicy)
        .on(IamOperations.getUserPolicy(), this::getUserPolicy)
        .on(IamOperations.listUserPolicies(), this::listUserPolicies)
        .on(IamOperations.deleteUserPolicy(), this::deleteUserPolicy);
  }

  CreateUserResponse createUser(Caller caller, CreateUserRequest request) {
    User user = users.create(caller.account(), request.userName(), request.path() == null ? "/" : request.path());
    return CreateUserResponse.builder().user(wire(caller, user)).build();
  }

  GetUserResponse getUser(Caller caller, GetUserRequest request) {
    User user = users.require(caller.account(), nameOr(caller, request.userName()));
    return GetUserResponse.builder().user(wire(caller, user)).build();
  }

  ListUsersResponse listUsers(Caller caller, ListUsersRequest request) {
    String prefix = request.pathPrefix() == null ? "/" : request.pathPrefix();
    List<User> all = users.list(caller.account()).stream().filter(user -> user.path().startsWith(prefix)).toList();
    IamPage<User> page = IamPage.of(all, User::name, request.marker(), request.maxItems());
    return ListUsersResponse.builder()
        .users(page.items().stream().map(user -> wire(caller, user)).toList())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  NoOutput deleteUser(Caller caller, DeleteUserRequest request) {
    users.delete(caller.account(), request.userName());
    return new NoOutput();
  }

  CreateAccessKeyResponse createAccessKey(Caller caller, CreateAccessKeyRequest request) {
    Users.NewKey made = users.createKey(caller.account(), nameOr(caller, request.userName()));
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
    List<AccessKeyMetadata> keys = users.keys(caller.account(), nameOr(caller, request.userName())).stream()
        .map(key -> AccessKeyMetadata.builder()
            .userName(key.user())
            .accessKeyId(key.id())
            .status(key.active() ? "Active" : "Inactive")
            .createDate(key.createdAt())
            .build())
        .toList();
    return ListAccessKeysResponse.builder().accessKeyMetadata(keys).isTruncated(false).build();
  }

  NoOutput updateAccessKey(Caller caller, UpdateAccessKeyRequest request) {
    users.setKeyActive(caller.account(), nameOr(caller, request.userName()), request.accessKeyId(),
        request.status().equals("Active"));
    return new NoOutput();
  }

  NoOutput deleteAccessKey(Caller caller, DeleteAccessKeyRequest request) {
    users.deleteKey(caller.account(), nameOr(caller, request.userName()), request.accessKeyId());
    return new NoOutput();
  }

  NoOutput attachUserPolicy(Caller caller, AttachUserPolicyRequest request) {
    policies.attachToUser(users.require(caller.account(), request.userName()), request.policyArn());
    return new NoOutput();
  }

  NoOutput detachUserPolicy(Caller caller, DetachUserPolicyRequest request) {
    policies.detachFromUser(users.require(caller.account(), request.userName()), request.policyArn());
    return new NoOutput();
  }

  ListAttachedUserPoliciesResponse listAttachedUserPolicies(Caller caller, ListAttachedUserPoliciesRequest request) {
    List<String> attached = policies.attachedTo(users.require(caller.account(), request.userName()));
    IamPage<String> page = IamPage.of(attached, arn -> arn, request.marker(), request.maxItems());
    return ListAttachedUserPoliciesResponse.builder()
        .attachedPolicies(PolicyApi.attached(caller, page.items()))
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  NoOutput putUserPolicy(Caller caller, PutUserPolicyRequest request) {
    policies.putInline(users.require(caller.account(), request.userName()), request.policyName(),
        request.policyDocument());
    return new NoOutput();
  }

  GetUserPolicyResponse getUserPolicy(Caller caller, GetUserPolicyRequest request) {
    User user = users.require(caller.account(), request.userName());
    String document = policies.inlineOf(user).get(request.policyName());
    if (document == null) {
      throw Users.noSuchEntity("The user policy with name " + request.policyName() + " cannot be found.");
    }
    return GetUserPolicyResponse.builder()
        .userName(user.name())
        .policyName(request.policyName())
        .policyDocument(RoleApi.encoded(document))
        .build();
  }

  ListUserPoliciesResponse listUserPolicies(Caller caller, ListUserPoliciesRequest request) {
    List<String> names = List.copyOf(
        policies.inlineOf(users.require(caller.account(), request.userName())).keySet());
    IamPage<String> page = IamPage.of(names, name -> name, request.marker(), request.maxItems());
    return ListUserPoliciesResponse.builder()
        .policyNames(page.items())
        .isTruncated(page.truncated())
        .marker(page.marker().orElse(null))
        .build();
  }

  NoOutput deleteUserPolicy(Caller caller, DeleteUserPolicyRequest request) {
    policies.deleteInline(users.require(caller.account(), request.userName()), request.policyName());
    return new NoOutput();
  }

  /** Several operations mean the calling user when they name none. */
  private static String nameOr(Caller caller, String name) {
    if (name != null) {
      return name;
    }
    if (caller.identity() instanceof Identity.User user) {
      return user.name();
    }
    throw new Fault("ValidationError", 400, "Must specify userName when calling with non-User credentials");
  }

  private static dev.atelier.models.iam.User wire(Caller caller, User user) {
    return dev.atelier.models.iam.User.builder()
        .path(user.path())
        .userName(user.name())
        .userId(user.id())
        .arn(Arn.global(caller.partition(), "iam", user.account(), "user" + user.path() + user.name()).toString())
        .createDate(user.createdAt())
        .build();
  }
}
