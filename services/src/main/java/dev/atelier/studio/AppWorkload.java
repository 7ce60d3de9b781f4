package dev.atelier.studio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.kernel.Arn;
import dev.atelier.runtimes.PreparedImage;
import dev.atelier.runtimes.RuntimeCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An app's program as a workload, over the owner's home. */
final class AppWorkload {
  static final String HOST = "default";
  static final String HOME = "/home/sagemaker-user";
  /** Where a clean environment has its settings; the owner's files are still at {@link #HOME}. */
  private static final String RECOVERY_HOME = "/tmp/sagemaker-recovery-mode-home";
  private static final int PORT = 8888;
  private static final int USER = 1000;
  private static final int GROUP = 100;
  /** What kernels said; see spool.py. */
  private static final String SPOOL = "/opt/.sagemakerinternal/spool";
  private static final String SCRIPTS = "/opt/.sagemakerinternal/lifecycle";
  private static final ObjectMapper JSON = new ObjectMapper();

  private AppWorkload() {}

  static WorkloadId id(App app) {
    return WorkloadIds.of("a", app.arn(), app.createdAt(), app.attempt());
  }

  /** The first label of the app's host; the same for every app that is made under the name. */
  static String label(Arn app) {
    return WorkloadIds.of("app", app, Instant.EPOCH, 0).value();
  }

  /**
   * The whole workload.
   *
   * @param place where the app belongs
   * @param volume the owner's home
   * @param scripts start-up scripts by file name, in the order in which they run
   * @param token what requests must bring
   */
  static WorkloadSpec spec(App app, AppPlace place, PreparedImage image, Resources resources, String volume,
      Map<String, String> scripts, String token) {
    AppKind kind = AppKind.of(app);
    List<String> command = new ArrayList<>(image.launcher());
    command.addAll(List.of("python", RuntimeCatalogue.INSIDE + "/python/" + kind.program()));
    List<Mount> mounts = new ArrayList<>(List.of(new Mount.Volume(HOME, volume, place.volumeBytes()), new Mount.Texts(SCRIPTS, scripts),
        new Mount.Texts("/opt/ml/metadata", Map.of("resource-metadata.json", json(metadata(app, place))))));
    if (kind == AppKind.KERNEL_GATEWAY) {
      mounts.add(new Mount.Scratch(SPOOL));
    }
    Map<String, String> environment = new HashMap<>(Map.of(
        "HOME", app.recovery() ? RECOVERY_HOME : HOME,
        "USER", "sagemaker-user",
        "AWS_REGION", app.region().name(),
        "AWS_DEFAULT_REGION", app.region().name(),
        "SAGEMAKER_APP_TYPE", app.type(),
        "ATELIER_APP", json(Map.of("type", app.type(), "base_url", kind.basePath(), "root", HOME,
            "recovery", app.recovery(), "shared", shared(place), "scripts", scripts.keySet().stream().map(name -> SCRIPTS + "/" + name).toList()))));
    if (kind.hasPages()) {
      environment.put("JUPYTER_TOKEN", token);
    }
    if (app.space().isPresent()) {
      environment.put("SAGEMAKER_SPACE_TYPE", shared(place) ? "Shared" : "Private");
    }
    if (app.recovery()) {
      environment.put("SAGEMAKER_RECOVERY_MODE", "true");
    }
    HostSpec host = new HostSpec(HOST, image.image(), command, environment, HOME, mounts, resources, PORT, USER, GROUP);
    return new WorkloadSpec(id(app), app.arn().toString(), List.of(host), NetworkPolicy.PLATFORM, AppHosts.machine(app));
  }

  private static boolean shared(AppPlace place) {
    return "Shared".equals(place.owner().structure("SpaceSharingSettings").get("SharingType"));
  }

  /** What programs find of where they run. Source: AWS's developer guide, "Get app metadata". */
  private static Map<String, Object> metadata(App app, AppPlace place) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("AppType", app.type());
    metadata.put("DomainId", app.domain());
    app.userProfile().ifPresent(name -> metadata.put("UserProfileName", name));
    app.space().ifPresent(name -> metadata.put("SpaceName", name));
    metadata.put("ResourceArn", app.arn().toString());
    metadata.put("ResourceName", app.name());
    app.image().ifPresent(image -> metadata.put("AppImageVersion", image));
    place.settings().executionRole().ifPresent(role -> metadata.put("ExecutionRoleArn", role));
    return metadata;
  }

  private static String json(Object value) {
    try {
      return new String(JSON.writeValueAsBytes(value), StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
