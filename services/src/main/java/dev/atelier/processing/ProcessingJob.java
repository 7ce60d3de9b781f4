package dev.atelier.processing;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.InstanceType;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.models.sagemaker.ProcessingClusterConfig;
import dev.atelier.models.sagemaker.ProcessingOutput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A processing job as stored.
 *
 * @param request what was accepted, completed by the defaults
 * @param version counts changes; a change applies only to the version it was decided on
 * @param attempt counts starts of the program; each has a workload of its own
 * @param createdBy the ARN of the identity that asked for it
 * @param startedAt when the program first ran
 * @param exitMessage what the program left in {@code /opt/ml/output/message}
 */
record ProcessingJob(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    CreateProcessingJobRequest request,
    ProcessingState state,
    int version,
    int attempt,
    String createdBy,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<String> failureReason,
    Optional<String> exitMessage) {

  /** A job as it is accepted. */
  static ProcessingJob accepted(Arn arn, Caller caller, CreateProcessingJobRequest request, Instant now) {
    return new ProcessingJob(arn, caller.account(), caller.region(), request.processingJobName(), request,
        ProcessingState.STARTING, 0, 1, caller.arn().toString(), now, now, Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty());
  }

  private ProcessingClusterConfig cluster() {
    return request.processingResources().clusterConfig();
  }

  /** How many hosts run the program. */
  int hosts() {
    return cluster().instanceCount();
  }

  /** The names of the hosts, in order. */
  List<String> hostNames() {
    return IntStream.range(0, hosts()).mapToObj(ProcessingWorkload::host).toList();
  }

  /** Whether it is the same job: another one may have had its name before. */
  boolean is(ProcessingJob other) {
    return arn.equals(other.arn) && createdAt.equals(other.createdAt);
  }

  InstanceType type() {
    return InstanceType.require(cluster().instanceType());
  }

  /** The disk of each host. */
  long volumeBytes() {
    return Capacity.volumeBytes(Optional.ofNullable(cluster().volumeSizeInGB()));
  }

  /** The outputs that Atelier stores: those that the program does not manage itself. */
  List<ProcessingOutput> storedOutputs() {
    return request.processingOutputConfig() == null ? List.of() : request.processingOutputConfig().outputs().stream()
        .filter(output -> !Boolean.TRUE.equals(output.appManaged())).toList();
  }

  boolean networkIsolation() {
    return request.networkConfig() != null
        && Boolean.TRUE.equals(request.networkConfig().enableNetworkIsolation());
  }
}
