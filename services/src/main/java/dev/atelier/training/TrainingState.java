package dev.atelier.training;

import static dev.atelier.training.TrainingEvent.BROKEN;
import static dev.atelier.training.TrainingEvent.COLLECTED;
import static dev.atelier.training.TrainingEvent.EXITED_BADLY;
import static dev.atelier.training.TrainingEvent.EXITED_WELL;
import static dev.atelier.training.TrainingEvent.EXPIRE;
import static dev.atelier.training.TrainingEvent.INTERRUPT;
import static dev.atelier.training.TrainingEvent.NEVER_STARTED;
import static dev.atelier.training.TrainingEvent.PENDED_OUT;
import static dev.atelier.training.TrainingEvent.PREPARED;
import static dev.atelier.training.TrainingEvent.QUEUED;
import static dev.atelier.training.TrainingEvent.RECLAIMED;
import static dev.atelier.training.TrainingEvent.LOST;
import static dev.atelier.training.TrainingEvent.STARTED;
import static dev.atelier.training.TrainingEvent.STOP;
import static dev.atelier.training.TrainingEvent.WAITED_OUT;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a training job stands. Ended states absorb every event. */
enum TrainingState {
  /** Its image is being made ready. */
  STARTING("InProgress", "Starting"),
  /** Waiting for capacity. */
  PENDING("InProgress", "Pending"),
  /** Input is being staged and the hosts started. */
  DOWNLOADING("InProgress", "Downloading"),
  /** The program runs. */
  TRAINING("InProgress", "Training"),
  /** The program ended well; what it left is being stored. */
  UPLOADING("InProgress", "Uploading"),
  /** The program failed; what it left is being stored. */
  UPLOADING_FAILED("InProgress", "Uploading"),
  /** Its spot instances are taken away; the program has been told. */
  INTERRUPTED("InProgress", "Interrupted"),
  /** The interrupted program ended; its checkpoints are being stored and its hosts removed. */
  RECLAIMING("InProgress", "Interrupted"),
  /** Its hosts were lost; what is left of them is being removed. */
  RESTARTING("InProgress", "Restarting"),
  /** A user stopped the job; the program has been told. */
  STOPPING("Stopping", "Stopping"),
  /** The stopped program ended; what it left is being stored. */
  UPLOADING_STOPPED("Stopping", "Uploading"),
  /** The longest run time has passed; the program has been told. */
  EXPIRING("Stopping", "MaxRuntimeExceeded"),
  /** The expired program ended; what it left is being stored. */
  UPLOADING_EXPIRED("Stopping", "Uploading"),
  /** The longest wait has passed; the program has been told. */
  OVERDUE_STOPPING("Stopping", "MaxWaitTimeExceeded"),
  /** The overdue program ended; what it left is being stored. */
  UPLOADING_OVERDUE("Stopping", "Uploading"),
  COMPLETED("Completed", "Completed"),
  FAILED("Failed", "Failed"),
  STOPPED("Stopped", "Stopped"),
  EXPIRED("Stopped", "MaxRuntimeExceeded"),
  OVERDUE("Stopped", "MaxWaitTimeExceeded");

