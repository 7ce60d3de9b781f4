package dev.atelier.tuning;

import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.operation.OperationTable;
import dev.atelier.search.Searchable;
import dev.atelier.search.TableSearch;
import dev.atelier.training.TunedJobs;
import java.util.function.Consumer;

/** Hyperparameter tuning, assembled. */
public final class TuningFeature implements AutoCloseable {
  private final TuningStore store;
  private final TuningRuns runs;
  private final Searchable searchable;

  /** Builds the feature and registers its operations; nothing runs before {@link #resume}. */
  public TuningFeature(JobPlatform platform, TunedJobs training, OperationTable table) {
    store = new TuningStore(platform.metadata(), platform.tags());
    TrialStore trials = new TrialStore(platform.metadata());
    WarmStart warmStart = new WarmStart(store, trials);
    runs = new TuningRuns(store, trials, training, new Choices(warmStart), platform.capacity(), platform.clock());
    training.watch(runs);
    TuningJobs jobs = new TuningJobs(store, trials, training, warmStart, runs, platform.capacity(), platform.clock());
    TuningApi api = new TuningApi(jobs, platform.clock());
    api.register(table);
    searchable = new TableSearch(platform.metadata(), platform.tags(), "HyperParameterTuningJob",
        "HyperParameterTuningJobArn", "tuning_job", "hyper-parameter-tuning-job/",
        caller -> (arn, tags) -> store.find(arn).map(job -> api.searched(job, tags)));
  }

  /** Tuning jobs as Search finds them. */
  public Searchable searchable() {
    return searchable;
  }

  /** @param budget is asked with a tuning job before each of its training jobs, and throws the Fault that ends it */
  public void budget(Consumer<Arn> budget) {
    runs.budget(budget);
  }

  /** Takes up the jobs that have not ended, after training has taken up its own. */
  public void resume() {
    runs.resume();
  }

  /** Whether a tuning job of this ARN exists. */
  public boolean exists(Arn arn) {
    return arn.resource().startsWith("hyper-parameter-tuning-job/") && store.find(arn).isPresent();
  }

  @Override
  public void close() {
    runs.close();
  }
}
