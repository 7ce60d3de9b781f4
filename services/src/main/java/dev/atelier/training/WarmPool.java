package dev.atelier.training;

import dev.atelier.compute.Mount;
import dev.atelier.jobs.Capacity;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ResourceConfig;
import dev.atelier.models.sagemaker.VpcConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Instances that stay up after a job with KeepAlivePeriodInSeconds, until a job that asks for the same takes them over.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html
 *
 * @param chain names the instances through all jobs that had them one after the other
 * @param beganAt when the first of those jobs got them
 * @param availableAt when this job left them; empty while it has them
 * @param until when they are given back unless another job takes them
 * @param retained how long they were kept after this job
 * @param reusedBy the job that took them over
 */
record WarmPool(State state, String chain, Instant beganAt, Optional<Instant> availableAt, Optional<Instant> until,
    Duration retained, Optional<String> reusedBy) {
  /** No instances live longer, however many jobs take them over. */
  static final Duration LONGEST = Duration.ofDays(7);
  static final String VOLUME = "warm-";
  /** What jobs put here is there for the next one. */
  static final String CACHE = "/opt/ml/sagemaker/warmpoolcache";

  /** WarmPoolResourceStatus as the API shows it. */
  enum State {
    IN_USE("InUse"), AVAILABLE("Available"), REUSED("Reused"), TERMINATED("Terminated");

    private final String shown;

    State(String shown) {
      this.shown = shown;
    }

    @Override
    public String toString() {
      return shown;
    }

    static State of(String shown) {
      return Arrays.stream(values()).filter(each -> each.shown.equals(shown)).findFirst().orElseThrow();
    }
  }

  /** The claim on the machine that keeps the instances while no job has them. */
  String claim() {
    return "warm pool of " + chain;
  }

  String volume(int host) {
    return VOLUME + chain + "-" + host;
  }

  /** The folder that jobs of the chain share, of one host. */
  Mount.Volume mount(int host, long bytes) {
    return new Mount.Volume(CACHE, volume(host), bytes);
  }

  static Duration keepAlive(CreateTrainingJobRequest request) {
    Integer seconds = request.resourceConfig().keepAlivePeriodInSeconds();
    return Duration.ofSeconds(seconds == null ? 0 : seconds);
  }

  /** What must be alike in two jobs for one to take over the other's instances. */
  static String key(CreateTrainingJobRequest request) {
    ResourceConfig resources = request.resourceConfig();
    VpcConfig vpc = request.vpcConfig();
    return String.join("\n", request.roleArn(), resources.instanceType(), String.valueOf(resources.instanceCount()),
        Long.toString(Capacity.volumeBytes(Optional.ofNullable(resources.volumeSizeInGB()))),
        String.valueOf(resources.volumeKmsKeyId()),
        vpc == null ? "" : vpc.securityGroupIds().stream().sorted().toList() + " " + vpc.subnets().stream().sorted().toList(),
        String.valueOf(request.enableInterContainerTrafficEncryption()),
        String.valueOf(request.enableNetworkIsolation()));
  }

  /** What kept instances and a job have in common when it may take them over; empty for one that never may. */
  static String name(TrainingJob job) {
    return fits(job.request()) ? job.account().value() + "\n" + job.region().name() + "\n" + key(job.request()) : "";
  }

  /** Whether a job can have one at all. */
  static boolean fits(CreateTrainingJobRequest request) {
    return !Boolean.TRUE.equals(request.enableManagedSpotTraining())
        && request.resourceConfig().instanceGroups().isEmpty();
  }
}
