package dev.atelier.tuning;

import dev.atelier.models.sagemaker.TuningJobCompletionCriteria;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How far a tuning job has come, read from its trials. */
final class Progress {
  /** After so many training jobs without a result SageMaker gives up. */
  private static final int FEWEST = 5;
  private static final double IMPROVEMENT = 0.01;
  /** So many training jobs without an improvement, and twice the tunable hyperparameters, are convergence. */
  private static final int FEWEST_CONVERGED = 10;
  static final String NONE_SUCCEEDED = "No training job succeeded after 5 attempts. "
      + "Please take a look at the training job failures to get more details.";
  static final String ALL_FAILED = "All training jobs failed. "
      + "Please look at the training job failures to get more details.";
  static final String NO_OBJECTIVE = "No objective metrics found after running %d training jobs. Please ensure that "
      + "the custom algorithm is emitting the objective metric as defined by the regular expression provided.";

  private final TuningJob job;
  private final List<Trial> trials;
  private final int most;
  private final int tunables;

  /**
   * @param trials all of them, in order
   * @param combinations how many different points there are
   * @param tunables how many hyperparameters are tuned
   */
  Progress(TuningJob job, List<Trial> trials, double combinations, int tunables) {
    this.job = job;
    this.trials = trials;
    this.most = (int) Math.min(job.mostTrials(), combinations);
    this.tunables = tunables;
  }

  /** What a tuning job does next. */
  sealed interface Verdict {
    /** @param more how many trials may begin now */
    record Go(int more) implements Verdict {}

    record Finish() implements Verdict {}

    record Break(String reason) implements Verdict {}
  }

  Verdict verdict(Instant now) {
    Optional<String> hopeless = hopeless();
    if (hopeless.isPresent()) {
      return new Verdict.Break(hopeless.get());
    }
    boolean allEnded = trials.size() >= most && trials.stream().allMatch(Trial::ended);
    if (allEnded || expired(now) || satisfied()) {
      return new Verdict.Finish();
    }
    long running = trials.stream().filter(trial -> !trial.ended()).count();
    long room = Math.min(job.config().resourceLimits().maxParallelTrainingJobs() - running, most - trials.size());
    return new Verdict.Go((int) Math.max(0, room));
  }

  /** Why there will be no result; empty while there may be. */
  private Optional<String> hopeless() {
    List<Trial> ended = trials.stream().filter(Trial::ended).toList();
    if (ended.size() < Math.min(FEWEST, most) || trials.stream().anyMatch(Trial::scored)) {
      return Optional.empty();
    }
    boolean failed = ended.stream().allMatch(trial -> trial.status().equals("Failed"));
    return Optional.of(!failed ? NO_OBJECTIVE.formatted(ended.size()) : most < FEWEST ? ALL_FAILED : NONE_SUCCEEDED);
  }

  private boolean expired(Instant now) {
    return timeLeft(now).filter(left -> !left.isPositive()).isPresent();
  }

  /** Until MaxRuntimeInSeconds has passed. */
  Optional<Duration> timeLeft(Instant now) {
    return Optional.ofNullable(job.config().resourceLimits().maxRuntimeInSeconds())
        .map(seconds -> Duration.between(now, job.createdAt().plusSeconds(seconds)));
  }

  private boolean satisfied() {
    TuningJobCompletionCriteria criteria = job.config().tuningJobCompletionCriteria();
    if (criteria == null) {
      return false;
    }
    Float target = criteria.targetObjectiveMetricValue();
    if (target != null && trials.stream().filter(Trial::scored)
        .anyMatch(trial -> loss(trial) <= job.loss(trial.definition(), target))) {
      return true;
    }
    Integer patience = criteria.bestObjectiveNotImproving() == null ? null
        : criteria.bestObjectiveNotImproving().maxNumberOfTrainingJobsNotImproving();
    if (patience != null && notImproving() >= patience) {
      return true;
    }
    return criteria.convergenceDetected() != null
        && "Enabled".equals(criteria.convergenceDetected().completeOnConvergence()) && converged();
  }

  /** How many training jobs have ended since the last one that was better than the best by one in a hundred. */
  int notImproving() {
    double reference = Double.POSITIVE_INFINITY;
    int count = 0;
    for (Trial each : trials.stream().filter(Trial::ended).filter(trial -> !trial.status().equals("Failed"))
        .sorted(Comparator.comparing(trial -> trial.endedAt().orElseThrow())).toList()) {
      boolean better = each.scored()
          && (reference == Double.POSITIVE_INFINITY || loss(each) < reference - IMPROVEMENT * Math.abs(reference));
      count = better ? 0 : count + 1;
      reference = better ? loss(each) : reference;
    }
    return count;
  }

  /** Whether further training jobs are unlikely to be better by one in a hundred. */
  boolean converged() {
    return best().isPresent() && notImproving() >= Math.max(FEWEST_CONVERGED, 2 * tunables);
  }

  private double loss(Trial trial) {
    return job.loss(trial.definition(), trial.objective());
  }

  /** The trial of the best final objective; the earlier one of equals. */
  Optional<Trial> best() {
    return best(job, trials);
  }

  static Optional<Trial> best(TuningJob job, List<Trial> trials) {
    return trials.stream().filter(Trial::scored)
        .min(Comparator.comparingDouble(trial -> job.loss(trial.definition(), trial.objective())));
  }
}
