package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import java.util.Optional;

/** Moves apps from state to state: decided on what is stored, written once, acted on after the commit. */
final class Apps {
  private final AppStore store;
  private final AppRuns runs;

  Apps(AppStore store, AppRuns runs) {
    this.store = store;
    this.runs = runs;
  }

  /**
   * Applies an event to an app.
   *
   * @param attempt the attempt that it happened to; another one is left alone
   * @return whether it meant anything
   */
  boolean happened(Arn arn, int attempt, AppEvent event, Optional<String> failure) {
    while (true) {
      Optional<App> app = store.find(arn).filter(present -> present.attempt() == attempt);
      Optional<AppState> next = app.flatMap(present -> present.state().after(event));
      if (next.isEmpty()) {
        return false;
      }
      if (store.apply(app.get(), next.get(), failure)) {
        store.find(arn).ifPresent(runs::act);
        return true;
      }
    }
  }
}
