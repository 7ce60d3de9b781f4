package dev.atelier.training;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
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
 * @param createdBy the ARN of the identity that asked for it
 * @param startedAt when the job first had its hosts
 * @param tuningJob the hyperparameter tuning job that it belongs to
 */
record TrainingJob(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    CreateTrainingJobRequest request,
    TrainingState state,
    int version,
    Attempts attempts,
    String createdBy,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    Optional<String> failureReason,
    Optional<String> modelArtifacts,
    List<MetricScanner.Found> finalMetrics,
    Optional<WarmPool> pool,
    Optional<Arn> tuningJob) {

  /** A job that was just accepted. */
  static TrainingJob fresh(Arn arn, Caller caller, CreateTrainingJobRequest request, Instant now) {
    return new TrainingJob(arn, caller.account(), caller.region(), request.trainingJobName(), request,
        TrainingState.STARTING, 0, Attempts.first(now), caller.arn().toString(), now, now, Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }

  /** The same, as a tuning job's. @param askedBy the ARN of the identity that asked for the tuning job */
  TrainingJob tunedBy(Arn tuning, String askedBy) {
    return new TrainingJob(arn, account, region, name, request, state, version, attempts, askedBy, createdAt, modifiedAt,
        startedAt, endedAt, failureReason, modelArtifacts, finalMetrics, pool, Optional.of(tuning));
  }

  Cluster cluster() {
    return Cluster.of(request.resourceConfig());
  }

  /** How many hosts run the program. */
  int hosts() {
    return cluster().size();
  }

  boolean onSpot() {
    return Boolean.TRUE.equals(request.enableManagedSpotTraining());
  }

  /** Whether RetryStrategy grants another attempt after the hosts were lost. */
  boolean mayRetry() {
    return request.retryStrategy() != null && attempts.retries() < request.retryStrategy().maximumRetryAttempts();
  }

  /** The disk of each host. */
  long volumeBytes() {
    return Capacity.volumeBytes(Optional.ofNullable(request.resourceConfig()).map(ResourceConfig::volumeSizeInGB));
  }
}
