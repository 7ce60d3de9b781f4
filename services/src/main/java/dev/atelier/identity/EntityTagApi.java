package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.iam.IamOperations;
import dev.atelier.models.iam.ListInstanceProfileTagsRequest;
import dev.atelier.models.iam.ListInstanceProfileTagsResponse;
import dev.atelier.models.iam.ListMFADeviceTagsRequest;
import dev.atelier.models.iam.ListMFADeviceTagsResponse;
import dev.atelier.models.iam.ListOpenIDConnectProviderTagsRequest;
import dev.atelier.models.iam.ListOpenIDConnectProviderTagsResponse;
import dev.atelier.models.iam.ListPolicyTagsRequest;
import dev.atelier.models.iam.ListPolicyTagsResponse;
import dev.atelier.models.iam.ListRoleTagsRequest;
import dev.atelier.models.iam.ListRoleTagsResponse;
import dev.atelier.models.iam.ListSAMLProviderTagsRequest;
import dev.atelier.models.iam.ListSAMLProviderTagsResponse;
import dev.atelier.models.iam.ListServerCertificateTagsRequest;
import dev.atelier.models.iam.ListServerCertificateTagsResponse;
import dev.atelier.models.iam.ListUserTagsRequest;
import dev.atelier.models.iam.ListUserTagsResponse;
import dev.atelier.models.iam.Tag;
import dev.atelier.models.iam.TagInstanceProfileRequest;
import dev.atelier.models.iam.TagMFADeviceRequest;
import dev.atelier.models.iam.TagOpenIDConnectProviderRequest;
import dev.atelier.models.iam.TagPolicyRequest;
import dev.atelier.models.iam.TagRoleRequest;
import dev.atelier.models.iam.TagSAMLProviderRequest;
import dev.atelier.models.iam.TagServerCertificateRequest;
import dev.atelier.models.iam.TagUserRequest;
import dev.atelier.models.iam.UntagInstanceProfileRequest;
import dev.atelier.models.iam.UntagMFADeviceRequest;
import dev.atelier.models.iam.UntagOpenIDConnectProviderRequest;
import dev.atelier.models.iam.UntagPolicyRequest;
import dev.atelier.models.iam.UntagRoleRequest;
import dev.atelier.models.iam.UntagSAMLProviderRequest;
import dev.atelier.models.iam.UntagServerCertificateRequest;
import dev.atelier.models.iam.UntagUserRequest;
import dev.atelier.operation.OperationTable;

/** The operations on tags of users, roles, policies and the rest. */
final class EntityTagApi {
  private final Users users;
  private final Roles roles;
  private final ManagedPolicies policies;
  private final RecordStore records;
  private final EntityTags tags;
  private final IamWire wire;

  EntityTagApi(Users users, Roles roles, ManagedPolicies policies, RecordStore records, EntityTags tags, IamWire wire) {
    this.users = users;
    this.roles = roles;
    this.policies = policies;
    this.records = records;
    this.tags = tags;
    this.wire = wire;
  }

  void register(OperationTable table) {
    table.on(IamOperations.tagUser(), this::tagUser)
        .on(IamOperations.untagUser(), this::untagUser)
        .on(IamOperations.listUserTags(), this::listUserTags)
        .on(IamOperations.tagRole(), this::tagRole)
        .on(IamOperations.untagRole(), this::untagRole)
        .on(IamOperations.listRoleTags(), this::listRoleTags)
        .on(IamOperations.tagPolicy(), this::tagPolicy)
        .on(IamOperations.untagPolicy(), this::untagPolicy)
        .on(IamOperations.listPolicyTags(), this::listPolicyTags)
        .on(IamOperations.tagInstanceProfile(), this::tagInstanceProfile)
        .on(IamOperations.untagInstanceProfile(), this::untagInstanceProfile)
        .on(IamOperations.listInstanceProfileTags(), this::listInstanceProfileTags)
        .on(IamOperations.tagServerCertificate(), this::tagServerCertificate)
        .on(IamOperations.untagServerCertificate(), this::untagServerCertificate)
        .on(IamOperations.listServerCertificateTags(), this::listServerCertificateTags)
        .on(IamOperations.tagOpenIDConnectProvider(), this::tagOpenIDConnectProvider)
        .on(IamOperations.untagOpenIDConnectProvider(), this::untagOpenIDConnectProvider)
        .on(IamOperations.listOpenIDConnectProviderTags(), this::listOpenIDConnectProviderTags)
        .on(IamOperations.tagSAMLProvider(), this::tagSAMLProvider)
        .on(IamOperations.untagSAMLProvider(), this::untagSAMLProvider)
        .on(IamOperations.listSAMLProviderTags(), this::listSAMLProviderTags)
        .on(IamOperations.tagMFADevice(), this::tagMFADevice)
        .on(IamOperations.untagMFADevice(), this::untagMFADevice)
        .on(IamOperations.listMFADeviceTags(), this::listMFADeviceTags);
  }

