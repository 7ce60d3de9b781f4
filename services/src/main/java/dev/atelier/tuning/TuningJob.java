package dev.atelier.tuning;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningJobConfig;
import dev.atelier.models.sagemaker.HyperParameterTuningJobObjective;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A hyperparameter tuning job as stored.
 *
 * @param request what was accepted, with its defaults
 * @param version counts changes; a change applies only to the version it was decided on
 * @param seed of everything that is drawn
 * @param createdBy the ARN of the identity that asked for it
 * @param convergedAt when the search was first found to have converged
 */
record TuningJob(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    CreateHyperParameterTuningJobRequest request,
    TuningState state,
    int version,
    long seed,
    String createdBy,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> endedAt,
    Optional<String> failureReason,
    Optional<Instant> convergedAt) {
  /** What SageMaker runs for a job that says neither how many nor for how long. */
  static final int MOST_TRIALS = 750;

  HyperParameterTuningJobConfig config() {
    return request.hyperParameterTuningJobConfig();
  }

  List<HyperParameterTrainingJobDefinition> definitions() {
    return definitions(request);
  }

  static List<HyperParameterTrainingJobDefinition> definitions(CreateHyperParameterTuningJobRequest request) {
    return request.trainingJobDefinition() == null
        ? request.trainingJobDefinitions() : List.of(request.trainingJobDefinition());
  }

  /** What the training jobs of a definition are judged by. */
  HyperParameterTuningJobObjective objective(int definition) {
    HyperParameterTuningJobObjective own = definitions().get(definition).tuningObjective();
    return own == null ? config().hyperParameterTuningJobObjective() : own;
  }

  /** A value of a definition's objective as a loss to be minimised, and back. */
  double loss(int definition, double objective) {
    return objective(definition).type().equals("Maximize") ? -objective : objective;
  }

  int mostTrials() {
    Integer most = config().resourceLimits().maxNumberOfTrainingJobs();
    return most == null ? MOST_TRIALS : most;
  }

  String strategy() {
    return config().strategy();
  }

  /** Whether training jobs are ended before their programs end, so that the values they write count while they run. */
  boolean stopsEarly() {
    return strategy().equals("Hyperband") || "Auto".equals(config().trainingJobEarlyStoppingType());
  }
}
