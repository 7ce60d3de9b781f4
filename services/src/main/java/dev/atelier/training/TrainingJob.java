package dev.atelier.training;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ResourceConfig;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A training job as stored.
 *
 * @param request what was accepted
 * @param version counts changes; a change applies only to the version it was decided on
 * @param attempt counts starts of the program; each has a workload of its own
 * @param startedAt when the program first ran
 */
record TrainingJob(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    CreateTrainingJobRequest request,
    TrainingState state,
    int version,
    int attempt,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<String> failureReason,
    Optional<String> modelArtifacts,
    List<MetricScanner.Found> finalMetrics) {

  /** How many hosts run the program. */
  int hosts() {
    return request.resourceConfig() == null || request.resourceConfig().instanceCount() == null
        ? 1 : request.resourceConfig().instanceCount();
  }

  /** The disk of each host. */
  long volumeBytes() {
    return Capacity.volumeBytes(Optional.ofNullable(request.resourceConfig()).map(ResourceConfig::volumeSizeInGB));
  }
}
