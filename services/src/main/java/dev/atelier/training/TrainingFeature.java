package dev.atelier.training;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.jobs.FileSystems;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.operation.OperationTable;
import dev.atelier.search.Searchable;
import dev.atelier.search.TableSearch;
import dev.atelier.usage.Use;
import java.util.Map;
import java.util.Optional;

/** Training, assembled. */
public final class TrainingFeature implements AutoCloseable {
  private final TrainingJobStore store;
  private final TrainingRuns runs;
  private final TrainingJobs jobs;
  private final TunedJobs tuned;
  private final Searchable searchable;
  private final SpotMarket spot;

  /**
   * What is configured of training.
   *
   * @param spot when spot instances are taken away
   * @param fileSystems what channels can name beside S3
   */
  public record Settings(SpotMarket spot, FileSystems fileSystems) {
    public static final Settings DEFAULT = new Settings(SpotMarket.CALM, new FileSystems(Map.of()));
  }

  /** Builds the feature and registers its operations; nothing runs before {@link #resume}. */
  public TrainingFeature(JobPlatform platform, OperationTable table) {
    this(platform, table, Settings.DEFAULT);
  }

  /** As {@link #TrainingFeature(JobPlatform, OperationTable)}, with what this machine has beside its own disk. */
  public TrainingFeature(JobPlatform platform, OperationTable table, Settings settings) {
    spot = settings.spot();
    store = new TrainingJobStore(platform.metadata(), platform.tags());
    Checkpoints checkpoints = new Checkpoints(platform.backend(), platform.roles(), platform.logs(), store);
    TrainingInput input = new TrainingInput(platform, store, checkpoints, settings.fileSystems());
    TrainingOutput output = new TrainingOutput(platform, checkpoints);
    runs = new TrainingRuns(platform, store, input, output, checkpoints, spot);
    jobs = new TrainingJobs(store, platform.sessions(), runs, platform.images(), platform.clock());
    TrainingApi api = new TrainingApi(jobs, spot);
    api.register(table);
    searchable = new TableSearch(platform.metadata(), platform.tags(), "TrainingJob", "TrainingJobArn", "training_job",
        "training-job/", caller -> (arn, tags) -> store.find(arn.toString()).map(job -> api.searched(job, tags)));
    tuned = new TunedJobs(store, jobs, runs, platform.roles(), output.watches());
  }

  /** Training jobs as Search finds them. */
  public Searchable searchable() {
    return searchable;
  }

  /** The training jobs of hyperparameter tuning jobs. */
  public TunedJobs tuned() {
    return tuned;
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

  /**
   * Takes away the spot instances of a running job, as AWS does when others want them.
   *
   * @throws Fault ValidationException when the job is not on spot instances or has none now
   */
  public void interrupt(Caller caller, String name) {
    jobs.interrupt(caller, name);
  }

  /** Whether a training job of this ARN exists. */
  public boolean exists(Arn arn) {
    return arn.resource().startsWith("training-job/") && store.find(arn.toString()).isPresent();
  }

  /** What a training job uses while it runs. */
  public Optional<Use> use(Arn arn) {
    return store.find(arn.toString()).filter(job -> arn.resource().startsWith("training-job/"))
        .map(job -> Use.own("TrainingJob", job.arn(), job.account(), job.region(), job.cluster().types(), job.hosts())
            .madeBy(job.tuningJob().orElse(job.arn()))
            .at(job.cluster().price().map(price -> job.onSpot() ? spot.price(price) : price)));
  }

  @Override
  public void close() {
    runs.close();
  }
}
