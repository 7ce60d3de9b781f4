package dev.atelier.identity.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What IAM demands of the resources that an identity-based policy names. */
final class PolicyResources {
  private static final Set<String> PARTITIONS = Set.of("*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b",
      "aws-iso-e", "aws-iso-f", "aws-eusc");
  private static final List<String> IAM_PATHS = List.of("user/", "federated-user/", "role/", "group/",
      "instance-profile/", "mfa/", "server-certificate/", "policy/", "sms-mfa/", "saml-provider/", "oidc-provider/",
      "report/", "access-report/");

  private PolicyResources() {}

  /**
   * The first fault among the resources, in IAM's words.
   *
   * @throws Fault MalformedPolicyDocument, when IAM's older parser refuses a resource before any such fault
   */
  static Optional<String> fault(List<JsonNode> statements) {
    for (JsonNode statement : statements) {
      for (String resource : PolicyGrammar.strings(statement, "Resource", "NotResource")) {
        Optional<String> fault = fault(resource);
        if (fault.isPresent()) {
          return fault;
        }
        PolicyGrammar.require(resource.equals("*") || isParsed(resource), "The policy failed legacy parsing");
      }
    }
    return Optional.empty();
  }

  private static boolean isParsed(String resource) {
    String[] parts = resource.split(":", -1);
    return !parts[2].isEmpty() && (parts.length >= 6 || !resource.contains("::"));
  }

  private static Optional<String> fault(String resource) {
    if (resource.equals("*")) {
      return Optional.empty();
    }
    String[] parts = resource.split(":", 6);
    if (parts.length < 2) {
      return Optional.of("Resource " + resource + " must be in ARN format or \"*\".");
    }
    if (!PARTITIONS.contains(parts[1])) {
      return Optional.of("Partition \"" + parts[1] + "\" is not valid for resource \"" + padded(parts) + "\".");
    }
    if (!parts[0].equals("arn")) {
      return Optional.of("Resource " + resource + " must be in ARN format or \"*\".");
    }
    if (parts.length < 3) {
      return Optional.of("Resource vendor must be fully qualified and cannot contain regexes.");
    }
    String region = parts.length > 3 ? parts[3] : "";
    String own = parts.length > 5 ? parts[5] : "";
    return switch (parts[2]) {
      case "iam" -> iam(resource, region, own);
      case "s3" -> region.isEmpty() || region.equals("*") || own.startsWith("accesspoint/") || own.startsWith("job/")
          || own.startsWith("storage-lens") || parts.length < 6 ? Optional.empty()
          : Optional.of("Resource " + resource + " can not contain region information.");
      default -> Optional.empty();
    };
  }

  private static Optional<String> iam(String resource, String region, String own) {
    if (!region.isEmpty() && !region.equals("*")) {
      return Optional.of("IAM resource " + resource + " cannot contain region information.");
    }
    // AssumeRoot's resource has no path; IAM's sentence does not tell of it
    return own.isEmpty() || own.startsWith("*") || own.equals("root")
        || IAM_PATHS.stream().anyMatch(own::startsWith) ? Optional.empty()
        : Optional.of("IAM resource path must either be \"*\" or start with " + String.join(", ", IAM_PATHS) + ".");
  }

  /** The resource as IAM repeats it: an ARN of six parts. */
  private static String padded(String[] parts) {
    List<String> all = new ArrayList<>(List.of("arn", parts[1]));
    for (int i = 2; i < 6; i++) {
      all.add(i < parts.length ? parts[i] : "*");
    }
    return String.join(":", all);
  }
}
