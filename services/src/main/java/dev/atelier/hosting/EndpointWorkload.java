package dev.atelier.hosting;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.models.sagemaker.ContainerDefinition;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.ImageRequest.Program;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The serving container's contract as a workload: the unpacked model, the environment, port 8080. */
final class EndpointWorkload {
  static final int PORT = 8080;
  private static final String MODEL = "/opt/ml/model";
  private static final int USER = 1000;

  private EndpointWorkload() {}

  /** The workload of the endpoint's present attempt. */
  static WorkloadId id(Endpoint endpoint) {
    return id(endpoint, endpoint.attempt());
  }

  static WorkloadId id(Endpoint endpoint, int attempt) {
    return WorkloadIds.of("e", endpoint.arn(), endpoint.createdAt(), attempt);
  }

  static String host(int place) {
    return "algo-" + (place + 1);
  }

  /** A model with a script of the user's own needs the image's Python side. */
  static ImageRequest image(Endpoint endpoint) {
    ContainerDefinition container = endpoint.container();
    return new ImageRequest(container.image(),
        container.environment().containsKey("SAGEMAKER_PROGRAM") ? Program.SCRIPT : Program.ALGORITHM,
        Optional.ofNullable(endpoint.model().executionRoleArn()));
  }

  /** Where the model's archive lies; empty for a model that its image brings along. */
  static Optional<S3Location> modelData(Endpoint endpoint) {
    ContainerDefinition container = endpoint.container();
    if (container.modelDataUrl() != null) {
      return Optional.of(S3Location.parse(container.modelDataUrl()));
    }
    if (container.modelDataSource() != null && container.modelDataSource().s3DataSource() != null) {
      return Optional.of(S3Location.parse(container.modelDataSource().s3DataSource().s3Uri()));
    }
    return Optional.empty();
  }

  /** The whole workload; {@code archive} is the model's archive. */
  static WorkloadSpec spec(Endpoint endpoint, PreparedImage image, Resources resources, Optional<Path> archive) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(archive.<Mount>map(file -> new Mount.Unpacked(MODEL, file)).orElseGet(() -> new Mount.Scratch(MODEL)));
    List<String> command = new ArrayList<>(image.launcher());
    command.addAll(image.serve());
    List<HostSpec> hosts = new ArrayList<>();
    for (int place = 0; place < endpoint.hosts(); place++) {
      hosts.add(new HostSpec(host(place), image.image(), command, environment(endpoint),
          image.workingDirectory().orElse("/opt/ml"), mounts, resources, PORT, USER, USER));
    }
    boolean isolated = Boolean.TRUE.equals(endpoint.model().enableNetworkIsolation());
    return new WorkloadSpec(id(endpoint), endpoint.arn().toString(), hosts,
        isolated ? NetworkPolicy.ISOLATED : NetworkPolicy.PLATFORM);
  }

  private static Map<String, String> environment(Endpoint endpoint) {
    Map<String, String> environment = new HashMap<>(endpoint.container().environment());
    environment.put("AWS_REGION", endpoint.region().name());
    environment.putIfAbsent("AWS_DEFAULT_REGION", endpoint.region().name());
    environment.put("SM_MODEL_DIR", MODEL);
    return environment;
  }
}
