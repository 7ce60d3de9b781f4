package dev.atelier.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.models.sagemaker.AlgorithmSpecification;
import dev.atelier.models.sagemaker.Channel;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.S3DataSource;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.ImageRequest.Program;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The training container's contract as a workload: folders, configuration files, environment, command. */
final class TrainingWorkload {
  static final String ROOT = "/opt/ml";
  static final String MODEL = ROOT + "/model";
  static final String OUTPUT = ROOT + "/output";
  /** What AWS's images run notebooks by; the name is that of SageMaker's SDK, {@code NotebookJobStep}. */
  private static final List<String> NOTEBOOK_JOB = List.of("amazon_sagemaker_scheduler");
  private static final String KIND = "t";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int USER = 1000;

  private TrainingWorkload() {}

  /** The workload of the job's present attempt; short, unique over all jobs, the same after a restart. */
  static WorkloadId id(TrainingJob job) {
    return WorkloadIds.of(KIND, job.arn(), job.createdAt(), job.attempts().number());
  }

  /** Whether a workload is a training job's, of whichever. */
  static boolean owns(WorkloadId id) {
    return id.value().startsWith(KIND);
  }

  static String host(int place) {
    return "algo-" + (place + 1);
  }

  static Program program(CreateTrainingJobRequest request) {
    List<String> entryPoint = request.algorithmSpecification().containerEntrypoint();
    if (!entryPoint.isEmpty()) {
      return entryPoint.equals(NOTEBOOK_JOB) ? Program.NOTEBOOK : Program.COMMAND;
    }
    return request.hyperParameters().containsKey("sagemaker_program") ? Program.SCRIPT : Program.ALGORITHM;
  }

  static ImageRequest image(CreateTrainingJobRequest request) {
    return new ImageRequest(request.algorithmSpecification().trainingImage(), program(request),
        Optional.ofNullable(request.roleArn()));
  }

  /**
   * The whole workload.
   *
   * @param resources of each host
   * @param inputs for each host, the mounts of its channels
   * @param checkpoints the files that every host's checkpoint folder begins with
   */
  static WorkloadSpec spec(TrainingJob job, PreparedImage image, List<Resources> resources,
      List<List<Mount>> inputs, Map<String, Path> checkpoints) {
    List<HostSpec> hosts = new ArrayList<>();
    for (int place = 0; place < job.hosts(); place++) {
      hosts.add(new HostSpec(host(place), image.image(), command(job, image), environment(job, place),
          image.workingDirectory().orElse(ROOT), mounts(job, place, inputs.get(place), checkpoints), resources.get(place), 0, USER, USER));
    }
    boolean isolated = Boolean.TRUE.equals(job.request().enableNetworkIsolation());
    return new WorkloadSpec(id(job), job.arn().toString(), hosts,
        isolated ? NetworkPolicy.ISOLATED : NetworkPolicy.PLATFORM);
  }

  private static List<String> command(TrainingJob job, PreparedImage image) {
    AlgorithmSpecification algorithm = job.request().algorithmSpecification();
    List<String> command = new ArrayList<>(image.launcher());
    command.addAll(algorithm.containerEntrypoint().isEmpty() ? image.train() : algorithm.containerEntrypoint());
    command.addAll(algorithm.containerArguments());
    return command;
  }

  private static Map<String, String> environment(TrainingJob job, int place) {
    Map<String, String> environment = new HashMap<>(job.request().environment());
    environment.put("TRAINING_JOB_NAME", job.name());
    environment.put("TRAINING_JOB_ARN", job.arn().toString());
    environment.put("AWS_REGION", job.region().name());
    environment.putIfAbsent("AWS_DEFAULT_REGION", job.region().name());
    environment.put("CURRENT_HOST", host(place));
    return environment;
  }

  private static List<Mount> mounts(TrainingJob job, int place, List<Mount> inputs, Map<String, Path> checkpoints) {
    List<Mount> mounts = new ArrayList<>();
    Map<String, String> config = new HashMap<>(Map.of(
        "hyperparameters.json", hyperParameters(job),
        "inputdataconfig.json", inputDataConfig(job, place),
        "resourceconfig.json", resourceConfig(job, place)));
    Optional<CheckpointPlace> kept = CheckpointPlace.of(job.request());
    kept.ifPresent(where -> config.put("checkpointconfig.json", checkpointConfig(job, where)));
    mounts.add(new Mount.Texts(ROOT + "/input/config", config));
    mounts.addAll(inputs);
    mounts.add(new Mount.Scratch(MODEL));
    mounts.add(new Mount.Scratch(OUTPUT));
    mounts.add(new Mount.Scratch(OUTPUT + "/data"));
    mounts.add(new Mount.Copies(
        kept.map(CheckpointPlace::folder).orElse(CheckpointPlace.DEFAULT_FOLDER), checkpoints));
    mounts.add(new Mount.Scratch(ROOT + "/code"));
    WrittenFolders.all(job.request()).stream().filter(WrittenFolders::isApart)
        .forEach(folder -> mounts.add(new Mount.Scratch(folder.inside())));
    job.pool().ifPresent(pool -> mounts.add(pool.mount(place, job.volumeBytes())));
    return mounts;
  }

  private static String hyperParameters(TrainingJob job) {
    ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(job.request().hyperParameters()).forEach(node::put);
    return node.toString();
  }

  private static String checkpointConfig(TrainingJob job, CheckpointPlace place) {
    return JSON.createObjectNode().put("S3Uri", job.request().checkpointConfig().s3Uri())
        .put("LocalPath", place.folder()).toString();
  }

  private static String inputDataConfig(TrainingJob job, int place) {
    ObjectNode node = JSON.createObjectNode();
    for (Channel channel : job.request().inputDataConfig()) {
      if (!Channels.concerns(job.request(), channel, place)) {
        continue;
      }
      ObjectNode each = node.putObject(channel.channelName());
      each.put("TrainingInputMode", ChannelRules.mode(job.request(), channel));
      S3DataSource source = channel.dataSource().s3DataSource();
      String distribution = source == null ? null : source.s3DataDistributionType();
      each.put("S3DistributionType", distribution == null ? "FullyReplicated" : distribution);
      each.put("RecordWrapperType", channel.recordWrapperType() == null ? "None" : channel.recordWrapperType());
      if (channel.contentType() != null) {
        each.put("ContentType", channel.contentType());
      }
    }
    return node.toString();
  }

  /** As AWS's containers find it; {@code instance_groups} names every group with its hosts. */
  static String resourceConfig(TrainingJob job, int place) {
    Cluster cluster = job.cluster();
    Cluster.Group own = cluster.groupOf(place);
    ObjectNode node = JSON.createObjectNode();
    node.put("current_host", host(place));
    node.put("current_instance_type", own.instanceType());
    node.put("current_group_name", own.name());
    cluster.hosts().forEach(node.putArray("hosts")::add);
    ArrayNode groups = node.putArray("instance_groups");
    for (Cluster.Group each : cluster.groups()) {
      ObjectNode group = groups.addObject().put("instance_group_name", each.name())
          .put("instance_type", each.instanceType());
      each.hosts().forEach(group.putArray("hosts")::add);
    }
    node.put("network_interface_name", "eth0");
    return node.toString();
  }
}
