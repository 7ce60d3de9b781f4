package dev.atelier.tuning;

import dev.atelier.kernel.Caller;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobResponse;
import dev.atelier.models.sagemaker.DeleteHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.DescribeHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.DescribeHyperParameterTuningJobResponse;
import dev.atelier.models.sagemaker.FinalHyperParameterTuningJobObjectiveMetric;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobSummary;
import dev.atelier.models.sagemaker.HyperParameterTuningJobCompletionDetails;
import dev.atelier.models.sagemaker.HyperParameterTuningJobConsumedResources;
import dev.atelier.models.sagemaker.HyperParameterTuningJobObjective;
import dev.atelier.models.sagemaker.HyperParameterTuningJobSummary;
import dev.atelier.models.sagemaker.HyperParameterTuningResourceConfig;
import dev.atelier.models.sagemaker.ListHyperParameterTuningJobsRequest;
import dev.atelier.models.sagemaker.ListHyperParameterTuningJobsResponse;
import dev.atelier.models.sagemaker.ListTrainingJobsForHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsForHyperParameterTuningJobResponse;
import dev.atelier.models.sagemaker.ObjectiveStatusCounters;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.StopHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.TrainingJobStatusCounters;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The operations on hyperparameter tuning jobs. */
final class TuningApi {
  private final TuningJobs jobs;
  private final Clock clock;

