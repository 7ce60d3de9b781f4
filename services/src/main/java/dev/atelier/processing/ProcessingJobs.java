package dev.atelier.processing;

import dev.atelier.identity.Sessions;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.models.sagemaker.ListProcessingJobsRequest;
import dev.atelier.processing.ProcessingJobStore.Change;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** The rules of processing jobs; the only type of the package that other features call. */
public final class ProcessingJobs {
  private final ProcessingJobStore store;
  private final Sessions sessions;
  private final ProcessingRuns runs;
  private final Clock clock;

  ProcessingJobs(ProcessingJobStore store, Sessions sessions, ProcessingRuns runs, Clock clock) {
    this.store = store;
    this.sessions = sessions;
    this.runs = runs;
    this.clock = clock;
  }

  /** Accepts a job: what is wrong with it is said now, as far as AWS does; it starts after this returns. */
  Arn create(Caller caller, CreateProcessingJobRequest wanted, Map<String, String> tags) {
    CreateProcessingJobRequest request = ProcessingRules.withDefaults(wanted);
    ProcessingRules.check(request);
    runs.requireRoom(request.processingResources().clusterConfig().instanceCount());
    sessions.requirePassed(caller, request.roleArn(), "sagemaker.amazonaws.com");
    // SageMaker lower-cases resource names in ARNs while the name keeps its case
    Arn arn = Arn.of("sagemaker", caller.region(), caller.account(),
        "processing-job/" + request.processingJobName().toLowerCase(Locale.ROOT));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ProcessingJob job = ProcessingJob.accepted(arn, caller, request, now);
    if (store.find(caller.account(), caller.region(), job.name()).isPresent()) {
      throw nameTaken(arn);
    }
    runs.check(job);
    if (!store.insert(job, tags)) {
      throw nameTaken(arn);
    }
    runs.act(job);
    return arn;
  }

  private static Fault nameTaken(Arn arn) {
    return Fault.resourceInUse("Job name must be unique within an AWS account and region, "
        + "and a job with this name already exists (" + arn + ")");
  }

  ProcessingJob require(Caller caller, String name) {
    return store.find(caller.account(), caller.region(), name)
        .orElseThrow(() -> Fault.validation("Could not find requested job with name: " + name));
  }

  Page<ProcessingJob> list(Caller caller, ListProcessingJobsRequest request) {
    return store.list(caller, request);
  }

  /** Asks a job to stop; a job that stops already is left to it, one that has ended cannot. */
  void stop(Caller caller, String name) {
    ProcessingJob job = require(caller, name);
    if (job.state().ended()) {
      throw Fault.validation("The request was rejected because the processing job is in status "
          + job.state().status() + ".");
    }
    runs.happened(job, ProcessingEvent.STOP, Change.NONE);
  }

  /** Forgets a job that has ended. */
  void delete(Caller caller, String name) {
    ProcessingJob job = require(caller, name);
    if (!job.state().ended()) {
      throw Fault.resourceInUse("The processing job " + job.arn() + " is in status " + job.state().status()
          + " and cannot be deleted.");
    }
    store.delete(job);
  }
}
