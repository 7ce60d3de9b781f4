package dev.atelier.processing;

import dev.atelier.kernel.Caller;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.models.sagemaker.CreateProcessingJobResponse;
import dev.atelier.models.sagemaker.DeleteProcessingJobRequest;
import dev.atelier.models.sagemaker.DescribeProcessingJobRequest;
import dev.atelier.models.sagemaker.DescribeProcessingJobResponse;
import dev.atelier.models.sagemaker.ListProcessingJobsRequest;
import dev.atelier.models.sagemaker.ListProcessingJobsResponse;
import dev.atelier.models.sagemaker.ProcessingJobSummary;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.StopProcessingJobRequest;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;

/** The operations on processing jobs. */
final class ProcessingApi {
  private final ProcessingJobs jobs;

  ProcessingApi(ProcessingJobs jobs) {
    this.jobs = jobs;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createProcessingJob(), this::createProcessingJob)
        .on(SageMakerOperations.describeProcessingJob(), this::describeProcessingJob)
        .on(SageMakerOperations.listProcessingJobs(), this::listProcessingJobs)
        .on(SageMakerOperations.stopProcessingJob(), this::stopProcessingJob)
        .on(SageMakerOperations.deleteProcessingJob(), this::deleteProcessingJob);
  }

  CreateProcessingJobResponse createProcessingJob(Caller caller, CreateProcessingJobRequest request) {
    return CreateProcessingJobResponse.builder()
        .processingJobArn(jobs.create(caller, request, TagRules.of(request.tags())).toString())
        .build();
  }

  /** The request's own members are shown as they were accepted; the status is put beside them. */
  DescribeProcessingJobResponse describeProcessingJob(Caller caller, DescribeProcessingJobRequest request) {
    ProcessingJob job = jobs.require(caller, request.processingJobName());
    boolean ended = job.state().ended();
    return DescribeProcessingJobResponse.fromDocument(job.request().toDocument()).toBuilder()
        .processingJobArn(job.arn().toString())
        .processingJobStatus(job.state().status())
        .exitMessage(job.exitMessage().filter(message -> ended).orElse(null))
        .failureReason(job.failureReason().filter(reason -> ended).orElse(null))
        .creationTime(job.createdAt())
        .lastModifiedTime(job.modifiedAt())
        .processingStartTime(job.startedAt().orElse(null))
        .processingEndTime(job.endedAt().orElse(null))
        .build();
  }

  ListProcessingJobsResponse listProcessingJobs(Caller caller, ListProcessingJobsRequest request) {
    Page<ProcessingJob> page = jobs.list(caller, request);
    return ListProcessingJobsResponse.builder()
        .processingJobSummaries(page.items().stream().map(ProcessingApi::summary).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static ProcessingJobSummary summary(ProcessingJob job) {
    boolean ended = job.state().ended();
    return ProcessingJobSummary.builder()
        .processingJobName(job.name())
        .processingJobArn(job.arn().toString())
        .creationTime(job.createdAt())
        .processingEndTime(job.endedAt().orElse(null))
        .lastModifiedTime(job.modifiedAt())
        .processingJobStatus(job.state().status())
        .failureReason(job.failureReason().filter(reason -> ended).orElse(null))
        .exitMessage(job.exitMessage().filter(message -> ended).orElse(null))
        .build();
  }

  NoOutput stopProcessingJob(Caller caller, StopProcessingJobRequest request) {
    jobs.stop(caller, request.processingJobName());
    return new NoOutput();
  }

  NoOutput deleteProcessingJob(Caller caller, DeleteProcessingJobRequest request) {
    jobs.delete(caller, request.processingJobName());
    return new NoOutput();
  }
}
