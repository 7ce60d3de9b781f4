package dev.atelier.training;

import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
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
  private static final long GIB = 1L << 30;
  private static final int DEFAULT_VOLUME_GIB = 30;

  /** How many hosts run the program. */
  int hosts() {
    return request.resourceConfig() == null || request.resourceConfig().instanceCount() == null
        ? 1 : request.resourceConfig().instanceCount();
  }

  /** The disk of each host. */
  long volumeBytes() {
    Integer volume = request.resourceConfig() == null ? null : request.resourceConfig().volumeSizeInGB();
    return (volume == null ? DEFAULT_VOLUME_GIB : volume) * GIB;
  }
}
