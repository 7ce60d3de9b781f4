package dev.atelier.notebook;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a notebook instance stands. */
enum NotebookState {
  /** Its program is being started. */
  PENDING("Pending"),
  /** Its program answers. */
  IN_SERVICE("InService"),
  /** Its program is being ended. */
  STOPPING("Stopping"),
  /** Nothing runs; its volume is kept. */
  STOPPED("Stopped"),
  /** It could not be started, or ended by itself; its volume is kept. */
  FAILED("Failed"),
  /** A change is being made to hold. */
  UPDATING("Updating"),
  /** It is being removed with its volume; its row goes last. */
  DELETING("Deleting");

  private static final Map<NotebookState, Map<NotebookEvent, NotebookState>> TRANSITIONS = Map.of(
      PENDING, Map.of(
          NotebookEvent.STARTED, IN_SERVICE,
          NotebookEvent.BROKEN, FAILED),
      IN_SERVICE, Map.of(
          NotebookEvent.BROKEN, FAILED,
          NotebookEvent.STOP, STOPPING),
      STOPPING, Map.of(NotebookEvent.HALTED, STOPPED),
      STOPPED, Map.of(
          NotebookEvent.START, PENDING,
          NotebookEvent.UPDATE, UPDATING,
          NotebookEvent.DELETE, DELETING),
      FAILED, Map.of(
          NotebookEvent.START, PENDING,
          NotebookEvent.UPDATE, UPDATING,
          NotebookEvent.DELETE, DELETING),
      UPDATING, Map.of(NotebookEvent.UPDATED, STOPPED));

  private final String status;

  NotebookState(String status) {
    this.status = status;
  }

  /** NotebookInstanceStatus as the API shows it. */
  String status() {
    return status;
  }

  /** The state after an event; empty when the event means nothing here. */
  Optional<NotebookState> after(NotebookEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }

  /** The statuses in which an event means something. */
  static List<String> before(NotebookEvent event) {
    return Arrays.stream(values()).filter(state -> state.after(event).isPresent()).map(NotebookState::status).toList();
  }
}
