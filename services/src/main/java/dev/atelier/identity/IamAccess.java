package dev.atelier.identity;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The resources of requests to IAM: their ARNs hold paths that the requests do not name. */
final class IamAccess {
  private static final Map<String, Principal.Kind> KINDS = Map.of("UserNameWithPath", Principal.Kind.USER,
      "GroupNameWithPath", Principal.Kind.GROUP, "RoleNameWithPath", Principal.Kind.ROLE);
  private static final Map<String, String> MEMBERS = Map.of("UserNameWithPath", "UserName",
      "GroupNameWithPath", "GroupName", "RoleNameWithPath", "RoleName", "PolicyNameWithPath", "PolicyName",
      "InstanceProfileNameWithPath", "InstanceProfileName", "CertificateNameWithPath", "ServerCertificateName",
      "MfaTokenIdWithPath", "VirtualMFADeviceName", "SamlProviderName", "Name");
  /** Members that hold the resource's whole ARN, by the type of the resource. */
  private static final Map<String, List<String>> ARNS = Map.of(
      "policy", List.of("PolicyArn"), "oidc-provider", List.of("OpenIDConnectProviderArn"),
      "saml-provider", List.of("SAMLProviderArn"), "mfa", List.of("SerialNumber"),
      "user", List.of("PolicySourceArn", "Arn"), "role", List.of("PolicySourceArn", "Arn"),
      "group", List.of("PolicySourceArn", "Arn"));

  private final Optional<IamResources> entities;

  IamAccess(Optional<IamResources> entities) {
    this.entities = entities;
  }

  /** The ARN that a member of the request gives for a resource of the type. */
  Optional<String> arn(String type, Map<String, Object> input) {
    return ARNS.getOrDefault(type, List.of()).stream().map(input::get)
        .filter(value -> value instanceof String text && text.contains(":" + type + "/")).map(String::valueOf).findFirst();
  }

  /** The value of a part of a resource's ARN. */
  Optional<String> value(Caller caller, String variable, Map<String, Object> input) {
    Optional<String> name = Optional.ofNullable(MEMBERS.get(variable)).map(input::get).map(String::valueOf)
        .or(() -> variable.equals("UserNameWithPath") && caller.identity() instanceof Identity.User user
            ? Optional.of(user.name()) : Optional.empty());
    if (input.get("Path") instanceof String path && path.length() > 1) {
      return name.map(text -> path.substring(1) + text);
    }
    Principal.Kind kind = KINDS.get(variable);
    return kind == null || entities.isEmpty() ? name
        : name.map(text -> entities.get().pathAndName(caller.account(), kind, text));
  }

  /** The tags of the user or role that the request is for. */
  Map<String, List<String>> tags(Caller caller, Map<String, Object> input) {
    if (entities.isPresent() && input.get("RoleName") instanceof String role) {
      return entities.get().tags(caller.account(), Principal.Kind.ROLE, role);
    }
    return entities.isPresent() && input.get("UserName") instanceof String user
        ? entities.get().tags(caller.account(), Principal.Kind.USER, user) : Map.of();
  }
}
