package dev.atelier.tuning;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.StorageFull;
import dev.atelier.training.TrainingWatch;
import dev.atelier.training.TunedJobs;
import dev.atelier.tuning.Progress.Verdict;
import dev.atelier.tuning.search.SearchSpace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Runs tuning jobs. Whenever something may have changed a job is gone through from the beginning: its trials are
 * brought up to what their training jobs are, what follows is decided on that alone, and done. A trial is written
 * before its training job is asked for, whose name is the trial's: a server that is killed in between asks again.
 */
final class TuningRuns implements TrainingWatch, AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final TuningStore jobs;
  private final TrialStore trials;
  private final TunedJobs training;
  private final Choices choices;
  private final Capacity capacity;
  private final Clock clock;
  private final EarlyStops earlyStops;
  private final Effects effects = new Effects("tuning-timer");
  private final ExecutorService measuring =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("early-stops").factory());
  private final Turns<Arn> turns = new Turns<>(
      (arn, turn) -> effects.begin("the tuning job " + arn, turn, failed -> { }), this::advance);
  private volatile Consumer<Arn> budget = tuningJob -> { };

  TuningRuns(TuningStore jobs, TrialStore trials, TunedJobs training, Choices choices, Capacity capacity, Clock clock) {
    this.jobs = jobs;
    this.trials = trials;
    this.training = training;
    this.choices = choices;
    this.capacity = capacity;
    this.clock = clock;
    this.earlyStops = new EarlyStops(jobs, trials, training::stop);
  }

  void budget(Consumer<Arn> asked) {
    budget = asked;
  }

  /** Takes up every job; called once at start-up, after training jobs were taken up. */
  void resume() {
    jobs.unfinished().forEach(job -> {
      follow(job);
      wake(job.arn());
    });
  }

  /** Begins a job that was accepted. */
  void begin(TuningJob job) {
    follow(job);
    wake(job.arn());
  }

  private void follow(TuningJob job) {
    Arn arn = job.arn();
    progress(job, List.of()).timeLeft(clock.instant())
        .ifPresent(left -> effects.after(left.plusMillis(1), () -> wake(arn)));
  }

  @Override
  public void changed(Arn tuningJob) {
    wake(tuningJob);
  }

  @Override
  public void measured(Arn tuningJob, Arn trainingJob, List<MetricScanner.Found> values) {
    // not on the thread that carries every job's log; one after the other, as they were written
    measuring.execute(() -> earlyStops.measured(tuningJob, trainingJob, values));
  }

  /** Has a job gone through once more, on a thread of its own; never twice at a time. */
  void wake(Arn arn) {
    turns.ask(arn);
  }

  private void advance(Arn arn) {
    try {
      jobs.find(arn).filter(job -> !job.state().ended()).ifPresent(this::advance);
    } catch (RuntimeException e) {
      if (effects.closing()) {
        return;
      }
      if (StorageFull.caused(e)) {
        effects.after(AGAIN, () -> wake(arn));
        return;
      }
      effects.guard("the tuning job " + arn, () -> {
        throw e;
      }, broken -> effects.untilDone("the end of " + arn, () -> happened(arn, TuningEvent.BREAK,
          Optional.of(FailureText.of(broken, "ClientError: ")))));
      effects.after(AGAIN, () -> wake(arn));
    }
  }

  private void advance(TuningJob job) {
    List<Trial> all = observed(job);
    if (job.state() != TuningState.RUNNING) {
      drain(job, all);
      return;
    }
    Progress progress = progress(job, all);
    if (job.convergedAt().isEmpty() && progress.converged()) {
      jobs.converged(job, clock.instant());
    }
    switch (progress.verdict(clock.instant())) {
      case Verdict.Finish finish -> happened(job.arn(), TuningEvent.FINISH, Optional.empty());
      case Verdict.Break broken -> happened(job.arn(), TuningEvent.BREAK, Optional.of(broken.reason()));
      case Verdict.Go go -> {
        all.stream().filter(trial -> !trial.begun()).forEach(trial -> ask(job, trial));
        more(job, all, go.more());
      }
    }
  }

  private Progress progress(TuningJob job, List<Trial> all) {
    List<SearchSpace> spaces = new ArrayList<>();
    for (int i = 0; i < job.definitions().size(); i++) {
      spaces.add(Strategies.space(job, i));
    }
    return new Progress(job, all, spaces.stream().mapToDouble(SearchSpace::combinations).sum(),
        spaces.stream().mapToInt(space -> space.parameters().size()).max().orElse(0));
  }

  /** The trials as their training jobs are now; what changed is written. */
  private List<Trial> observed(TuningJob job) {
    List<Trial> all = new ArrayList<>();
    for (Trial trial : trials.of(job.arn())) {
      Trial now = trial.ended() ? trial : now(job, trial, training.find(job.arn(), Trial.arn(job, trial.name())));
      if (!now.equals(trial)) {
        trials.update(job, now);
      }
      if (!now.ended() && !now.stop().isEmpty() && now.status().equals("InProgress")) {
        // it was to be stopped before a kill
        training.stop(Trial.arn(job, now.name()));
      }
      all.add(now);
    }
    return all;
  }

  private Trial now(TuningJob job, Trial trial, Optional<TunedJobs.Standing> found) {
    if (found.isEmpty()) {
      return !trial.begun() ? trial : new Trial(trial.number(), trial.name(), trial.definition(), trial.tuned(), true,
          "Failed", Trial.NO_OBJECTIVE, 0, trial.stop(), Optional.of("The training job was deleted."),
          trial.createdAt(), trial.startedAt(), Optional.of(now()));
    }
    TunedJobs.Standing standing = found.get();
    String metric = job.objective(trial.definition()).metricName();
    Optional<MetricScanner.Found> objective = standing.finalMetrics().stream()
        .filter(each -> each.name().equals(metric)).findFirst().filter(each -> !standing.status().equals("Failed"));
    String status = !standing.ended() ? Trial.PENDING : objective.isPresent() ? Trial.SUCCEEDED : Trial.NO_OBJECTIVE;
    return new Trial(trial.number(), trial.name(), trial.definition(), trial.tuned(), true, standing.status(), status,
        standing.ended() ? objective.map(MetricScanner.Found::value).orElse(0.0) : 0, trial.stop(),
        standing.failureReason(), standing.createdAt(), standing.startedAt(), standing.endedAt());
  }

  private void more(TuningJob job, List<Trial> all, int count) {
    List<Trial> known = new ArrayList<>(all);
    for (int i = 0; i < count; i++) {
      Trial chosen = choices.next(job, known, now());
      if (!trials.insert(job, chosen)) {
        // stopped meanwhile
        return;
      }
      ask(job, chosen);
      known.add(chosen);
    }
  }

  /** Asks for a trial's training job. @throws dev.atelier.kernel.Fault it is refused, which ends the tuning job */
  private void ask(TuningJob job, Trial trial) {
    budget.accept(job.arn());
    training.begin(job.arn(), job.createdBy(), TrialRequest.of(job.definitions().get(trial.definition()), trial.name(),
        trial.tuned(), capacity), jobs.tags(job));
    // what it is by now is written by the turn that its changes ask for
    wake(job.arn());
  }

  /** Stops what runs, and ends when nothing does. */
  private void drain(TuningJob job, List<Trial> all) {
    List<Trial> running = all.stream().filter(trial -> !trial.ended() && trial.begun()).toList();
    running.forEach(trial -> training.stop(Trial.arn(job, trial.name())));
    if (running.isEmpty()) {
      all.stream().filter(trial -> !trial.ended()).forEach(trial -> trials.update(job, new Trial(trial.number(),
          trial.name(), trial.definition(), trial.tuned(), false, "Stopped", Trial.NO_OBJECTIVE, 0, trial.stop(),
          Optional.of("The training job was not begun before the hyperparameter tuning job ended."), trial.createdAt(),
          Optional.empty(), Optional.of(now()))));
      happened(job.arn(), TuningEvent.DRAINED, Optional.empty());
    }
  }

  /** Applies an event to a job: decided on what is stored, written once, acted on after the commit. */
  void happened(Arn arn, TuningEvent event, Optional<String> reason) {
    while (true) {
      Optional<TuningJob> job = jobs.find(arn);
      Optional<TuningState> next = job.flatMap(present -> present.state().after(event));
      if (next.isEmpty()) {
        return;
      }
      if (jobs.apply(job.get(), next.get(), reason.map(TuningRuns::bounded), clock.instant())) {
        if (next.get().ended()) {
          trials.forgetEpochs(arn);
          choices.forget(arn);
        } else {
          wake(arn);
        }
        return;
      }
    }
  }

  private static String bounded(String reason) {
    return reason.length() > 1_024 ? reason.substring(0, 1_024) : reason;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void close() {
    measuring.shutdownNow();
    effects.close();
  }
}
