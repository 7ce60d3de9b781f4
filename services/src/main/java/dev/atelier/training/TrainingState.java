package dev.atelier.training;

import java.util.Map;
import java.util.Optional;

/** Where a training job stands. Ended states absorb every event. */
enum TrainingState {
  /** Waiting for capacity, or its image is being made ready. */
  STARTING("InProgress", "Starting"),
  /** Input is being staged and the hosts started. */
  DOWNLOADING("InProgress", "Downloading"),
  /** The program runs. */
  TRAINING("InProgress", "Training"),
  /** The program ended well; what it left is being stored. */
  UPLOADING("InProgress", "Uploading"),
  /** The program failed; what it left is being stored. */
  UPLOADING_FAILED("InProgress", "Uploading"),
  /** A user stopped the job; the program has been told. */
  STOPPING("Stopping", "Stopping"),
  /** The stopped program ended; what it left is being stored. */
  UPLOADING_STOPPED("Stopping", "Uploading"),
  /** The longest run time has passed; the program has been told. */
  EXPIRING("Stopping", "MaxRuntimeExceeded"),
  /** The expired program ended; what it left is being stored. */
  UPLOADING_EXPIRED("Stopping", "Uploading"),
  COMPLETED("Completed", "Completed"),
  FAILED("Failed", "Failed"),
  STOPPED("Stopped", "Stopped"),
  EXPIRED("Stopped", "MaxRuntimeExceeded");

  private static final Map<TrainingState, Map<TrainingEvent, TrainingState>> TRANSITIONS = Map.of(
      STARTING, Map.of(
          TrainingEvent.PREPARED, DOWNLOADING,
          TrainingEvent.STOP, STOPPED,
          TrainingEvent.BROKEN, FAILED),
      DOWNLOADING, Map.of(
          TrainingEvent.STARTED, TRAINING,
          TrainingEvent.EXITED_WELL, UPLOADING,
          TrainingEvent.EXITED_BADLY, UPLOADING_FAILED,
          TrainingEvent.STOP, STOPPING,
          TrainingEvent.BROKEN, FAILED),
      TRAINING, Map.of(
          TrainingEvent.EXITED_WELL, UPLOADING,
          TrainingEvent.EXITED_BADLY, UPLOADING_FAILED,
          TrainingEvent.STOP, STOPPING,
          TrainingEvent.EXPIRE, EXPIRING,
          TrainingEvent.BROKEN, FAILED),
      UPLOADING, Map.of(TrainingEvent.COLLECTED, COMPLETED, TrainingEvent.BROKEN, FAILED),
      UPLOADING_FAILED, Map.of(TrainingEvent.COLLECTED, FAILED, TrainingEvent.BROKEN, FAILED),
      STOPPING, Map.of(
          TrainingEvent.NEVER_STARTED, STOPPED,
          TrainingEvent.EXITED_WELL, UPLOADING_STOPPED,
          TrainingEvent.EXITED_BADLY, UPLOADING_STOPPED,
          TrainingEvent.BROKEN, STOPPED),
      UPLOADING_STOPPED, Map.of(TrainingEvent.COLLECTED, STOPPED, TrainingEvent.BROKEN, STOPPED),
      EXPIRING, Map.of(
          TrainingEvent.EXITED_WELL, UPLOADING_EXPIRED,
          TrainingEvent.EXITED_BADLY, UPLOADING_EXPIRED,
          TrainingEvent.BROKEN, EXPIRED),
      UPLOADING_EXPIRED, Map.of(TrainingEvent.COLLECTED, EXPIRED, TrainingEvent.BROKEN, EXPIRED));

  private final String status;
  private final String secondaryStatus;

  TrainingState(String status, String secondaryStatus) {
    this.status = status;
    this.secondaryStatus = secondaryStatus;
  }

  /** TrainingJobStatus as the API shows it. */
  String status() {
    return status;
  }

  /** SecondaryStatus as the API shows it. */
  String secondaryStatus() {
    return secondaryStatus;
  }

  boolean ended() {
    return !TRANSITIONS.containsKey(this);
  }

  /** The state after an event; empty when the event means nothing here, as a losing race does. */
  Optional<TrainingState> after(TrainingEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }

  /** What people read beside the transition into this state. */
  String message() {
    return switch (this) {
      case STARTING -> "Starting the training job";
      case DOWNLOADING -> "Downloading input data";
      case TRAINING -> "Training image download completed. Training in progress.";
      case UPLOADING, UPLOADING_FAILED, UPLOADING_STOPPED, UPLOADING_EXPIRED -> "Uploading generated training model";
      case STOPPING -> "Stopping the training job";
      case EXPIRING -> "Training job runtime exceeded MaxRuntimeInSeconds provided";
      case COMPLETED -> "Training job completed";
      case FAILED -> "Training job failed";
      case STOPPED -> "Training job stopped";
      case EXPIRED -> "Training job runtime exceeded MaxRuntimeInSeconds provided";
    };
  }
}
