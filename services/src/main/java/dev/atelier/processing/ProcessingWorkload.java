package dev.atelier.processing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.models.sagemaker.AppSpecification;
import dev.atelier.models.sagemaker.ProcessingInput;
import dev.atelier.operation.StoredDocument;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.ImageRequest.Program;
import dev.atelier.runtimes.PreparedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The processing container's contract as a workload: folders, configuration files, environment, command. */
final class ProcessingWorkload {
  private static final String ML = "/opt/ml";
  static final String OUTPUT = ML + "/output";
  private static final String KIND = "p";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int USER = 1000;

  private ProcessingWorkload() {}

  /** The workload of the job's present attempt; short, unique over all jobs, the same after a restart. */
  static WorkloadId id(ProcessingJob job) {
    return WorkloadIds.of(KIND, job.arn(), job.createdAt(), job.attempt());
  }

  /** Whether a workload is a processing job's, of whichever. */
  static boolean owns(WorkloadId id) {
    return id.value().startsWith(KIND);
  }

  static String host(int place) {
    return "algo-" + (place + 1);
  }

  static ImageRequest image(ProcessingJob job) {
    return new ImageRequest(job.request().appSpecification().imageUri(), Program.COMMAND,
        Optional.of(job.request().roleArn()));
  }

  /**
   * The whole workload.
   *
   * @param inputs each host's
   */
  static WorkloadSpec spec(ProcessingJob job, PreparedImage image, Resources resources,
      List<List<Mount>> inputs) {
    List<HostSpec> hosts = new ArrayList<>();
    for (int place = 0; place < job.hosts(); place++) {
      hosts.add(new HostSpec(host(place), image.image(), command(job, image), environment(job, resources),
          image.workingDirectory().orElse(ML),
          mounts(job, place, inputs.get(place)), resources, 0, USER, USER));
    }
    return new WorkloadSpec(id(job), job.arn().toString(), hosts,
        job.networkIsolation() ? NetworkPolicy.ISOLATED : NetworkPolicy.PLATFORM);
  }

  /**
   * What is run: the request's entry point, with its arguments.
   *
   * @throws ComputeException there is none, and the image has none of its own either
   */
  static List<String> command(ProcessingJob job, PreparedImage image) {
    AppSpecification app = job.request().appSpecification();
    if (app.containerEntrypoint().isEmpty()) {
      throw new ComputeException("The image " + app.imageUri() + " has no entry point of its own here. Name the program "
          + "to run in AppSpecification.ContainerEntrypoint");
    }
    List<String> command = new ArrayList<>(image.launcher());
    command.addAll(app.containerEntrypoint());
    command.addAll(app.containerArguments());
    return command;
  }

  /** What a host has is told to programs that share it out among others, as Spark's images do. */
  private static Map<String, String> environment(ProcessingJob job, Resources resources) {
    Map<String, String> environment = new HashMap<>(job.request().environment());
    environment.put("AWS_REGION", job.region().name());
    environment.putIfAbsent("AWS_DEFAULT_REGION", job.region().name());
    environment.put("ATELIER_HOST_CPUS", Double.toString(resources.cpus()));
    environment.put("ATELIER_HOST_MEMORY_BYTES", Long.toString(resources.memoryBytes()));
    return environment;
  }

  private static List<Mount> mounts(ProcessingJob job, int place, List<Mount> inputs) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(new Mount.Texts(ML + "/config", Map.of(
        "processingjobconfig.json", jobConfig(job), "resourceconfig.json", resourceConfig(job, place))));
    mounts.add(new Mount.Scratch(LocalPath.ROOT));
    mounts.add(new Mount.Scratch(OUTPUT));
    inputs.forEach(input -> mounts.add(input instanceof Mount.Files files && isStored(job, files.inside())
        ? new Mount.Copies(files.inside(), files.files()) : input));
    outputFolders(job).stream().filter(folder -> inputs.stream().noneMatch(input -> input.inside().equals(folder)))
        .forEach(folder -> mounts.add(new Mount.Scratch(folder)));
    return mounts;
  }

  /** Whether an input's folder is stored with an output that it lies in, so that it must be a copy of the host's own. */
  static boolean isStored(ProcessingJob job, String input) {
    return outputFolders(job).stream().anyMatch(output -> LocalPath.within(input, output));
  }

  private static Set<String> outputFolders(ProcessingJob job) {
    return job.storedOutputs().stream().map(output -> LocalPath.plain(output.s3Output().localPath()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The folders of a host that hold what an output consists of: its own, and those of others that lie in it. */
  static List<String> foldersOf(ProcessingJob job, String output) {
    Set<String> folders = outputFolders(job);
    job.request().processingInputs().stream().filter(input -> !input.appManaged())
        .map(ProcessingWorkload::folder).forEach(folders::add);
    return folders.stream().filter(folder -> LocalPath.within(folder, output)).toList();
  }

  static String folder(ProcessingInput input) {
    return LocalPath.plain(input.s3Input().localPath());
  }

  /** The request as it was accepted, with the job's ARN: SageMaker's SDK looks for it there. */
  private static String jobConfig(ProcessingJob job) {
    try {
      ObjectNode config = (ObjectNode) JSON.readTree(StoredDocument.write(job.request()));
      config.remove("Tags");
      config.put("ProcessingJobArn", job.arn().toString());
      config.withObjectProperty("Environment");
      config.withArrayProperty("ProcessingInputs");
      return config.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resourceConfig(ProcessingJob job, int place) {
    ObjectNode node = JSON.createObjectNode().put("current_host", host(place));
    node.put("current_instance_type", job.type().name());
    ArrayNode hosts = node.putArray("hosts");
    job.hostNames().forEach(hosts::add);
    return node.put("network_interface_name", "eth0").toString();
  }
}
