package dev.atelier.processing;

import java.util.Map;
import java.util.Optional;

/** Where a processing job stands. Ended states absorb every event. */
enum ProcessingState {
  /** Waiting for capacity, or its image is being made ready. */
  STARTING("InProgress"),
  /** Inputs are being staged and the hosts started. */
  DOWNLOADING("InProgress"),
  /** The program runs. */
  RUNNING("InProgress"),
  /** The program ended well; its outputs are being stored. */
  UPLOADING("InProgress"),
  /** The program failed; what it told of that, and what it stored as it went, is being collected. */
  UPLOADING_FAILED("InProgress"),
  /** A user stopped the job; the program has been told. */
  STOPPING("Stopping"),
  /** The stopped program ended; its outputs are being stored. */
  UPLOADING_STOPPED("Stopping"),
  /** The longest run time has passed; the program has been told. */
  EXPIRING("Stopping"),
  /** The expired program ended; its outputs are being stored. */
  UPLOADING_EXPIRED("Stopping"),
  COMPLETED("Completed"),
  FAILED("Failed"),
  STOPPED("Stopped"),
  /** Stopped because it ran too long, which its reason says. */
  EXPIRED("Stopped");

  private static final Map<ProcessingState, Map<ProcessingEvent, ProcessingState>> TRANSITIONS = Map.of(
      STARTING, Map.of(
          ProcessingEvent.PREPARED, DOWNLOADING,
          ProcessingEvent.STOP, STOPPED,
          ProcessingEvent.BROKEN, FAILED),
      DOWNLOADING, Map.of(
          ProcessingEvent.STARTED, RUNNING,
          ProcessingEvent.EXITED_WELL, UPLOADING,
          ProcessingEvent.EXITED_BADLY, UPLOADING_FAILED,
          ProcessingEvent.STOP, STOPPING,
          ProcessingEvent.BROKEN, FAILED),
      RUNNING, Map.of(
          ProcessingEvent.EXITED_WELL, UPLOADING,
          ProcessingEvent.EXITED_BADLY, UPLOADING_FAILED,
          ProcessingEvent.STOP, STOPPING,
          ProcessingEvent.EXPIRE, EXPIRING,
          ProcessingEvent.BROKEN, FAILED),
      UPLOADING, Map.of(ProcessingEvent.COLLECTED, COMPLETED, ProcessingEvent.BROKEN, FAILED),
      UPLOADING_FAILED, Map.of(ProcessingEvent.COLLECTED, FAILED, ProcessingEvent.BROKEN, FAILED),
      STOPPING, Map.of(
          ProcessingEvent.NEVER_STARTED, STOPPED,
          ProcessingEvent.EXITED_WELL, UPLOADING_STOPPED,
          ProcessingEvent.EXITED_BADLY, UPLOADING_STOPPED,
          ProcessingEvent.BROKEN, STOPPED),
      UPLOADING_STOPPED, Map.of(ProcessingEvent.COLLECTED, STOPPED, ProcessingEvent.BROKEN, STOPPED),
      EXPIRING, Map.of(
          ProcessingEvent.NEVER_STARTED, EXPIRED,
          ProcessingEvent.EXITED_WELL, UPLOADING_EXPIRED,
          ProcessingEvent.EXITED_BADLY, UPLOADING_EXPIRED,
          ProcessingEvent.BROKEN, EXPIRED),
      UPLOADING_EXPIRED, Map.of(ProcessingEvent.COLLECTED, EXPIRED, ProcessingEvent.BROKEN, EXPIRED));

  private final String status;

  ProcessingState(String status) {
    this.status = status;
  }

  /** ProcessingJobStatus as the API shows it. */
  String status() {
    return status;
  }

  boolean ended() {
    return !TRANSITIONS.containsKey(this);
  }

  /** The state after an event; empty when the event means nothing here, as a losing race does. */
  Optional<ProcessingState> after(ProcessingEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }
}
