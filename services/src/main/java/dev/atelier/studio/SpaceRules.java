package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the members of a space must be to each other, and to the settings of its owner and its domain. */
final class SpaceRules {
  /** Apps whose spaces have a volume of their own; the others' files lie on the domain's file system. */
  private static final Set<String> ON_VOLUME = Set.of("JupyterLab", "CodeEditor");

  private SpaceRules() {}

  static void check(Map<String, Object> space) {
    if (space.containsKey("OwnershipSettings") != space.containsKey("SpaceSharingSettings")) {
      throw Fault.validation("OwnershipSettings and SpaceSharingSettings must be specified together.");
    }
  }

  /** Whether a space's files lie on a volume of its own, which goes with it. */
  static boolean onVolume(Map<String, Object> space) {
    return inner(space, "SpaceSettings").get("AppType") instanceof String type && ON_VOLUME.contains(type);
  }

  /** Who owns a space. */
  static Optional<String> owner(Map<String, Object> space) {
    return Optional.ofNullable((String) inner(space, "OwnershipSettings").get("OwnerUserProfileName"));
  }

  /** The document with the size of the volume that the space gets. Throws ValidationException when it is too large. */
  static Map<String, Object> sized(Map<String, Object> space, EffectiveSettings effective) {
    int size = effective.volumeGb();
    effective.mostVolumeGb().filter(most -> size > most).ifPresent(most -> {
      throw Fault.validation("EbsVolumeSizeInGb must be less than or equal to MaximumEbsVolumeSizeInGb, which is "
          + most + ".");
    });
    if (!onVolume(space)) {
      return space;
    }
    Map<String, Object> settings = new LinkedHashMap<>(inner(space, "SpaceSettings"));
    settings.put("SpaceStorageSettings", Map.of("EbsStorageSettings", Map.of("EbsVolumeSizeInGb", size)));
    Map<String, Object> result = new LinkedHashMap<>(space);
    result.put("SpaceSettings", settings);
    return result;
  }

  /** A space's own time for idle apps lies within the bounds of its owner's or the domain's settings. */
  static void checkIdle(Map<String, Object> space, EffectiveSettings effective) {
    for (String type : ON_VOLUME) {
      Map<String, Object> app = inner(inner(space, "SpaceSettings"), type + "AppSettings");
      Object own = inner(inner(app, "AppLifecycleManagement"), "IdleSettings").get("IdleTimeoutInMinutes");
      if (own != null && !own.equals(effective.idle(type).get("IdleTimeoutInMinutes"))) {
        throw Fault.validation("IdleTimeoutInMinutes must be between MinIdleTimeoutInMinutes and"
            + " MaxIdleTimeoutInMinutes of the domain or user profile.");
      }
    }
  }

  /** File systems must be among those that the owner's or the domain's settings offer. */
  static void checkFileSystems(Map<String, Object> space, EffectiveSettings effective) {
    List<?> offered = effective.nearest("CustomFileSystemConfigs").map(each -> (List<?>) each).orElse(List.of());
    for (Object each : (List<?>) inner(space, "SpaceSettings").getOrDefault("CustomFileSystems", List.of())) {
      Map<?, ?> wanted = (Map<?, ?>) each;
      boolean known = offered.stream().anyMatch(config -> wanted.entrySet().stream().allMatch(part ->
          ((Map<?, ?>) config).get(part.getKey() + "Config") instanceof Map<?, ?> found
              && found.entrySet().containsAll(((Map<?, ?>) part.getValue()).entrySet())));
      if (!known) {
        throw Fault.validation("CustomFileSystems must be among the CustomFileSystemConfigs of the domain or user"
            + " profile.");
      }
    }
  }

  /** What cannot become of a space. */
  static void checkChange(Map<String, Object> before, Map<String, Object> after) {
    Object type = inner(before, "SpaceSettings").get("AppType");
    if (type != null && !type.equals(inner(after, "SpaceSettings").get("AppType"))) {
      throw Fault.validation("AppType of a space cannot be changed.");
    }
    if (size(before) > size(after)) {
      throw Fault.validation("EbsVolumeSizeInGb cannot be decreased.");
    }
  }

  /** Whether a change names what apps start with, such as their instance type, which takes a stop to hold. */
  static boolean namesResources(Map<String, Object> asked) {
    return inner(asked, "SpaceSettings").values().stream()
        .anyMatch(each -> each instanceof Map<?, ?> settings && settings.containsKey("DefaultResourceSpec"));
  }

  static int size(Map<String, Object> space) {
    return inner(inner(inner(space, "SpaceSettings"), "SpaceStorageSettings"), "EbsStorageSettings")
        .get("EbsVolumeSizeInGb") instanceof Integer gb ? gb : 0;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> inner(Map<String, Object> of, String member) {
    return of.get(member) instanceof Map<?, ?> found ? (Map<String, Object>) found : Map.of();
  }
}