  NoOutput tagUser(Caller caller, TagUserRequest request) {
    tags.put(users.require(caller.account(), request.userName()).id(),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagUser(Caller caller, UntagUserRequest request) {
    tags.remove(users.require(caller.account(), request.userName()).id(),
        request.tagKeys());
    return new NoOutput();
  }

  ListUserTagsResponse listUserTags(Caller caller, ListUserTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(users.require(caller.account(), request.userName()).id()),
        request.marker(), request.maxItems());
    return ListUserTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagRole(Caller caller, TagRoleRequest request) {
    tags.put(roles.require(caller.account(), request.roleName()).id(),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagRole(Caller caller, UntagRoleRequest request) {
    tags.remove(roles.require(caller.account(), request.roleName()).id(),
        request.tagKeys());
    return new NoOutput();
  }

  ListRoleTagsResponse listRoleTags(Caller caller, ListRoleTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(roles.require(caller.account(), request.roleName()).id()),
        request.marker(), request.maxItems());
    return ListRoleTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagPolicy(Caller caller, TagPolicyRequest request) {
    tags.put(policies.require(caller.account(), request.policyArn()).id(),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagPolicy(Caller caller, UntagPolicyRequest request) {
    tags.remove(policies.require(caller.account(), request.policyArn()).id(),
        request.tagKeys());
    return new NoOutput();
  }

  ListPolicyTagsResponse listPolicyTags(Caller caller, ListPolicyTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(policies.require(caller.account(), request.policyArn()).id()),
        request.marker(), request.maxItems());
    return ListPolicyTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagInstanceProfile(Caller caller, TagInstanceProfileRequest request) {
    tags.put(entry(caller, Kind.INSTANCE_PROFILE, request.instanceProfileName(), "Instance Profile %s cannot be found."),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagInstanceProfile(Caller caller, UntagInstanceProfileRequest request) {
    tags.remove(entry(caller, Kind.INSTANCE_PROFILE, request.instanceProfileName(), "Instance Profile %s cannot be found."),
        request.tagKeys());
    return new NoOutput();
  }

  ListInstanceProfileTagsResponse listInstanceProfileTags(Caller caller, ListInstanceProfileTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(entry(caller, Kind.INSTANCE_PROFILE, request.instanceProfileName(), "Instance Profile %s cannot be found.")),
        request.marker(), request.maxItems());
    return ListInstanceProfileTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagServerCertificate(Caller caller, TagServerCertificateRequest request) {
    tags.put(entry(caller, Kind.SERVER_CERTIFICATE, request.serverCertificateName(), "The Server Certificate with name %s cannot be found."),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagServerCertificate(Caller caller, UntagServerCertificateRequest request) {
    tags.remove(entry(caller, Kind.SERVER_CERTIFICATE, request.serverCertificateName(), "The Server Certificate with name %s cannot be found."),
        request.tagKeys());
    return new NoOutput();
  }

  ListServerCertificateTagsResponse listServerCertificateTags(Caller caller, ListServerCertificateTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(entry(caller, Kind.SERVER_CERTIFICATE, request.serverCertificateName(), "The Server Certificate with name %s cannot be found.")),
        request.marker(), request.maxItems());
    return ListServerCertificateTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagOpenIDConnectProvider(Caller caller, TagOpenIDConnectProviderRequest request) {
    tags.put(provider(caller, Kind.OIDC_PROVIDER, request.openIDConnectProviderArn()),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagOpenIDConnectProvider(Caller caller, UntagOpenIDConnectProviderRequest request) {
    tags.remove(provider(caller, Kind.OIDC_PROVIDER, request.openIDConnectProviderArn()),
        request.tagKeys());
    return new NoOutput();
  }

  ListOpenIDConnectProviderTagsResponse listOpenIDConnectProviderTags(Caller caller, ListOpenIDConnectProviderTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(provider(caller, Kind.OIDC_PROVIDER, request.openIDConnectProviderArn())),
        request.marker(), request.maxItems());
    return ListOpenIDConnectProviderTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagSAMLProvider(Caller caller, TagSAMLProviderRequest request) {
    tags.put(provider(caller, Kind.SAML_PROVIDER, request.samlProviderArn()),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagSAMLProvider(Caller caller, UntagSAMLProviderRequest request) {
    tags.remove(provider(caller, Kind.SAML_PROVIDER, request.samlProviderArn()),
        request.tagKeys());
    return new NoOutput();
  }

  ListSAMLProviderTagsResponse listSAMLProviderTags(Caller caller, ListSAMLProviderTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(provider(caller, Kind.SAML_PROVIDER, request.samlProviderArn())),
        request.marker(), request.maxItems());
    return ListSAMLProviderTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  NoOutput tagMFADevice(Caller caller, TagMFADeviceRequest request) {
    tags.put(device(caller, request.serialNumber()),
        IamWire.asked(request.tags()));
    return new NoOutput();
  }

  NoOutput untagMFADevice(Caller caller, UntagMFADeviceRequest request) {
    tags.remove(device(caller, request.serialNumber()),
        request.tagKeys());
    return new NoOutput();
  }

  ListMFADeviceTagsResponse listMFADeviceTags(Caller caller, ListMFADeviceTagsRequest request) {
    IamPage<Tag> page = IamPage.inOrder(
        wire.tags(device(caller, request.serialNumber())),
        request.marker(), request.maxItems());
    return ListMFADeviceTagsResponse.builder()
        .tags(page.items()).isTruncated(page.truncated()).marker(page.markerOrNull()).build();
  }

  private String entry(Caller caller, Kind kind, String name, String absent) {
    return records.find(caller.account(), kind, name, Object.class)
        .orElseThrow(() -> Users.noSuchEntity(absent.formatted(name))).id();
  }

  private String provider(Caller caller, Kind kind, String arn) {
    return records.find(caller.account(), kind, Providers.name(caller, kind, arn), Object.class)
        .orElseThrow(() -> Providers.absent(kind, arn)).id();
  }

  private String device(Caller caller, String serial) {
    return records.find(caller.account(), Kind.MFA_DEVICE, MfaDevices.name(caller.account(), serial), Object.class)
        .orElseThrow(() -> MfaDevices.absent(serial)).id();
  }
}
