package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The resources of requests to IAM: their ARNs hold paths that the requests do not name. */
final class IamAccess {
  private static final Map<String, String> MEMBERS = Map.of("UserNameWithPath", "UserName",
      "GroupNameWithPath", "GroupName", "RoleNameWithPath", "RoleName", "PolicyNameWithPath", "PolicyName",
      "InstanceProfileNameWithPath", "InstanceProfileName", "CertificateNameWithPath", "ServerCertificateName",
      "MfaTokenIdWithPath", "VirtualMFADeviceName", "SamlProviderName", "Name");
  /** Members that hold the resource's whole ARN, by the type of the resource. */
  private static final Map<String, List<String>> ARNS = Map.of(
      "policy", List.of("PolicyArn", "Arn"), "oidc-provider", List.of("OpenIDConnectProviderArn"),
      "saml-provider", List.of("SAMLProviderArn"), "mfa", List.of("SerialNumber"), "sms-mfa", List.of("SerialNumber"),
      "user", List.of("PolicySourceArn", "Arn"), "role", List.of("PolicySourceArn", "Arn"),
      "group", List.of("PolicySourceArn", "Arn"));

  private final Optional<IamResources> entities;

  IamAccess(Optional<IamResources> entities) {
    this.entities = entities;
  }

  /** The ARNs that members of the request give for a resource of the type. */
  Set<String> byArn(Caller caller, String type, Map<String, Object> input) {
    Set<String> found = new LinkedHashSet<>();
    ARNS.getOrDefault(type, List.of()).stream().flatMap(member -> text(input, member).stream())
        .flatMap(text -> Arn.parse(text).stream())
        .filter(arn -> arn.service().equals("iam") && arn.resource().startsWith(type + "/"))
        .forEach(arn -> found.add(spelled(caller, type, arn)));
    return found;
  }

  /** Names count without regard to case, so the ARN is that of the entity, not of its other spellings. */
  private String spelled(Caller caller, String type, Arn arn) {
    String name = arn.resource().substring(type.length() + 1);
    boolean own = arn.account().equals(caller.account().value());
    return new Arn(caller.partition().id(), "iam", "", arn.account(),
        type + "/" + (own ? known(caller, type, name) : name)).toString();
  }

  private String known(Caller caller, String type, String name) {
    // the path is part of an entity's name here; a lookup is by what follows it
    String last = List.of("user", "group", "role").contains(type) ? name.substring(name.lastIndexOf('/') + 1) : name;
    return entities.flatMap(each -> each.pathAndName(caller.account(), type, last)).orElse(name);
  }

  /** The values of a part of a resource's ARN: one, or with a renaming the old and the new one. */
  List<String> values(Caller caller, String variable, Map<String, Object> input) {
    String type = type(variable);
    Optional<String> named = text(input, MEMBERS.getOrDefault(variable, variable)).or(() -> switch (type) {
      case "user" -> owner(caller, input);
      case "role" -> serviceRole(input);
      case "oidc-provider" -> text(input, "Url").flatMap(Providers::name);
      default -> Optional.empty();
    });
    if (text(input, "Path").filter(path -> path.length() > 1).isPresent()) {
      return named.map(name -> text(input, "Path").orElseThrow().substring(1) + name).stream().toList();
    }
    Optional<String> now = named.map(name -> known(caller, type, name));
    return Stream.concat(now.stream(), now.flatMap(old -> renamed(variable, old, input)).stream()).distinct().toList();
  }

  private static String type(String variable) {
    return switch (variable) {
      case "UserNameWithPath" -> "user";
      case "GroupNameWithPath" -> "group";
      case "RoleNameWithPath" -> "role";
      case "InstanceProfileNameWithPath" -> "instance-profile";
      case "CertificateNameWithPath" -> "server-certificate";
      case "OidcProviderName" -> "oidc-provider";
      default -> "";
    };
  }

  /** IAM wants the right on what the entity is called afterwards, too. */
  private static Optional<String> renamed(String variable, String old, Map<String, Object> input) {
    Optional<String> path = text(input, "NewPath");
    Optional<String> name = text(input, "New" + MEMBERS.getOrDefault(variable, ""));
    int slash = old.lastIndexOf('/') + 1;
    return path.isEmpty() && name.isEmpty() ? Optional.empty()
        : Optional.of(path.map(each -> each.substring(1)).orElse(old.substring(0, slash))
            + name.orElse(old.substring(slash)));
  }

  /** The user that a request without a user's name is about: the owner of what it names, or the calling user. */
  private Optional<String> owner(Caller caller, Map<String, Object> input) {
    return entities.flatMap(each -> text(input, "AccessKeyId").flatMap(id -> each.keyOwner(caller.account(), id))
            .or(() -> text(input, "SerialNumber").flatMap(serial -> each.deviceOwner(caller.account(), serial))))
        .or(() -> caller.identity() instanceof Identity.User user ? Optional.of(user.name()) : Optional.empty());
  }

  /** The role that a service's own operations name by the service or by the task that deletes the role. */
  private static Optional<String> serviceRole(Map<String, Object> input) {
    return text(input, "AWSServiceName").map(service -> "aws-service-role/" + service + "/"
            + ServiceLinkedRoles.name(service, text(input, "CustomSuffix")))
        .or(() -> text(input, "DeletionTaskId").filter(task -> task.matches("task/.+/[^/]+"))
            .map(task -> task.substring("task/".length(), task.lastIndexOf('/'))));
  }

  private static Optional<String> text(Map<String, Object> input, String member) {
    return input.get(member) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
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
