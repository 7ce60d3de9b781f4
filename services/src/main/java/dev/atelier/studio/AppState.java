package dev.atelier.studio;

import java.util.Map;
import java.util.Optional;

/** Where an app stands. */
enum AppState {
  /** Its program is being started. */
  PENDING("Pending"),
  /** Its program answers. */
  IN_SERVICE("InService"),
  /** It could not be started, or ended by itself. */
  FAILED("Failed"),
  /** Its program is being ended. */
  DELETING("Deleting"),
  /** Nothing is left of it but its row, which stays listed for a day. */
  DELETED("Deleted");

  private static final Map<AppState, Map<AppEvent, AppState>> TRANSITIONS = Map.of(
      PENDING, Map.of(
          AppEvent.STARTED, IN_SERVICE,
          AppEvent.BROKEN, FAILED,
          AppEvent.DELETE, DELETING),
      IN_SERVICE, Map.of(
          AppEvent.BROKEN, FAILED,
          AppEvent.DELETE, DELETING),
      FAILED, Map.of(AppEvent.DELETE, DELETING),
      DELETING, Map.of(AppEvent.REMOVED, DELETED));

  private final String status;

  AppState(String status) {
    this.status = status;
  }

  /** Status as the API shows it. */
  String status() {
    return status;
  }

  /** Whether it is over, so that an app of its name can be made anew and its owner can be deleted. */
  boolean ended() {
    return this == FAILED || this == DELETED;
  }

  /** The state after an event; empty when the event means nothing here. */
  Optional<AppState> after(AppEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }
}
