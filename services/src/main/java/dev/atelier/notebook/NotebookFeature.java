package dev.atelier.notebook;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Entries;
import dev.atelier.entry.Programs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.operation.OperationTable;
import dev.atelier.studio.NotebookChoices;
import dev.atelier.usage.Use;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Notebook instances, assembled. */
public final class NotebookFeature implements AutoCloseable {
  private final NotebookStore store;
  private final NotebookRuns runs;
  private final NotebookAccess access;

  /**
   * Builds the feature and registers its operations; nothing runs before {@link #resume}.
   *
   * @param entries who may enter notebook instances
   * @param tokens what programs take as proof that a request may pass; the same after a restart
   * @param origins the origin of the host that begins with a label
   */
  public NotebookFeature(JobPlatform platform, OperationTable table, Entries entries,
      Function<WorkloadId, String> tokens, UnaryOperator<String> origins) {
    store = new NotebookStore(platform.metadata(), platform.tags(), platform.clock());
    NotebookChoices choices = new NotebookChoices(platform.metadata(), platform.tags(), platform.clock());
    runs = new NotebookRuns(platform, store, choices, tokens);
    new NotebookApi(store, runs, new NotebookRules(platform.sessions(), choices), choices, entries, origins)
        .register(table);
    access = new NotebookAccess(store, runs, platform.backend(), tokens);
  }

  /** Counts the capacity of what still runs, as every feature must before any of them {@link #resume}s. */
  public void adopt() {
    runs.adopt();
  }

  /** Takes up the notebook instances. */
  public void resume() {
    runs.resume();
  }

  /** Takes in what the backend tells of a host. */
  public void observed(WorkloadEvent event) {
    runs.observed(event);
  }

  /** Notebook instances, as those who enter them see them. */
  public Programs access() {
    return access;
  }

  /** Whether a notebook instance of this ARN exists. */
  public boolean exists(Arn arn) {
    return store.find(arn).isPresent();
  }

  /** What a notebook instance uses while it runs. */
  public Optional<Use> use(Arn arn) {
    return store.find(arn).map(notebook -> Use.own("NotebookInstance", arn, notebook.account(), notebook.region(),
        notebook.type().name(), 1));
  }

  @Override
  public void close() {
    runs.close();
  }
}
