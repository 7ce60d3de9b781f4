package dev.atelier.studio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which settings an app gets. A private space's go before its owner's, a profile's before the domain's defaults for
 * users; a shared space's go before the domain's defaults for spaces. A single value is the nearest one; what can be
 * chosen from (images, scripts, repositories) is all of them, the nearest first. It knows documents only, so that anybody can ask
 * without a database.
 */
final class EffectiveSettings {
  static final String DEFAULT_TYPE = "ml.t3.medium";
  static final String DEFAULT_GPU_TYPE = "ml.g4dn.xlarge";
  private static final int DEFAULT_VOLUME_GB = 5;
  private static final Set<String> IMAGE =
      Set.of("SageMakerImageArn", "SageMakerImageVersionArn", "SageMakerImageVersionAlias");

  private final List<Map<?, ?>> layers;

  private EffectiveSettings(List<Map<?, ?>> layers) {
    this.layers = layers;
  }

  /** Of a user's own apps. @param profile the document of the profile */
  static EffectiveSettings ofProfile(Map<String, Object> domain, Map<String, Object> profile) {
    return new EffectiveSettings(List.of(inner(profile, "UserSettings"), inner(domain, "DefaultUserSettings")));
  }

  /**
   * Of the apps of a space.
   *
   * @param owner the document of its owner's profile
   */
  static EffectiveSettings ofSpace(Map<String, Object> domain, Map<String, Object> space,
      Optional<Map<String, Object>> owner) {
    Map<?, ?> own = inner(space, "SpaceSettings");
    if (owner.isPresent() && "Private".equals(inner(space, "SpaceSharingSettings").get("SharingType"))) {
      return new EffectiveSettings(
          List.of(own, inner(owner.get(), "UserSettings"), inner(domain, "DefaultUserSettings")));
    }
    return new EffectiveSettings(List.of(own, inner(domain, "DefaultSpaceSettings")));
  }

  /** The ARN of the role that apps run with. */
  Optional<String> executionRole() {
    return nearest("ExecutionRole").map(String.class::cast);
  }

  /** A setting that is one value or one structure, such as {@code SharingSettings}. */
  Optional<Object> nearest(String member) {
    return layers.stream().filter(layer -> layer.containsKey(member)).findFirst().map(layer -> layer.get(member));
  }

  /**
   * The resource specification of an app, member by member; what names an image is taken together.
   *
   * @param asked that of the request, which goes before all settings
   */
  Map<String, Object> resourceSpec(String appType, Map<String, Object> asked) {
    List<Map<?, ?>> specs = new ArrayList<>(List.of(asked));
    ofApp(appType).forEach(settings -> specs.add(inner(settings, "DefaultResourceSpec")));
    Map<String, Object> spec = new LinkedHashMap<>();
    boolean imaged = false;
    for (Map<?, ?> layer : specs) {
      boolean takesImage = !imaged && layer.keySet().stream().anyMatch(IMAGE::contains);
      layer.forEach((member, value) -> {
        if (takesImage || !IMAGE.contains(member)) {
          spec.putIfAbsent((String) member, value);
        }
      });
      imaged |= takesImage;
    }
    spec.putIfAbsent("InstanceType", appType.equals("JupyterServer") ? SettingsCheck.SYSTEM : DEFAULT_TYPE);
    spec.values().removeIf(SettingsCheck.NONE::equals);
    return spec;
  }

  /** The ARNs of the scripts that an app of the type may start with. */
  List<String> lifecycleConfigs(String appType) {
    return all(appType, "LifecycleConfigArns").stream().map(String.class::cast).toList();
  }

  /** The images that were attached for an app type, as {@code CustomImage} structures. */
  List<Map<?, ?>> customImages(String appType) {
    List<Map<?, ?>> images = new ArrayList<>();
    all(appType, "CustomImages").forEach(each -> images.add((Map<?, ?>) each));
    return images;
  }

  /** The addresses of the Git repositories that are suggested to whoever clones one in an app of the type. */
  List<String> repositories(String appType) {
    return all(appType, "CodeRepositories").stream().map(each -> (String) ((Map<?, ?>) each).get("RepositoryUrl")).toList();
  }

  /** The script of the administrator's that runs before the user's own. */
  Optional<String> builtInLifecycleConfig(String appType) {
    return ofApp(appType).stream().filter(settings -> settings.containsKey("BuiltInLifecycleConfigArn")).findFirst()
        .map(settings -> (String) settings.get("BuiltInLifecycleConfigArn"))
        .filter(arn -> !arn.equals(SettingsCheck.NONE));
  }

  /**
   * When an idle app of the type ends, member by member of {@code IdleSettings}; a space's own time stays within the
   * bounds that its owner's or the domain's settings give.
   */
  Map<String, Object> idle(String appType) {
    Map<String, Object> idle = new LinkedHashMap<>();
    ofApp(appType).forEach(settings -> inner(inner(settings, "AppLifecycleManagement"), "IdleSettings")
        .forEach((member, value) -> idle.putIfAbsent((String) member, value)));
    if (idle.get("IdleTimeoutInMinutes") instanceof Integer timeout) {
      int least = idle.get("MinIdleTimeoutInMinutes") instanceof Integer value ? value : timeout;
      int most = idle.get("MaxIdleTimeoutInMinutes") instanceof Integer value ? value : timeout;
      idle.put("IdleTimeoutInMinutes", Math.clamp(timeout, Math.min(least, most), most));
    }
    return idle;
  }

  /** The size of a space's own volume in GB: its own, else the default of who owns it. */
  int volumeGb() {
    for (Map<?, ?> layer : layers) {
      Map<?, ?> storage = inner(layer, "SpaceStorageSettings");
      if (inner(storage, "EbsStorageSettings").get("EbsVolumeSizeInGb") instanceof Integer size) {
        return size;
      }
      if (inner(storage, "DefaultEbsStorageSettings").get("DefaultEbsVolumeSizeInGb") instanceof Integer size) {
        return size;
      }
    }
    return DEFAULT_VOLUME_GB;
  }

  /** The most that a space's own volume can have in GB, where settings say it. */
  Optional<Integer> mostVolumeGb() {
    return layers.stream().map(layer -> inner(inner(layer, "SpaceStorageSettings"), "DefaultEbsStorageSettings"))
        .filter(ebs -> !ebs.isEmpty()).findFirst().map(ebs -> (Integer) ebs.get("MaximumEbsVolumeSizeInGb"));
  }

  private List<Map<?, ?>> ofApp(String appType) {
    List<Map<?, ?>> settings = new ArrayList<>();
    layers.forEach(layer -> settings.add(inner(layer, appType + "AppSettings")));
    return settings;
  }

  private Set<Object> all(String appType, String member) {
    Set<Object> found = new LinkedHashSet<>();
    ofApp(appType).forEach(settings -> {
      if (settings.get(member) instanceof List<?> list) {
        found.addAll(list);
      }
    });
    return found;
  }

  private static Map<?, ?> inner(Map<?, ?> of, String member) {
    return of.get(member) instanceof Map<?, ?> found ? found : Map.of();
  }
}
