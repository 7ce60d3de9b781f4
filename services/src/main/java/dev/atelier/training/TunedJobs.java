package dev.atelier.training;

import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.MetricDefinition;
import dev.atelier.training.TrainingJobStore.Change;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Training jobs that a tuning job asks for, by the role that was passed to it. */
public final class TunedJobs {
  private final TrainingJobStore store;
  private final TrainingJobs jobs;
  private final TrainingRuns runs;
  private final JobRoles roles;
  private final Watches watches;

  TunedJobs(TrainingJobStore store, TrainingJobs jobs, TrainingRuns runs, JobRoles roles, Watches watches) {
    this.store = store;
    this.jobs = jobs;
    this.runs = runs;
    this.roles = roles;
    this.watches = watches;
  }

  /**
   * A training job as it stands.
   *
   * @param status TrainingJobStatus
   * @param finalMetrics the last value of every metric, once it has ended
   */
  public record Standing(String status, boolean ended, Optional<String> failureReason, Instant createdAt,
      Optional<Instant> startedAt, Optional<Instant> endedAt, List<MetricScanner.Found> finalMetrics) {}

  public void watch(TrainingWatch watch) {
    watches.add(watch);
  }

  /** The metrics that a training job would define: the request's, or those of its built-in algorithm. */
  public List<MetricDefinition> metrics(CreateTrainingJobRequest request) {
    return jobs.withMetrics(request).algorithmSpecification().metricDefinitions();
  }

  /** Throws what CreateTrainingJob would answer to a request of the role's that the caller passes. */
  public void requireAcceptable(Caller caller, CreateTrainingJobRequest request) {
    jobs.requireRole(caller, request.roleArn());
    runs.checkInput(jobs.accepted(
        roles.caller(request.roleArn(), caller.region(), request.trainingJobName()), request));
  }

  /**
   * Creates a training job unless it is there: asking again, as a server does after a kill, changes nothing.
   *
   * @param askedBy the ARN of the identity that asked for the tuning job, who shares capacity with others
   * @throws Fault what CreateTrainingJob answers, such as that the name is taken by a job of somebody else
   */
  public void begin(Arn tuningJob, String askedBy, CreateTrainingJobRequest request, Map<String, String> tags) {
    Caller caller = roles.caller(request.roleArn(), new Region(tuningJob.region()), request.trainingJobName());
    try {
      jobs.create(caller, jobs.accepted(caller, request).tunedBy(tuningJob, askedBy), tags);
    } catch (Fault refused) {
      boolean own = store.find(caller.account(), caller.region(), request.trainingJobName())
          .flatMap(TrainingJob::tuningJob).filter(tuningJob::equals).isPresent();
      if (!refused.code().equals("ResourceInUse") || !own) {
        throw refused;
      }
    }
  }

  /** A training job of the tuning job, unless it was deleted. */
  public Optional<Standing> find(Arn tuningJob, Arn trainingJob) {
    return store.find(trainingJob.toString()).filter(job -> job.tuningJob().filter(tuningJob::equals).isPresent())
        .map(job -> new Standing(job.state().status(), job.state().ended(), job.failureReason(), job.createdAt(),
            job.startedAt(), job.endedAt(), job.finalMetrics()));
  }

  /** Asks a training job to stop; one that stops, or has ended, is left to it. */
  public void stop(Arn trainingJob) {
    runs.happened(trainingJob, TrainingEvent.STOP, Change.NONE);
  }
}
