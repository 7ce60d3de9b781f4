package dev.atelier.training;

import dev.atelier.identity.Sessions;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.AlgorithmSpecification;
import dev.atelier.models.sagemaker.Channel;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsRequest;
import dev.atelier.models.sagemaker.MetricDefinition;
import dev.atelier.models.sagemaker.ResourceConfig;
import dev.atelier.models.sagemaker.StoppingCondition;
import dev.atelier.training.TrainingJobStore.Transition;
import dev.atelier.runtimes.Images;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of training jobs; the only type of the package that other features call. */
public final class TrainingJobs {
  private static final int DAY_SECONDS = 86_400;

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
    CreateTrainingJobRequest complete = withDefaults(wanted);
    check(complete);
    CreateTrainingJobRequest request = withMetrics(complete);
    Arn role = Arn.parse(request.roleArn()).orElseThrow(
        () -> Fault.validation("The role ARN " + request.roleArn() + " is not valid."));
    sessions.requireTrust(role, "sagemaker.amazonaws.com", caller.region());
    // SageMaker lower-cases resource names in ARNs while the name keeps its case
    Arn arn = Arn.of("sagemaker", caller.region(), caller.account(),
        "training-job/" + request.trainingJobName().toLowerCase(Locale.ROOT));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    TrainingJob job = new TrainingJob(arn, caller.account(), caller.region(), request.trainingJobName(), request,
        TrainingState.STARTING, 0, 1, now, now, Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), List.of());
    if (store.find(caller.account(), caller.region(), job.name()).isPresent()) {
      throw nameTaken(arn);
    }
    runs.checkInput(job);
    if (!store.insert(job, tags)) {
      throw nameTaken(arn);
    }
    runs.act(job);
    return arn;
  }

  private static Fault nameTaken(Arn arn) {
    return Fault.resourceInUse("Training job names must be unique within an AWS account and region, "
        + "and a training job with this name already exists (" + arn + ")");
  }

  private static CreateTrainingJobRequest withDefaults(CreateTrainingJobRequest request) {
    StoppingCondition stopping = request.stoppingCondition() == null
        ? StoppingCondition.builder().build() : request.stoppingCondition();
    if (stopping.maxRuntimeInSeconds() == null) {
      stopping = stopping.toBuilder().maxRuntimeInSeconds(DAY_SECONDS).build();
    }
    CreateTrainingJobRequest.Builder complete = request.toBuilder().stoppingCondition(stopping);
    if (request.enableNetworkIsolation() == null) {
      complete.enableNetworkIsolation(false);
    }
    if (request.enableInterContainerTrafficEncryption() == null) {
      complete.enableInterContainerTrafficEncryption(false);
    }
    if (request.enableManagedSpotTraining() == null) {
      complete.enableManagedSpotTraining(false);
    }
    return complete.build();
  }

  /** The metrics that a built-in algorithm defines, where the request brings none. */
  private CreateTrainingJobRequest withMetrics(CreateTrainingJobRequest request) {
    AlgorithmSpecification algorithm = request.algorithmSpecification();
    List<MetricDefinition> own = images.metrics(TrainingWorkload.image(request)).entrySet().stream()
        .map(each -> MetricDefinition.builder().name(each.getKey()).regex(each.getValue()).build()).toList();
    return own.isEmpty() || !algorithm.metricDefinitions().isEmpty() ? request : request.toBuilder()
        .algorithmSpecification(algorithm.toBuilder().metricDefinitions(own).build()).build();
  }

  private static void check(CreateTrainingJobRequest request) {
    AlgorithmSpecification algorithm = request.algorithmSpecification();
    if (algorithm == null || algorithm.trainingImage() == null && algorithm.algorithmName() == null) {
      throw Fault.validation("You must specify an AlgorithmName or a TrainingImage in the AlgorithmSpecification.");
    }
    if (algorithm.algorithmName() != null) {
      throw unsupported("AlgorithmSpecification.AlgorithmName");
    }
    ResourceConfig resources = request.resourceConfig();
    if (resources == null || resources.instanceGroups().isEmpty() && resources.instanceType() == null) {
      throw Fault.validation("You must specify an InstanceType and an InstanceCount in the ResourceConfig.");
    }
    if (!resources.instanceGroups().isEmpty()) {
      throw unsupported("ResourceConfig.InstanceGroups");
    }
    InstanceType.require(resources.instanceType());
    // the model's bound is zero, for requests that name groups
    if (resources.instanceCount() == null || resources.instanceCount() < 1) {
      throw Fault.validation("1 validation error detected: Value '" + resources.instanceCount()
          + "' at 'resourceConfig.instanceCount' failed to satisfy constraint: "
          + "Member must have value greater than or equal to 1");
    }
    if (Boolean.TRUE.equals(request.enableManagedSpotTraining())) {
      Integer wait = request.stoppingCondition().maxWaitTimeInSeconds();
      if (wait == null || wait < request.stoppingCondition().maxRuntimeInSeconds()) {
        throw Fault.validation("MaxWaitTimeInSeconds must be equal to or greater than MaxRuntimeInSeconds "
            + "when managed spot training is enabled.");
      }
    }
    if ("NONE".equals(request.outputDataConfig().compressionType())) {
      throw unsupported("OutputDataConfig.CompressionType NONE");
    }
    S3Location.parse(request.outputDataConfig().s3OutputPath());
    CheckpointPlace.of(request);
    Set<String> names = new HashSet<>();
    for (Channel channel : request.inputDataConfig()) {
      check(request, channel);
      if (!names.add(channel.channelName())) {
        throw Fault.validation("The channel name " + channel.channelName() + " is used more than once.");
      }
    }
    definitions(request);
  }

  private static void check(CreateTrainingJobRequest request, Channel channel) {
    if (channel.dataSource().s3DataSource() == null) {
      throw unsupported("a channel's FileSystemDataSource or DatasetSource");
    }
    String mode = channel.inputMode() == null
        ? request.algorithmSpecification().trainingInputMode() : channel.inputMode();
    if (mode.equals("Pipe")) {
      throw unsupported("TrainingInputMode Pipe");
    }
    if ("Gzip".equals(channel.compressionType())) {
      throw Fault.validation("CompressionType Gzip is only supported in Pipe mode (channel "
          + channel.channelName() + ").");
    }
    if ("RecordIO".equals(channel.recordWrapperType())) {
      throw Fault.validation("RecordWrapperType RecordIO is only supported in Pipe mode (channel "
          + channel.channelName() + ").");
    }
    String type = channel.dataSource().s3DataSource().s3DataType();
    if (!List.of("S3Prefix", "ManifestFile").contains(type)) {
      throw unsupported("S3DataType " + type);
    }
    if (mode.equals("FastFile") && !type.equals("S3Prefix")) {
      throw Fault.validation("S3DataType " + type + " is not supported in FastFile mode (channel "
          + channel.channelName() + ").");
    }
    S3Location.parse(channel.dataSource().s3DataSource().s3Uri());
  }

  private static Fault unsupported(String what) {
    return new Fault("UnsupportedOperation", 400,
        "sagemaker:CreateTrainingJob with " + what + " is not supported by this version of Atelier.");
  }

  /** The metric definitions, each expression checked. */
  static MetricScanner definitions(CreateTrainingJobRequest request) {
    return new MetricScanner(request.algorithmSpecification().metricDefinitions().stream()
        .map((MetricDefinition each) -> new MetricScanner.Definition(each.name(), each.regex())).toList());
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

  /** Forgets a job that has ended. */
  void delete(Caller caller, String name) {
    TrainingJob job = require(caller, name);
    if (!job.state().ended()) {
      throw Fault.resourceInUse("The training job " + job.arn() + " is in status " + job.state().status()
          + " and cannot be deleted.");
    }
    store.delete(job);
  }
}