  private static final Map<TrainingState, Map<TrainingEvent, TrainingState>> TRANSITIONS = Map.ofEntries(
      Map.entry(STARTING, Map.of(QUEUED, PENDING, PREPARED, DOWNLOADING, STOP, STOPPED, WAITED_OUT, OVERDUE,
          PENDED_OUT, STOPPED, BROKEN, FAILED)),
      Map.entry(PENDING, Map.of(PREPARED, DOWNLOADING, STOP, STOPPED, WAITED_OUT, OVERDUE, PENDED_OUT, STOPPED,
          BROKEN, FAILED)),
      Map.entry(DOWNLOADING, Map.of(STARTED, TRAINING, EXITED_WELL, UPLOADING, EXITED_BADLY, UPLOADING_FAILED,
          STOP, STOPPING, INTERRUPT, INTERRUPTED, WAITED_OUT, OVERDUE_STOPPING, LOST, RESTARTING, BROKEN, FAILED)),
      Map.entry(TRAINING, Map.of(EXITED_WELL, UPLOADING, EXITED_BADLY, UPLOADING_FAILED, STOP, STOPPING,
          EXPIRE, EXPIRING, INTERRUPT, INTERRUPTED, WAITED_OUT, OVERDUE_STOPPING, LOST, RESTARTING, BROKEN, FAILED)),
      Map.entry(UPLOADING, Map.of(COLLECTED, COMPLETED, BROKEN, FAILED)),
      Map.entry(UPLOADING_FAILED, Map.of(COLLECTED, FAILED, BROKEN, FAILED)),
      Map.entry(INTERRUPTED, Map.of(NEVER_STARTED, RECLAIMING, EXITED_WELL, RECLAIMING, EXITED_BADLY, RECLAIMING,
          LOST, RECLAIMING, BROKEN, RECLAIMING, STOP, STOPPING, WAITED_OUT, OVERDUE_STOPPING)),
      Map.entry(RECLAIMING, Map.of(RECLAIMED, STARTING, STOP, STOPPED, WAITED_OUT, OVERDUE, BROKEN, FAILED)),
      Map.entry(RESTARTING, Map.of(RECLAIMED, STARTING, STOP, STOPPED, WAITED_OUT, OVERDUE, BROKEN, FAILED)),
      Map.entry(STOPPING, Map.of(NEVER_STARTED, STOPPED, EXITED_WELL, UPLOADING_STOPPED,
          EXITED_BADLY, UPLOADING_STOPPED, LOST, STOPPED, BROKEN, STOPPED)),
      Map.entry(UPLOADING_STOPPED, Map.of(COLLECTED, STOPPED, BROKEN, STOPPED)),
      Map.entry(EXPIRING, Map.of(NEVER_STARTED, EXPIRED, EXITED_WELL, UPLOADING_EXPIRED, EXITED_BADLY, UPLOADING_EXPIRED,
          LOST, EXPIRED, BROKEN, EXPIRED)),
      Map.entry(UPLOADING_EXPIRED, Map.of(COLLECTED, EXPIRED, BROKEN, EXPIRED)),
      Map.entry(OVERDUE_STOPPING, Map.of(NEVER_STARTED, OVERDUE, EXITED_WELL, UPLOADING_OVERDUE,
          EXITED_BADLY, UPLOADING_OVERDUE, LOST, OVERDUE, BROKEN, OVERDUE)),
      Map.entry(UPLOADING_OVERDUE, Map.of(COLLECTED, OVERDUE, BROKEN, OVERDUE)));
  private static final Set<TrainingState> WITHOUT_HOSTS = EnumSet.of(STARTING, PENDING, RECLAIMING, RESTARTING);

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

  /** Whether the job has its hosts, which is what it is billed for. */
  boolean hasHosts() {
    return !ended() && !WITHOUT_HOSTS.contains(this);
  }

  /** Whether the job stands before an attempt. */
  boolean waits() {
    return this == STARTING || this == PENDING;
  }

  /** The state after an event; empty when the event means nothing here, as a losing race does. */
  Optional<TrainingState> after(TrainingEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }

  /** What people read beside the transition into this state. */
  String message() {
    return switch (this) {
      case STARTING -> "Starting the training job";
      case PENDING -> "Waiting for capacity";
      case DOWNLOADING -> "Downloading input data";
      case TRAINING -> "Training image download completed. Training in progress.";
      case UPLOADING, UPLOADING_FAILED, UPLOADING_STOPPED, UPLOADING_EXPIRED, UPLOADING_OVERDUE ->
          "Uploading generated training model";
      case INTERRUPTED, RECLAIMING -> "Training job interrupted: its spot instances were taken away";
      case RESTARTING -> "Restarting the training job after an internal error";
      case STOPPING -> "Stopping the training job";
      case COMPLETED -> "Training job completed";
      case FAILED -> "Training job failed";
      case STOPPED -> "Training job stopped";
      case EXPIRING, EXPIRED -> "Training job runtime exceeded MaxRuntimeInSeconds provided";
      case OVERDUE_STOPPING, OVERDUE -> "Training job waited longer than MaxWaitTimeInSeconds provided";
    };
  }
}
