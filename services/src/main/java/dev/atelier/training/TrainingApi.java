package dev.atelier.training;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.CreateTrainingJobResponse;
import dev.atelier.models.sagemaker.DeleteTrainingJobRequest;
import dev.atelier.models.sagemaker.DescribeTrainingJobRequest;
import dev.atelier.models.sagemaker.DescribeTrainingJobResponse;
import dev.atelier.models.sagemaker.ListTrainingJobsRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsResponse;
import dev.atelier.models.sagemaker.MetricData;
import dev.atelier.models.sagemaker.ModelArtifacts;
import dev.atelier.models.sagemaker.OutputDataConfig;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.SecondaryStatusTransition;
import dev.atelier.models.sagemaker.StopTrainingJobRequest;
import dev.atelier.models.sagemaker.TrainingJobSummary;
import dev.atelier.models.sagemaker.UpdateTrainingJobRequest;
import dev.atelier.models.sagemaker.UpdateTrainingJobResponse;
import dev.atelier.models.sagemaker.WarmPoolStatus;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operations on training jobs. */
final class TrainingApi {
  private final TrainingJobs jobs;
  private final SpotMarket spot;

  TrainingApi(TrainingJobs jobs, SpotMarket spot) {
    this.jobs = jobs;
    this.spot = spot;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createTrainingJob(), this::createTrainingJob)
        .on(SageMakerOperations.describeTrainingJob(), this::describeTrainingJob)
        .on(SageMakerOperations.listTrainingJobs(), this::listTrainingJobs)
        .on(SageMakerOperations.stopTrainingJob(), this::stopTrainingJob)
        .on(SageMakerOperations.updateTrainingJob(), this::updateTrainingJob)
        .on(SageMakerOperations.deleteTrainingJob(), this::deleteTrainingJob);
  }

  CreateTrainingJobResponse createTrainingJob(Caller caller, CreateTrainingJobRequest request) {
    return CreateTrainingJobResponse.builder()
        .trainingJobArn(jobs.create(caller, request, TagRules.of(request.tags())).toString())
        .build();
  }

  /** The request's own members are shown as they were accepted; the status is put beside them. */
  DescribeTrainingJobResponse describeTrainingJob(Caller caller, DescribeTrainingJobRequest request) {
    return described(jobs.require(caller, request.trainingJobName()));
  }

  /** As Search shows it. */
  Map<String, Object> searched(TrainingJob job, List<Map<String, String>> tags) {
    Map<String, Object> resource = new HashMap<>(described(job).toDocument());
    resource.put("Tags", tags);
    return resource;
  }

  private DescribeTrainingJobResponse described(TrainingJob job) {
    Map<String, Object> accepted = new HashMap<>(job.request().toDocument());
    DescribeTrainingJobResponse.Builder answer = DescribeTrainingJobResponse.fromDocument(accepted).toBuilder()
        .trainingJobArn(job.arn().toString())
        .outputDataConfig(output(job.request().outputDataConfig()))
        .tuningJobArn(job.tuningJob().map(Arn::toString).orElse(null))
        .modelArtifacts(ModelArtifacts.builder().s3ModelArtifacts(job.modelArtifacts().orElseGet(
            () -> TrainingOutput.model(job).toString())).build())
        .trainingJobStatus(job.state().status())
        .secondaryStatus(job.state().secondaryStatus())
        .warmPoolStatus(job.pool().map(TrainingApi::wire).orElse(null))
        .failureReason(job.failureReason().orElse(null))
        .creationTime(job.createdAt())
        .lastModifiedTime(job.modifiedAt())
        .trainingStartTime(job.startedAt().orElse(null))
        .secondaryStatusTransitions(jobs.transitions(job).stream().map(TrainingApi::wire).toList())
        .finalMetricDataList(job.finalMetrics().stream().map(metric -> MetricData.builder()
            .metricName(metric.name()).value((float) metric.value()).timestamp(metric.at()).build()).toList());
    if (job.state().ended()) {
      answer.trainingEndTime(job.endedAt().orElse(null));
      job.startedAt().ifPresent(started -> {
        int seconds = Math.toIntExact(Math.max(1, job.attempts().ranBefore().toSeconds()));
        answer.trainingTimeInSeconds(seconds)
            .billableTimeInSeconds(job.onSpot() ? spot.billable(seconds) : seconds);
      });
    }
    return answer.build();
  }

  private static WarmPoolStatus wire(WarmPool pool) {
    return WarmPoolStatus.builder().status(pool.state().toString())
        .resourceRetainedBillableTimeInSeconds(pool.retained().isZero() ? null
            : Math.toIntExact(pool.retained().toSeconds()))
        .reusedByJob(pool.reusedBy().orElse(null)).build();
  }

  /** SageMaker shows the key even where there is none, and its SDK reads it without asking. */
  private static OutputDataConfig output(OutputDataConfig accepted) {
    return accepted.kmsKeyId() == null ? accepted.toBuilder().kmsKeyId("").build() : accepted;
  }

  private static SecondaryStatusTransition wire(TrainingJobStore.Transition transition) {
    return SecondaryStatusTransition.builder()
        .status(transition.secondaryStatus())
        .startTime(transition.startedAt())
        .endTime(transition.endedAt().orElse(null))
        .statusMessage(transition.message())
        .build();
  }

  ListTrainingJobsResponse listTrainingJobs(Caller caller, ListTrainingJobsRequest request) {
    Page<TrainingJob> page = jobs.list(caller, request);
    List<TrainingJobSummary> summaries = page.items().stream().map(job -> TrainingJobSummary.builder()
        .trainingJobName(job.name())
        .trainingJobArn(job.arn().toString())
        .creationTime(job.createdAt())
        .trainingEndTime(job.endedAt().orElse(null))
        .lastModifiedTime(job.modifiedAt())
        .trainingJobStatus(job.state().status())
        .secondaryStatus(job.state().secondaryStatus())
        .warmPoolStatus(job.pool().map(TrainingApi::wire).orElse(null))
        .build()).toList();
    return ListTrainingJobsResponse.builder()
        .trainingJobSummaries(summaries)
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput stopTrainingJob(Caller caller, StopTrainingJobRequest request) {
    jobs.stop(caller, request.trainingJobName());
    return new NoOutput();
  }

  UpdateTrainingJobResponse updateTrainingJob(Caller caller, UpdateTrainingJobRequest request) {
    return UpdateTrainingJobResponse.builder().trainingJobArn(jobs.update(caller, request).toString()).build();
  }

  NoOutput deleteTrainingJob(Caller caller, DeleteTrainingJobRequest request) {
    jobs.delete(caller, request.trainingJobName());
    return new NoOutput();
  }
}
