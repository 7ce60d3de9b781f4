package dev.atelier.tuning;

import java.util.Map;
import java.util.Optional;

/** Where a tuning job stands. Ended states absorb every event. */
enum TuningState {
  /** Trials are chosen and run. */
  RUNNING("InProgress"),
  /** A completion criterion is met; what still runs is stopped. */
  FINISHING("InProgress"),
  /** It cannot go on; what still runs is stopped. */
  FAILING("InProgress"),
  /** A user stopped it; what still runs is stopped. */
  STOPPING("Stopping"),
  COMPLETED("Completed"),
  FAILED("Failed"),
  STOPPED("Stopped");

  private static final Map<TuningState, Map<TuningEvent, TuningState>> TRANSITIONS = Map.of(
      RUNNING, Map.of(
          TuningEvent.FINISH, FINISHING,
          TuningEvent.BREAK, FAILING,
          TuningEvent.STOP, STOPPING),
      FINISHING, Map.of(
          TuningEvent.STOP, STOPPING,
          TuningEvent.DRAINED, COMPLETED),
      FAILING, Map.of(
          TuningEvent.STOP, STOPPING,
          TuningEvent.DRAINED, FAILED),
      STOPPING, Map.of(TuningEvent.DRAINED, STOPPED));

  private final String status;

  TuningState(String status) {
    this.status = status;
  }

  /** HyperParameterTuningJobStatus as the API shows it. */
  String status() {
    return status;
  }

  boolean ended() {
    return !TRANSITIONS.containsKey(this);
  }

  /** The state after an event; empty when the event means nothing here, as a losing race does. */
  Optional<TuningState> after(TuningEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }
}