  TuningApi(TuningJobs jobs, Clock clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createHyperParameterTuningJob(), this::createHyperParameterTuningJob)
        .on(SageMakerOperations.describeHyperParameterTuningJob(), this::describeHyperParameterTuningJob)
        .on(SageMakerOperations.listHyperParameterTuningJobs(), this::listHyperParameterTuningJobs)
        .on(SageMakerOperations.stopHyperParameterTuningJob(), this::stopHyperParameterTuningJob)
        .on(SageMakerOperations.deleteHyperParameterTuningJob(), this::deleteHyperParameterTuningJob)
        .on(SageMakerOperations.listTrainingJobsForHyperParameterTuningJob(),
            this::listTrainingJobsForHyperParameterTuningJob);
  }

  CreateHyperParameterTuningJobResponse createHyperParameterTuningJob(Caller caller,
      CreateHyperParameterTuningJobRequest request) {
    return CreateHyperParameterTuningJobResponse.builder()
        .hyperParameterTuningJobArn(jobs.create(caller, request, TagRules.of(request.tags())).toString()).build();
  }

  DescribeHyperParameterTuningJobResponse describeHyperParameterTuningJob(Caller caller,
      DescribeHyperParameterTuningJobRequest request) {
    return described(jobs.require(caller, request.hyperParameterTuningJobName()));
  }

  /** As Search shows it. */
  Map<String, Object> searched(TuningJob job, List<Map<String, String>> tags) {
    Map<String, Object> resource = new HashMap<>(described(job).toDocument());
    resource.put("Tags", tags);
    return resource;
  }

  private DescribeHyperParameterTuningJobResponse described(TuningJob job) {
    List<Trial> all = jobs.trials(job);
    Instant until = job.endedAt().orElseGet(clock::instant);
    DescribeHyperParameterTuningJobResponse.Builder answer = DescribeHyperParameterTuningJobResponse.builder()
        .hyperParameterTuningJobName(job.name())
        .hyperParameterTuningJobArn(job.arn().toString())
        .hyperParameterTuningJobConfig(job.config())
        .trainingJobDefinition(Optional.ofNullable(job.request().trainingJobDefinition()).map(TuningApi::shown)
            .orElse(null))
        .hyperParameterTuningJobStatus(job.state().status())
        .creationTime(job.createdAt())
        .hyperParameterTuningEndTime(job.endedAt().orElse(null))
        .lastModifiedTime(job.modifiedAt())
        .trainingJobStatusCounters(statuses(all))
        .objectiveStatusCounters(objectives(all))
        .bestTrainingJob(Progress.best(job, all).map(best -> summary(job, best)).orElse(null))
        .overallBestTrainingJob(jobs.overallBest(job, all).map(best -> summary(best.job(), best.trial()).toBuilder()
            .tuningJobName(best.job().name()).build()).orElse(null))
        .warmStartConfig(job.request().warmStartConfig())
        .autotune(job.request().autotune())
        .failureReason(job.failureReason().orElse(null))
        .tuningJobCompletionDetails(HyperParameterTuningJobCompletionDetails.builder()
            .numberOfTrainingJobsObjectiveNotImproving(jobs.notImproving(job, all))
            .convergenceDetectedTime(job.convergedAt().orElse(null)).build())
        .consumedResources(HyperParameterTuningJobConsumedResources.builder().runtimeInSeconds(
            Math.toIntExact(Math.max(0, Duration.between(job.createdAt(), until).toSeconds()))).build());
    if (!job.request().trainingJobDefinitions().isEmpty()) {
      answer.trainingJobDefinitions(job.request().trainingJobDefinitions().stream().map(TuningApi::shown).toList());
    }
    return answer.build();
  }

  /** The SDK asks for a HyperParameterTuningResourceConfig and reads one type of instance back as a ResourceConfig. */
  private static HyperParameterTrainingJobDefinition shown(HyperParameterTrainingJobDefinition definition) {
    HyperParameterTuningResourceConfig own = definition.hyperParameterTuningResourceConfig();
    return own == null || own.instanceType() == null ? definition
        : definition.toBuilder().resourceConfig(TrialRequest.single(own)).build();
  }

  private static TrainingJobStatusCounters statuses(List<Trial> all) {
    Predicate<Trial> failed = trial -> trial.status().equals("Failed");
    return TrainingJobStatusCounters.builder()
        .completed(count(all, trial -> trial.status().equals("Completed")))
        .inProgress(count(all, trial -> !trial.ended()))
        .retryableError(count(all, failed.and(Trial::failedByPlatform)))
        .nonRetryableError(count(all, failed.and(trial -> !trial.failedByPlatform())))
        .stopped(count(all, trial -> trial.status().equals("Stopped"))).build();
  }

  private static ObjectiveStatusCounters objectives(List<Trial> all) {
    return ObjectiveStatusCounters.builder()
        .succeeded(count(all, Trial::scored))
        .pending(count(all, trial -> trial.objectiveStatus().equals(Trial.PENDING)))
        .failed(count(all, trial -> trial.objectiveStatus().equals(Trial.NO_OBJECTIVE))).build();
  }

  private static int count(List<Trial> all, Predicate<Trial> which) {
    return (int) all.stream().filter(which).count();
  }

  private static HyperParameterTrainingJobSummary summary(TuningJob job, Trial trial) {
    HyperParameterTuningJobObjective objective = job.objective(trial.definition());
    return HyperParameterTrainingJobSummary.builder()
        .trainingJobDefinitionName(job.definitions().get(trial.definition()).definitionName())
        .trainingJobName(trial.name())
        .trainingJobArn(Trial.arn(job, trial.name()).toString())
        .creationTime(trial.createdAt())
        .trainingStartTime(trial.startedAt().orElse(null))
        .trainingEndTime(trial.endedAt().orElse(null))
        .trainingJobStatus(trial.status())
        .tunedHyperParameters(trial.tuned())
        .failureReason(trial.failureReason().orElse(null))
        .finalHyperParameterTuningJobObjectiveMetric(!trial.scored() ? null
            : FinalHyperParameterTuningJobObjectiveMetric.builder().type(objective.type())
                .metricName(objective.metricName()).value((float) trial.objective()).build())
        .objectiveStatus(trial.objectiveStatus())
        .build();
  }

  ListHyperParameterTuningJobsResponse listHyperParameterTuningJobs(Caller caller,
      ListHyperParameterTuningJobsRequest request) {
    Page<TuningJob> page = jobs.list(caller, request);
    return ListHyperParameterTuningJobsResponse.builder()
        .hyperParameterTuningJobSummaries(page.items().stream().map(this::summary).toList())
        .nextToken(page.nextToken().orElse(null)).build();
  }

  private HyperParameterTuningJobSummary summary(TuningJob job) {
    List<Trial> all = jobs.trials(job);
    return HyperParameterTuningJobSummary.builder()
        .hyperParameterTuningJobName(job.name())
        .hyperParameterTuningJobArn(job.arn().toString())
        .hyperParameterTuningJobStatus(job.state().status())
        .strategy(job.strategy())
        .creationTime(job.createdAt())
        .hyperParameterTuningEndTime(job.endedAt().orElse(null))
        .lastModifiedTime(job.modifiedAt())
        .trainingJobStatusCounters(statuses(all))
        .objectiveStatusCounters(objectives(all))
        .resourceLimits(job.config().resourceLimits()).build();
  }

  NoOutput stopHyperParameterTuningJob(Caller caller, StopHyperParameterTuningJobRequest request) {
    jobs.stop(caller, request.hyperParameterTuningJobName());
    return new NoOutput();
  }

  NoOutput deleteHyperParameterTuningJob(Caller caller, DeleteHyperParameterTuningJobRequest request) {
    jobs.delete(caller, request.hyperParameterTuningJobName());
    return new NoOutput();
  }

  ListTrainingJobsForHyperParameterTuningJobResponse listTrainingJobsForHyperParameterTuningJob(Caller caller,
      ListTrainingJobsForHyperParameterTuningJobRequest request) {
    TuningJob job = jobs.require(caller, request.hyperParameterTuningJobName());
    Page<Trial> page = jobs.trials(job, request);
    return ListTrainingJobsForHyperParameterTuningJobResponse.builder()
        .trainingJobSummaries(page.items().stream().map(trial -> summary(job, trial)).toList())
        .nextToken(page.nextToken().orElse(null)).build();
  }
}
