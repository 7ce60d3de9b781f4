package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an app may be where it is to be made. */
final class AppRules {
  private static final Set<String> IN_SPACE = Set.of("JupyterLab", "CodeEditor");
  private static final Set<String> CLASSIC = Set.of("JupyterServer", "KernelGateway");

  private final SettingsCheck settings;

  AppRules(SettingsCheck settings) {
    this.settings = settings;
  }

  /** Exactly one of profile and space is named. */
  static void checkOwner(Optional<String> profile, Optional<String> space) {
    if (profile.isPresent() == space.isPresent()) {
      throw Fault.validation(profile.isPresent()
          ? "UserProfileName and SpaceName cannot be specified together."
          : "Either UserProfileName or SpaceName must be specified.");
    }
  }

  /** Throws ValidationException, or UnsupportedOperation for types that are not built. */
  static void checkType(String type, AppPlace place) {
    if (!IN_SPACE.contains(type) && !CLASSIC.contains(type)) {
      throw new Fault("UnsupportedOperation", 400,
          "sagemaker:CreateApp with AppType " + type + " is not supported by this version of Atelier.");
    }
    boolean inSpace = place.owner().kind() == ResourceKind.SPACE;
    if (IN_SPACE.contains(type) && !inSpace) {
      throw Fault.validation("AppType " + type + " is only supported in a space; SpaceName must be specified.");
    }
    Object wanted = place.owner().structure("SpaceSettings").get("AppType");
    if (inSpace && wanted != null && !wanted.equals(type)) {
      throw Fault.validation("AppType " + type + " is not supported in Space [" + place.owner().arn()
          + "], whose AppType is " + wanted + ".");
    }
  }

  /** Whether a space runs one app of the type at a time. */
  static boolean alone(String type) {
    return IN_SPACE.contains(type);
  }

  /** The specification that the app gets. Throws ValidationException where something in it cannot be used. */
  Map<String, Object> spec(Caller caller, String type, AppPlace place, Map<String, Object> asked) {
    Map<String, Object> spec = place.settings().resourceSpec(type, asked);
    settings.spec(caller, Optional.of(type), spec);
    if (spec.get("LifecycleConfigArn") instanceof String config
        && !place.settings().lifecycleConfigs(type).contains(config)) {
      throw Fault.validation("StudioLifecycleConfig with ARN " + config + " is not attached to the domain, user"
          + " profile or space.");
    }
    String role = place.settings().executionRole().orElseThrow(() -> Fault.validation(
        "ExecutionRole is required in the DefaultSpaceSettings of Domain [" + place.domain().name() + "]."));
    settings.role(caller, role);
    return spec;
  }
}
