package dev.atelier.processing;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.operation.OperationTable;
import dev.atelier.usage.Use;
import java.util.Optional;

/** Processing, assembled. */
public final class ProcessingFeature implements AutoCloseable {
  private final ProcessingJobStore store;
  private final ProcessingRuns runs;

  /** Builds the feature and registers its operations; nothing runs before {@link #resume}. */
  public ProcessingFeature(JobPlatform platform, OperationTable table) {
    store = new ProcessingJobStore(platform.metadata(), platform.tags());
    runs = new ProcessingRuns(platform, store);
    new ProcessingApi(new ProcessingJobs(store, platform.sessions(), runs, platform.clock())).register(table);
  }

  /** Counts the capacity of what still runs, as every feature must before any of them {@link #resume}s. */
  public void adopt() {
    runs.adopt();
  }

  /** Takes up the jobs that have not ended. */
  public void resume() {
    runs.resume();
  }

  /** Takes in what the backend tells of a host. */
  public void observed(WorkloadEvent event) {
    runs.observed(event);
  }

  private Optional<ProcessingJob> find(Arn arn) {
    return arn.resource().startsWith("processing-job/") ? store.find(arn.toString()) : Optional.empty();
  }

  /** Whether a processing job of this ARN exists. */
  public boolean exists(Arn arn) {
    return find(arn).isPresent();
  }

  /** What a processing job uses while it runs. */
  public Optional<Use> use(Arn arn) {
    return find(arn).map(job -> Use.own("ProcessingJob", job.arn(), job.account(), job.region(), job.type().name(),
        job.hosts()));
  }

  @Override
  public void close() {
    runs.close();
  }
}
