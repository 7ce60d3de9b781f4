package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the members of a domain must be to each other. */
final class DomainRules {
  /** What can change only while no app runs. */
  private static final Set<String> QUIET = Set.of("AppNetworkAccessType", "VpcId", "SubnetIds");

  private DomainRules() {}

  /** Throws ValidationException for the first rule that a domain's document breaks. */
  static void check(Map<String, Object> domain) {
    if (!(structure(domain, "DefaultUserSettings").get("ExecutionRole") instanceof String)) {
      throw Fault.validation("ExecutionRole is required in DefaultUserSettings.");
    }
    boolean vpc = domain.containsKey("VpcId");
    boolean subnets = domain.containsKey("SubnetIds");
    boolean vpcOnly = "VpcOnly".equals(domain.get("AppNetworkAccessType"));
    if (vpcOnly && !(vpc && subnets)) {
      throw Fault.validation("VpcId and SubnetIds are required when AppNetworkAccessType is VpcOnly.");
    }
    if (vpc != subnets) {
      throw Fault.validation("VpcId and SubnetIds must be specified together.");
    }
    Object homeKey = domain.get("HomeEfsFileSystemKmsKeyId");
    if (homeKey != null && domain.containsKey("KmsKeyId") && !homeKey.equals(domain.get("KmsKeyId"))) {
      throw Fault.validation("KmsKeyId and HomeEfsFileSystemKmsKeyId must be the same when both are specified.");
    }
    Map<String, Object> settings = structure(domain, "DomainSettings");
    if (vpcOnly && settings.containsKey("RStudioServerProDomainSettings")
        && !domain.containsKey("AppSecurityGroupManagement")) {
      throw Fault.validation("AppSecurityGroupManagement is required when AppNetworkAccessType is VpcOnly and"
          + " RStudioServerProDomainSettings is specified.");
    }
    if ("ENABLED".equals(structure(settings, "TrustedIdentityPropagationSettings").get("Status"))
        && !"SSO".equals(domain.get("AuthMode"))) {
      throw Fault.validation("TrustedIdentityPropagationSettings can only be enabled for a domain with AuthMode SSO.");
    }
  }

  /** What cannot become of a domain. */
  static void checkChange(Map<String, Object> before, Map<String, Object> after) {
    if (before.containsKey("HomeEfsFileSystemId") && "Disabled".equals(after.get("HomeEfsFileSystemCreation"))) {
      throw Fault.validation("HomeEfsFileSystemCreation cannot be Disabled for a domain that has a home file system.");
    }
    boolean rStudio = structure(after, "DomainSettings").containsKey("RStudioServerProDomainSettings");
    if (rStudio && before.containsKey("AppNetworkAccessType")
        && !before.get("AppNetworkAccessType").equals(after.get("AppNetworkAccessType"))) {
      throw Fault.validation("AppNetworkAccessType cannot be updated for a domain with"
          + " RStudioServerProDomainSettings.");
    }
  }

  /** An update's members under the names that a domain has for them. */
  static Map<String, Object> asked(Map<String, Object> update) {
    Map<String, Object> asked = Documents.without(update, "DomainId", "DomainSettingsForUpdate");
    if (update.get("DomainSettingsForUpdate") instanceof Map<?, ?> settings) {
      Map<Object, Object> own = new LinkedHashMap<>(settings);
      if (own.remove("RStudioServerProDomainSettingsForUpdate") instanceof Map<?, ?> rStudio) {
        own.put("RStudioServerProDomainSettings", rStudio);
      }
      asked.put("DomainSettings", own);
    }
    return asked;
  }

  static boolean needsStoppedApps(Map<String, Object> asked) {
    return asked.keySet().stream().anyMatch(QUIET::contains)
        || structure(asked, "DomainSettings").containsKey("ExecutionRoleIdentityConfig");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> structure(Map<String, Object> of, String member) {
    return (Map<String, Object>) of.getOrDefault(member, Map.of());
  }
}
