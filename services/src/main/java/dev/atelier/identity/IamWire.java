package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.models.iam.AttachedPermissionsBoundary;
import dev.atelier.models.iam.RoleLastUsed;
import dev.atelier.models.iam.Tag;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** IAM's entities as its answers show them. */
final class IamWire {
  private final EntityTags tags;
  private final KeyUse use;

  IamWire(EntityTags tags, KeyUse use) {
    this.tags = tags;
    this.use = use;
  }

  /** A user as a list shows it: without boundary and tags. */
  static dev.atelier.models.iam.User brief(Caller caller, User user) {
    return dev.atelier.models.iam.User.builder()
        .path(user.path())
        .userName(user.name())
        .userId(user.id())
        .arn(user.arn(caller.partition()).toString())
        .createDate(user.createdAt())
        .build();
  }

  dev.atelier.models.iam.User whole(Caller caller, User user) {
    List<Tag> own = tags(user.id());
    return brief(caller, user).toBuilder()
        .permissionsBoundary(boundary(caller, user.boundary()))
        .tags(own.isEmpty() ? null : own)
        .build();
  }

  static dev.atelier.models.iam.Group wire(Caller caller, Group group) {
    return dev.atelier.models.iam.Group.builder()
        .path(group.path())
        .groupName(group.name())
        .groupId(group.id())
        .arn(group.arn(caller.partition()).toString())
        .createDate(group.createdAt())
        .build();
  }

  /** A role as a list shows it: without boundary and tags. */
  static dev.atelier.models.iam.Role brief(Caller caller, Role role) {
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

  /** Empty for a role that no session has used. */
  RoleLastUsed lastUsed(Role role) {
    return use.of(role.id()).map(last -> RoleLastUsed.builder().lastUsedDate(last.at()).region(last.region()).build())
        .orElseGet(() -> RoleLastUsed.builder().build());
  }

  dev.atelier.models.iam.Role whole(Caller caller, Role role) {
    List<Tag> own = tags(role.id());
    return brief(caller, role).toBuilder()
        .permissionsBoundary(boundary(caller, role.boundary()))
        .tags(own.isEmpty() ? null : own)
        .build();
  }

  dev.atelier.models.iam.InstanceProfile wire(
      Caller caller, Entry<InstanceProfiles.Profile> profile, Optional<Role> role) {
    List<Tag> own = tags(profile.id());
    return dev.atelier.models.iam.InstanceProfile.builder()
        .path(profile.value().path())
        .instanceProfileName(profile.name())
        .instanceProfileId(profile.id())
        .arn(Arn.global(caller.partition(), "iam", profile.account(),
            "instance-profile" + profile.value().path() + profile.name()).toString())
        .createDate(profile.createdAt())
        .roles(role.map(one -> List.of(brief(caller, one))).orElse(List.of()))
        .tags(own)
        .build();
  }

  static AttachedPermissionsBoundary boundary(Caller caller, Optional<String> arn) {
    return arn.map(text -> AttachedPermissionsBoundary.builder()
        .permissionsBoundaryType("Policy").permissionsBoundaryArn(local(caller, text)).build()).orElse(null);
  }

  /** A stored ARN in the caller's partition. */
  static String local(Caller caller, String text) {
    Arn arn = Arn.parse(text).orElseThrow();
    return new Arn(caller.partition().id(), arn.service(), arn.region(), arn.account(), arn.resource()).toString();
  }

  List<Tag> tags(String entity) {
    return tags.of(entity).stream().map(tag -> Tag.builder().key(tag.name()).value(tag.value()).build()).toList();
  }

  /** The tags of a request. */
  static List<EntityTags.Tag> asked(List<Tag> wanted) {
    return wanted.stream().map(tag -> new EntityTags.Tag(tag.key(), tag.value() == null ? "" : tag.value())).toList();
  }

  static String pathOr(String path) {
    return path == null ? "/" : path;
  }

  /** IAM answers policy documents percent-encoded (RFC 3986); clients decode them. */
  static String encoded(String document) {
    return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
