package dev.atelier.tuning;

import dev.atelier.jobs.Capacity;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.ListHyperParameterTuningJobsRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsForHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.training.TunedJobs;
import dev.atelier.tuning.WarmStart.Past;
import dev.atelier.tuning.search.SearchSpace;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rules of hyperparameter tuning jobs. */
final class TuningJobs {
  private static final SecureRandom SEEDS = new SecureRandom();

  private final TuningStore store;
  private final TrialStore trials;
  private final TunedJobs training;
  private final WarmStart warmStart;
  private final TuningRuns runs;
  private final Capacity capacity;
  private final Clock clock;

  TuningJobs(TuningStore store, TrialStore trials, TunedJobs training, WarmStart warmStart, TuningRuns runs,
      Capacity capacity, Clock clock) {
    this.store = store;
    this.trials = trials;
    this.training = training;
    this.warmStart = warmStart;
    this.runs = runs;
    this.capacity = capacity;
    this.clock = clock;
  }

  /** Accepts a job: what is wrong with it, or with its training jobs, is said now. */
  Arn create(Caller caller, CreateHyperParameterTuningJobRequest wanted, Map<String, String> tags) {
    CreateHyperParameterTuningJobRequest request = TuningDefaults.of(wanted, training, capacity);
    TuningCheck.check(request);
    warmStart.check(caller, request);
    Arn arn = Arn.of("sagemaker", caller.region(), caller.account(),
        "hyper-parameter-tuning-job/" + request.hyperParameterTuningJobName().toLowerCase(Locale.ROOT));
    if (store.find(caller.account(), caller.region(), request.hyperParameterTuningJobName()).isPresent()) {
      throw nameTaken(arn);
    }
    for (HyperParameterTrainingJobDefinition each : TuningJob.definitions(request)) {
      // only the type that is chosen comes to be part of a training job's request
      TuningCheck.instanceConfigs(each).forEach(other -> capacity.requireHosts("training", other.instanceCount()));
      training.requireAcceptable(caller, TrialRequest.of(each,
          request.hyperParameterTuningJobName() + "-001-00000000", example(request, each), capacity));
    }
    Integer seed = request.hyperParameterTuningJobConfig().randomSeed();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    TuningJob job = new TuningJob(arn, caller.account(), caller.region(), request.hyperParameterTuningJobName(),
        request, TuningState.RUNNING, 0, seed == null ? SEEDS.nextLong() : seed, caller.arn().toString(), now, now,
        Optional.empty(), Optional.empty(), Optional.empty());
    if (!store.insert(job, tags)) {
      throw nameTaken(arn);
    }
    runs.begin(job);
    return arn;
  }

  private static Map<String, String> example(CreateHyperParameterTuningJobRequest request,
      HyperParameterTrainingJobDefinition definition) {
    ParameterRanges own = definition.hyperParameterRanges();
    SearchSpace space = Ranges.space(own == null ? request.hyperParameterTuningJobConfig().parameterRanges() : own);
    double[] middle = new double[space.parameters().size()];
    Arrays.fill(middle, 0.5);
    return space.decode(space.draw(middle));
  }

  private static Fault nameTaken(Arn arn) {
    return Fault.resourceInUse("Hyperparameter tuning job names must be unique within an AWS account and region, "
        + "and a hyperparameter tuning job with this name already exists (" + arn + ")");
  }

  TuningJob require(Caller caller, String name) {
    return store.find(caller.account(), caller.region(), name).orElseThrow(() -> Fault.resourceNotFound(
        "Amazon SageMaker can't find a tuning job with the name " + name + ". Check the job name and try again."));
  }

  Page<TuningJob> list(Caller caller, ListHyperParameterTuningJobsRequest request) {
    return store.list(caller, request);
  }

  List<Trial> trials(TuningJob job) {
    return trials.of(job.arn());
  }

  Page<Trial> trials(TuningJob job, ListTrainingJobsForHyperParameterTuningJobRequest request) {
    return trials.list(job, request);
  }

  /** The best trial of a job and of the jobs on the same data that it was warm started with. */
  Optional<Past> overallBest(TuningJob job, List<Trial> own) {
    if (!WarmStart.identical(job.request())) {
      return Optional.empty();
    }
    List<Past> all = new ArrayList<>(warmStart.past(job));
    own.forEach(trial -> all.add(new Past(job, trial)));
    return all.stream().filter(each -> each.trial().scored()).min(Comparator.comparingDouble(
        each -> each.job().loss(each.trial().definition(), each.trial().objective())));
  }

  int notImproving(TuningJob job, List<Trial> all) {
    return new Progress(job, all, Double.POSITIVE_INFINITY, 0).notImproving();
  }

  /** Asks a job to stop; one that stops already is left to it, one that has ended cannot. */
  void stop(Caller caller, String name) {
    TuningJob job = require(caller, name);
    if (job.state().ended()) {
      throw Fault.validation("The request was rejected because the hyperparameter tuning job is in status "
          + job.state().status() + ".");
    }
    runs.happened(job.arn(), TuningEvent.STOP, Optional.empty());
  }

  /** Forgets a job that has ended; its training jobs stay. */
  void delete(Caller caller, String name) {
    TuningJob job = require(caller, name);
    if (!job.state().ended()) {
      throw Fault.validation("The request was rejected because the hyperparameter tuning job is in status "
          + job.state().status() + ". Stop it before you delete it.");
    }
    store.delete(job);
  }
}
