package dev.atelier.studio;

import dev.atelier.identity.Sessions;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What settings of domains, profiles, spaces and apps must be, beyond what the model says of each member: roles trust
 * SageMaker, what is named exists, numbers fit together. It walks the settings' document, since the same structures
 * stand in many places.
 */
final class SettingsCheck {
  private static final String SERVICE = "sagemaker.amazonaws.com";
  private static final String APP_SETTINGS = "AppSettings";
  /** AWS's word for no lifecycle configuration and no image version. */
  static final String NONE = "None";
  static final String SYSTEM = "system";

  private final StudioStore store;
  private final Sessions sessions;
  private final StudioImages images;

  SettingsCheck(StudioStore store, Sessions sessions, StudioImages images) {
    this.store = store;
    this.sessions = sessions;
    this.images = images;
  }

  /** Throws ValidationException for the first thing that does not hold. */
  void check(Caller caller, Map<?, ?> settings) {
    walk(caller, "", settings);
  }

  private void walk(Caller caller, String within, Map<?, ?> settings) {
    settings.forEach((name, value) -> {
      switch ((String) name) {
        case "ExecutionRole", "DomainExecutionRoleArn" -> role(caller, (String) value);
        case "DefaultResourceSpec" -> spec(caller, appType(within), (Map<?, ?>) value);
        case "CustomImages" -> ((List<?>) value).forEach(each -> customImage(caller, (Map<?, ?>) each));
        case "LifecycleConfigArns" -> lifecycleConfigs(caller, within, settings);
        case "BuiltInLifecycleConfigArn" -> lifecycleConfig(caller, appType(within), (String) value);
        case "IdleSettings" -> idle((Map<?, ?>) value);
        case "DefaultLandingUri" -> LandingPage.of(Optional.of((String) value));
        case "DefaultEbsStorageSettings" -> storage((Map<?, ?>) value);
        case "S3OutputPath", "S3ArtifactPath" -> S3Location.parse((String) value);
        default -> {
          if (value instanceof Map<?, ?> inner) {
            walk(caller, (String) name, inner);
          }
        }
      }
    });
  }

  /** The app type that the settings of an app are for; empty for other settings. */
  private static Optional<String> appType(String within) {
    return within.endsWith(APP_SETTINGS)
        ? Optional.of(within.substring(0, within.length() - APP_SETTINGS.length())) : Optional.empty();
  }

  /** A role that an app is to run with. */
  void role(Caller caller, String text) {
    sessions.requirePassed(caller, text, SERVICE);
  }

  /**
   * A resource specification.
   *
   * @param appType what it is for; empty where that is not said
   */
  void spec(Caller caller, Optional<String> appType, Map<?, ?> spec) {
    if (spec.get("InstanceType") instanceof String type) {
      instanceType(appType, type);
    }
    images.check(caller, spec);
    if (spec.get("LifecycleConfigArn") instanceof String arn) {
      lifecycleConfig(caller, appType, arn);
    }
    if (spec.get("TrainingPlanArn") instanceof String plan && !plan.equals(NONE)) {
      throw Fault.validation("Training plan " + plan + " does not exist.");
    }
  }

  private static void instanceType(Optional<String> appType, String type) {
    boolean server = appType.filter("JupyterServer"::equals).isPresent();
    if (server && !type.equals(SYSTEM)) {
      throw Fault.validation("JupyterServer apps only support the " + SYSTEM + " instance type, got " + type + ".");
    }
    if (type.equals(SYSTEM) && appType.isPresent() && !server) {
      throw Fault.validation("The instance type " + SYSTEM + " is not supported for " + appType.get() + " apps.");
    }
    if (!type.equals(SYSTEM)) {
      InstanceType.require(type);
    }
  }

  private void lifecycleConfigs(Caller caller, String within, Map<?, ?> settings) {
    List<?> arns = (List<?>) settings.get("LifecycleConfigArns");
    if (!arns.isEmpty() && within.matches("(JupyterServer|KernelGateway)AppSettings")
        && !settings.containsKey("DefaultResourceSpec")) {
      throw Fault.validation("DefaultResourceSpec is required in " + within
          + " when LifecycleConfigArns is specified.");
    }
    arns.forEach(arn -> lifecycleConfig(caller, appType(within), (String) arn));
  }

  /** A lifecycle configuration that must exist and be made for the app type. */
  void lifecycleConfig(Caller caller, Optional<String> appType, String text) {
    if (text.equals(NONE)) {
      return;
    }
    StudioResource config = Arn.parse(text).filter(arn -> arn.account().equals(caller.account().value())
            && arn.region().equals(caller.region().name())).flatMap(store::find)
        .filter(found -> found.kind() == ResourceKind.LIFECYCLE_CONFIG)
        .orElseThrow(() -> Fault.validation("StudioLifecycleConfig with ARN " + text + " does not exist."));
    String made = config.text("StudioLifecycleConfigAppType").orElseThrow();
    if (appType.filter(wanted -> !wanted.equals(made)).isPresent()) {
      throw Fault.validation("StudioLifecycleConfig with ARN " + text + " is for " + made + " apps and cannot be used"
          + " for " + appType.get() + " apps.");
    }
  }

  private void customImage(Caller caller, Map<?, ?> custom) {
    images.requireVersion(caller, (String) custom.get("ImageName"),
        Optional.ofNullable((Integer) custom.get("ImageVersionNumber")));
    String config = (String) custom.get("AppImageConfigName");
    if (store.find(ResourceKind.APP_IMAGE_CONFIG.arn(caller, config)).isEmpty()) {
      throw Fault.validation("AppImageConfig with AppImageConfigName " + config + " does not exist.");
    }
  }

  private static void idle(Map<?, ?> idle) {
    int least = idle.get("MinIdleTimeoutInMinutes") instanceof Integer value ? value : Integer.MIN_VALUE;
    int most = idle.get("MaxIdleTimeoutInMinutes") instanceof Integer value ? value : Integer.MAX_VALUE;
    if (least > most) {
      throw Fault.validation("MinIdleTimeoutInMinutes must be less than or equal to MaxIdleTimeoutInMinutes.");
    }
    if (idle.get("IdleTimeoutInMinutes") instanceof Integer timeout && (timeout < least || timeout > most)) {
      throw Fault.validation(
          "IdleTimeoutInMinutes must be between MinIdleTimeoutInMinutes and MaxIdleTimeoutInMinutes.");
    }
  }

  private static void storage(Map<?, ?> ebs) {
    if ((Integer) ebs.get("DefaultEbsVolumeSizeInGb") > (Integer) ebs.get("MaximumEbsVolumeSizeInGb")) {
      throw Fault.validation("DefaultEbsVolumeSizeInGb must be less than or equal to MaximumEbsVolumeSizeInGb.");
    }
  }
}
