package dev.atelier.training;

import dev.atelier.identity.Sessions;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.AlgorithmSpecification;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsRequest;
import dev.atelier.models.sagemaker.MetricDefinition;
import dev.atelier.models.sagemaker.UpdateTrainingJobRequest;
import dev.atelier.training.TrainingJobStore.Transition;
import dev.atelier.runtimes.Images;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rules of training jobs; the only type of the package that other features call. */
public final class TrainingJobs {
  private final TrainingJobStore store;
  private final Sessions sessions;
  private final TrainingRuns runs;
  private final Images images;
  private final Clock clock;

  TrainingJobs(TrainingJobStore store, Sessions sessions, TrainingRuns runs, Images images, Clock clock) {
    this.images = images;
    this.store = store;
    this.sessions = sessions;
    this.runs = runs;
    this.clock = clock;
  }

  /** Accepts a job: what is wrong with it is said now, as far as AWS does; it starts after this returns. */
  Arn create(Caller caller, CreateTrainingJobRequest wanted, Map<String, String> tags) {
    return create(caller, accepted(caller, wanted), tags);
  }

  /** As {@link #create(Caller, CreateTrainingJobRequest, Map)}, of what was {@link #accepted}. */
  Arn create(Caller caller, TrainingJob job, Map<String, String> tags) {
    if (store.find(caller.account(), caller.region(), job.name()).isPresent()) {
      throw nameTaken(job.arn());
    }
    runs.checkInput(job);
    if (!store.insert(job, tags)) {
      throw nameTaken(job.arn());
    }
    runs.begin(job);
    return job.arn();
  }

  /** The job that a request asks for, before its input was looked at. */
  TrainingJob accepted(Caller caller, CreateTrainingJobRequest wanted) {
    CreateTrainingJobRequest complete = TrainingRules.withDefaults(wanted);
    TrainingRules.check(complete);
    runs.requireRoom(TrainingRules.count(complete.resourceConfig()));
    images.lack(complete.algorithmSpecification().trainingImage()).ifPresent(lack -> {
      throw Fault.validation(lack);
    });
    CreateTrainingJobRequest request = withMetrics(complete);
    requireRole(caller, request.roleArn());
    // SageMaker lower-cases resource names in ARNs while the name keeps its case
    Arn arn = Arn.of("sagemaker", caller.region(), caller.account(),
        "training-job/" + request.trainingJobName().toLowerCase(Locale.ROOT));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return TrainingJob.fresh(arn, caller, request, now);
  }

  /** @throws Fault ValidationException when the caller cannot hand SageMaker this role */
  void requireRole(Caller caller, String arn) {
    sessions.requirePassed(caller, arn, "sagemaker.amazonaws.com");
  }

  private static Fault nameTaken(Arn arn) {
    return Fault.resourceInUse("Training job names must be unique within an AWS account and region, "
        + "and a training job with this name already exists (" + arn + ")");
  }

  /** The metrics that a built-in algorithm defines, where the request brings none. */
  CreateTrainingJobRequest withMetrics(CreateTrainingJobRequest request) {
    AlgorithmSpecification algorithm = request.algorithmSpecification();
    List<MetricDefinition> own = images.metrics(TrainingWorkload.image(request)).entrySet().stream()
        .map(each -> MetricDefinition.builder().name(each.getKey()).regex(each.getValue()).build()).toList();
    return own.isEmpty() || !algorithm.metricDefinitions().isEmpty() ? request : request.toBuilder()
        .algorithmSpecification(algorithm.toBuilder().metricDefinitions(own).build()).build();
  }

  TrainingJob require(Caller caller, String name) {
    return store.find(caller.account(), caller.region(), name)
        .orElseThrow(() -> Fault.validation("Requested resource not found."));
  }

  List<Transition> transitions(TrainingJob job) {
    return store.transitions(job.arn());
  }

  Page<TrainingJob> list(Caller caller, ListTrainingJobsRequest request) {
    return store.list(caller, request);
  }

  /** Asks a job to stop; a job that stops already is left to it, one that has ended cannot. */
  void stop(Caller caller, String name) {
    TrainingJob job = require(caller, name);
    if (job.state().ended()) {
      throw Fault.validation("The request was rejected because the training job is in status "
          + job.state().status() + ".");
    }
    runs.happened(job.arn(), TrainingEvent.STOP, TrainingJobStore.Change.NONE);
  }

  /** Changes what can be changed of a job that exists. */
  Arn update(Caller caller, UpdateTrainingJobRequest request) {
    TrainingJob job = require(caller, request.trainingJobName());
    if (request.profilerConfig() != null || !request.profilerRuleConfigurations().isEmpty()) {
      throw notUpdated("ProfilerConfig or ProfilerRuleConfigurations");
    }
    if (request.remoteDebugConfig() != null) {
      throw notUpdated("RemoteDebugConfig");
    }
    if (request.resourceConfig() != null) {
      runs.pools().update(job, request.resourceConfig().keepAlivePeriodInSeconds());
    }
    return job.arn();
  }

  private static Fault notUpdated(String what) {
    return new Fault("UnsupportedOperation", 400,
        "sagemaker:UpdateTrainingJob with " + what + " is not supported by this version of Atelier.");
  }

  /** Takes away a job's spot instances; it goes on with others from its checkpoints. */
  void interrupt(Caller caller, String name) {
    TrainingJob job = require(caller, name);
    if (!job.onSpot()) {
      throw Fault.validation("The training job " + name + " does not run on spot instances: EnableManagedSpotTraining "
          + "was not set.");
    }
    if (job.state().after(TrainingEvent.INTERRUPT).isEmpty()) {
      throw Fault.validation("The training job " + name + " has no instances now that could be taken away: it is in "
          + "status " + job.state().secondaryStatus() + ".");
    }
    runs.happened(job.arn(), TrainingEvent.INTERRUPT, TrainingJobStore.Change.NONE);
  }

  /** Forgets a job that has ended. */
  void delete(Caller caller, String name) {
    TrainingJob job = require(caller, name);
    if (!job.state().ended()) {
      throw Fault.resourceInUse("The training job " + job.arn() + " is in status " + job.state().status()
          + " and cannot be deleted.");
    }
    if (job.pool().filter(pool -> pool.state() == WarmPool.State.AVAILABLE).isPresent()) {
      throw Fault.resourceInUse("The training job " + job.arn() + " retains an Available warm pool and cannot be deleted. "
          + "Update its KeepAlivePeriodInSeconds to 0 first.");
    }
    store.delete(job);
  }
}
