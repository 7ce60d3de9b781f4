package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.identity.Sessions;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.operation.OperationTable;
import dev.atelier.runtimes.Images;
import java.time.Clock;

/** Training, assembled. */
public final class TrainingFeature implements AutoCloseable {
  private final TrainingJobStore store;
  private final TrainingRuns runs;

  /** What training needs of the platform. */
  public record Platform(
      MetadataStore metadata,
      TagStore tags,
      Sessions sessions,
      JobRoles roles,
      Images images,
      ComputeBackend backend,
      Capacity capacity,
      StagingArea staging,
      JobLogs logs,
      LogPump pump,
      LiveWorkloads live,
      Clock clock) {}

  /** Builds the feature and registers its operations; nothing runs before {@link #resume}. */
  public TrainingFeature(Platform platform, OperationTable table) {
    store = new TrainingJobStore(platform.metadata(), platform.tags());
    TrainingInput input = new TrainingInput(platform.images(), platform.roles(), platform.staging(), store, platform.logs());
    TrainingOutput output = new TrainingOutput(platform.backend(), platform.roles(), platform.logs());
    runs = new TrainingRuns(platform, store, input, output);
    TrainingJobs jobs = new TrainingJobs(store, platform.sessions(), runs, platform.clock());
    new TrainingApi(jobs).register(table);
  }

  /** Takes up the jobs that have not ended. */
  public void resume() {
    runs.resume();
  }

  /** Takes in what the backend tells of a host. */
  public void observed(WorkloadEvent event) {
    runs.observed(event);
  }

  /** Whether a training job of this ARN exists. */
  public boolean exists(Arn arn) {
    return arn.resource().startsWith("training-job/") && store.find(arn.toString()).isPresent();
  }

  @Override
  public void close() {
    runs.close();
  }
}
