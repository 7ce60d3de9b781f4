package dev.atelier.notebook;

import dev.atelier.identity.Sessions;
import dev.atelier.jobs.InstanceType;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.NotebookChoices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the members of a notebook instance must be, beyond what the model says of each. */
final class NotebookRules {
  private static final int DEFAULT_VOLUME_GB = 5;
  private static final Map<String, Object> DEFAULTS = Map.of("DirectInternetAccess", "Enabled", "RootAccess", "Enabled",
      "VolumeSizeInGB", DEFAULT_VOLUME_GB, "PlatformIdentifier", "notebook-al2-v3", "IpAddressType", "ipv4",
      "InstanceMetadataServiceConfiguration", Map.of("MinimumInstanceMetadataServiceVersion", "1"));
  /** Names that Create and Update have for what Describe names otherwise. */
  private static final Map<String, String> DESCRIBED = Map.of("SecurityGroupIds", "SecurityGroups",
      "LifecycleConfigName", NotebookInstance.LIFECYCLE_CONFIG);
  private static final Map<String, String> TAKEN_AWAY = Map.of(
      "DisassociateLifecycleConfig", NotebookInstance.LIFECYCLE_CONFIG,
      "DisassociateDefaultCodeRepository", NotebookInstance.DEFAULT_REPOSITORY,
      "DisassociateAdditionalCodeRepositories", NotebookInstance.REPOSITORIES,
      "DisassociateAcceleratorTypes", "AcceleratorTypes");

  private final Sessions sessions;
  private final NotebookChoices choices;

  NotebookRules(Sessions sessions, NotebookChoices choices) {
    this.sessions = sessions;
    this.choices = choices;
  }

  /** The document of a new notebook instance. Throws ValidationException for the first thing that does not hold. */
  Map<String, Object> created(Caller caller, Map<String, Object> asked) {
    if (asked.get("SecurityGroupIds") instanceof List<?> groups && !groups.isEmpty() && !asked.containsKey("SubnetId")) {
      throw Fault.validation("SubnetId must be specified when SecurityGroupIds is specified.");
    }
    if ("Disabled".equals(asked.get("DirectInternetAccess")) && !asked.containsKey("SubnetId")) {
      throw Fault.validation("DirectInternetAccess can be set to Disabled only if a SubnetId is specified.");
    }
    check(caller, asked);
    Map<String, Object> document = new LinkedHashMap<>(DEFAULTS);
    document.putAll(named(asked));
    return document;
  }

  /** The document after a change. Throws ValidationException for the first thing that does not hold. */
  Map<String, Object> changed(Caller caller, Map<String, Object> document, Map<String, Object> asked) {
    check(caller, asked);
    Map<String, Object> wanted = named(asked);
    Map<String, Object> changed = new LinkedHashMap<>(document);
    TAKEN_AWAY.forEach((flag, member) -> {
      if (Boolean.TRUE.equals(wanted.remove(flag))) {
        if (wanted.containsKey(member)) {
          throw Fault.validation(flag + " cannot be true when another value is specified for the same setting.");
        }
        changed.remove(member);
      }
    });
    if (wanted.get("VolumeSizeInGB") instanceof Integer size && size < (Integer) document.get("VolumeSizeInGB")) {
      throw Fault.validation("The volume size of a notebook instance cannot be decreased. It is "
          + document.get("VolumeSizeInGB") + " GB.");
    }
    changed.putAll(wanted);
    return changed;
  }

  private static Map<String, Object> named(Map<String, Object> asked) {
    Map<String, Object> named = new LinkedHashMap<>();
    asked.forEach((member, value) -> named.put(DESCRIBED.getOrDefault(member, member), value));
    return named;
  }

  private void check(Caller caller, Map<String, Object> asked) {
    if (asked.get("InstanceType") instanceof String type) {
      InstanceType.require(type);
    }
    if (asked.get("RoleArn") instanceof String text) {
      sessions.requirePassed(caller, text, "sagemaker.amazonaws.com");
    }
    if (asked.get("AcceleratorTypes") instanceof List<?> accelerators && !accelerators.isEmpty()) {
      throw Fault.validation("AcceleratorTypes is no longer supported. Elastic Inference (EI) is no longer available.");
    }
    if (asked.get("LifecycleConfigName") instanceof String config && !choices.hasScripts(caller, config)) {
      throw Fault.validation("Unable to describe Notebook Instance Lifecycle Config '"
          + NotebookChoices.lifecycleConfig(caller, config)
          + "'. (Details: Notebook Instance Lifecycle Config does not exist.)");
    }
    if (asked.get(NotebookInstance.DEFAULT_REPOSITORY) instanceof String repository) {
      repository(caller, repository);
    }
    if (asked.get(NotebookInstance.REPOSITORIES) instanceof List<?> more) {
      more.forEach(each -> repository(caller, (String) each));
    }
  }

  private void repository(Caller caller, String nameOrUrl) {
    if (choices.repository(caller, nameOrUrl).secret().isPresent()) {
      throw new Fault("UnsupportedOperation", 400, "A notebook instance with the code repository " + nameOrUrl
          + ", which has a SecretArn, is not supported by this version of Atelier.");
    }
  }
}
