package dev.atelier.notebook;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Programs;
import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import java.util.Locale;
import java.util.function.Function;

/** Notebook instances, as those who enter them see them: nobody starts one by entering. */
final class NotebookAccess implements Programs {
  private final NotebookStore store;
  private final NotebookRuns runs;
  private final ComputeBackend backend;
  private final Function<WorkloadId, String> tokens;

  NotebookAccess(NotebookStore store, NotebookRuns runs, ComputeBackend backend, Function<WorkloadId, String> tokens) {
    this.store = store;
    this.runs = runs;
    this.backend = backend;
    this.tokens = tokens;
  }

  @Override
  public boolean are(Arn arn) {
    return NotebookWorkload.isOf(arn);
  }

  @Override
  public void entered(Arn arn) {}

  @Override
  public Standing standing(Arn arn) {
    return store.find(arn).<Standing>map(notebook -> switch (notebook.state()) {
      case PENDING -> new Standing.Starting(runs.phase(notebook));
      case IN_SERVICE -> {
        WorkloadId id = NotebookWorkload.id(notebook);
        yield new Standing.Ready(arn, backend.serviceSocket(id, NotebookWorkload.HOST), tokens.apply(id));
      }
      case FAILED -> new Standing.Ended(
          notebook.failureReason().orElse("The notebook instance could not be started."));
      case STOPPING, STOPPED, UPDATING, DELETING -> new Standing.Ended(
          "The notebook instance is " + notebook.state().status().toLowerCase(Locale.ROOT) + ". Start it first.");
    }).orElseGet(() -> new Standing.Ended("The notebook instance was deleted."));
  }
}
