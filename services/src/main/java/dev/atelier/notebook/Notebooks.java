package dev.atelier.notebook;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Moves notebook instances from state to state: decided on what is stored, written once, acted on after the commit. */
final class Notebooks {
  private final NotebookStore store;
  private final NotebookRunner runner;

  Notebooks(NotebookStore store, NotebookRunner runner) {
    this.store = store;
    this.runner = runner;
  }

  /** There is no notebook instance of the name; waiters of AWS's clients look for this code. */
  static Fault missing() {
    return Fault.validation("RecordNotFound");
  }

  /**
   * Applies an event that nobody asked for; one that means nothing, or is of another attempt, is passed over.
   *
   * @param failure why, when it is bad news
   */
  void happened(Arn arn, int attempt, NotebookEvent event, Optional<String> failure) {
    while (true) {
      Optional<NotebookInstance> notebook = store.find(arn).filter(present -> present.attempt() == attempt);
      Optional<NotebookState> next = notebook.flatMap(present -> present.state().after(event));
      if (next.isEmpty() || apply(notebook.get(), next.get(), notebook.get().document(), failure)) {
        return;
      }
    }
  }

  /**
   * Applies an event that somebody asked for.
   *
   * @param goal the status that it leads to, for the refusal
   * @throws Fault ValidationException: there is none, or its state does not allow it
   */
  void asked(Arn arn, NotebookEvent event, NotebookState goal, UnaryOperator<Map<String, Object>> document) {
    while (true) {
      NotebookInstance notebook = store.find(arn).orElseThrow(Notebooks::missing);
      NotebookState next = notebook.state().after(event).orElseThrow(() -> refusal(notebook, event, goal));
      if (apply(notebook, next, document.apply(notebook.document()), Optional.empty())) {
        return;
      }
    }
  }

  /** As AWS says it. */
  private static Fault refusal(NotebookInstance notebook, NotebookEvent event, NotebookState goal) {
    return Fault.validation("Status (" + notebook.state().status() + ") not in ("
        + NotebookState.before(event) + "). Unable to transition to (" + goal.status() + ") for Notebook Instance ("
        + notebook.arn() + ").");
  }

  private boolean apply(NotebookInstance notebook, NotebookState next, Map<String, Object> document,
      Optional<String> failure) {
    boolean applied = store.apply(notebook, next, document, failure);
    if (applied) {
      store.find(notebook.arn()).ifPresent(runner::act);
    }
    return applied;
  }
}
