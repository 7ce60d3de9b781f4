package dev.atelier.tuning;

import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.Arn;
import dev.atelier.tuning.search.Hyperband;
import dev.atelier.tuning.search.MedianRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Ends trials before their programs end, by what they have measured: Hyperband at its rungs, other strategies by the
 * median rule where TrainingJobEarlyStoppingType is Auto. Each value of the objective is an epoch, as on SageMaker.
 */
final class EarlyStops {
  private final TuningStore jobs;
  private final TrialStore trials;
  private final Consumer<Arn> stop;

  /** @param stop asks a training job to stop */
  EarlyStops(TuningStore jobs, TrialStore trials, Consumer<Arn> stop) {
    this.jobs = jobs;
    this.trials = trials;
    this.stop = stop;
  }

  /** Takes in values that a training job's program has written. */
  void measured(Arn tuningJob, Arn trainingJob, List<MetricScanner.Found> values) {
    Optional<TuningJob> job = jobs.find(tuningJob).filter(each -> each.stopsEarly() && !each.state().ended());
    if (job.isEmpty()) {
      return;
    }
    String name = trainingJob.resource().substring(trainingJob.resource().indexOf('/') + 1);
    trials.find(tuningJob, name).filter(trial -> !trial.ended()).ifPresent(trial -> {
      String objective = job.get().objective(trial.definition()).metricName();
      List<Double> losses = values.stream().filter(each -> each.name().equals(objective))
          .map(each -> job.get().loss(trial.definition(), each.value())).toList();
      if (!losses.isEmpty()) {
        judge(job.get(), trial, losses);
      }
    });
  }

  private void judge(TuningJob job, Trial trial, List<Double> losses) {
    Optional<Bracketed> bracketed = job.strategy().equals("Hyperband") ? Optional.of(bracketed(job, trial))
        : Optional.empty();
    IntPredicate judged = bracketed.<IntPredicate>map(each -> each::rung).orElse(Losses::compared);
    int before = trials.addEpochs(job.arn(), trial, losses, judged);
    for (int i = 0; i < losses.size() && trial.stop().isEmpty(); i++) {
      int epoch = before + i + 1;
      if (!judged.test(epoch)) {
        continue;
      }
      double loss = losses.get(i);
      Optional<String> why = bracketed.isPresent()
          ? bracketed.get().stops(epoch, loss, trials.losses(job.arn(), trial, epoch)) : median(job, trial, epoch);
      if (why.isPresent()) {
        trials.stop(job.arn(), trial, why.get());
        stop.accept(Trial.arn(job, trial.name()));
        return;
      }
    }
  }

  /** A trial in its bracket: each definition has brackets of its own, as its losses compare with no other's. */
  private record Bracketed(Hyperband hyperband, int place) {
    boolean rung(int epoch) {
      return hyperband.rung(place, epoch);
    }

    Optional<String> stops(int epoch, double loss, Map<Integer, Double> others) {
      return hyperband.stops(place, epoch, loss, others) ? Optional.of("Hyperband after " + epoch + " epochs")
          : Optional.empty();
    }
  }

  private Bracketed bracketed(TuningJob job, Trial trial) {
    return new Bracketed(Strategies.hyperband(job.config(), job.definitions().get(trial.definition())),
        trials.place(job.arn(), trial));
  }

  private Optional<String> median(TuningJob job, Trial trial, int epoch) {
    double[] averages = trials.averages(job.arn(), trial.definition(), epoch);
    return MedianRule.stops(trials.best(job.arn(), trial, epoch), averages)
        ? Optional.of("median rule after " + epoch + " epochs") : Optional.empty();
  }
}
