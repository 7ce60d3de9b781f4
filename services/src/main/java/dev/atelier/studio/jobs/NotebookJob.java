package dev.atelier.studio.jobs;

import dev.atelier.kernel.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * One run of a notebook.
 *
 * @param owner the ARN of the profile or space that it is for
 * @param definition the id of what it is a run of; empty when somebody began it
 * @param trainingJob the name of the training job that does the work
 * @param reason why it failed; empty otherwise
 */
public record NotebookJob(String id, Arn owner, String definition, Work work, String trainingJob, Status status,
    String reason, Instant createdAt, Optional<Instant> startedAt, Optional<Instant> endedAt) {

  /** How far a run is. */
  public enum Status {
    /** Its training job is still to be asked for. */
    PENDING("In progress"),
    IN_PROGRESS("In progress"),
    COMPLETED("Completed"),
    FAILED("Failed"),
    STOPPED("Stopped");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    /** What people read. */
    public String words() {
      return words;
    }

    boolean ended() {
      return this != PENDING && this != IN_PROGRESS;
    }
  }

  /** A new one. */
  static NotebookJob fresh(String id, Arn owner, String definition, Work work, Instant now) {
    // within the 63 characters of a training job's name
    String name = work.name().substring(0, Math.min(work.name().length(), 63 - id.length() - 1)).replaceAll("-+$", "");
    return new NotebookJob(id, owner, definition, work, name + "-" + id, Status.PENDING, "", now, Optional.empty(),
        Optional.empty());
  }

  /** The same as it stands now. */
  NotebookJob at(Status now, String why, Optional<Instant> started, Optional<Instant> ended) {
    return new NotebookJob(id, owner, definition, work, trainingJob, now, why, createdAt, started, ended);
  }

  /** The file name of the notebook with its outputs. */
  public String result() {
    return work.notebook().replaceAll("\\.ipynb$", "") + "-" + id + ".ipynb";
  }

  /** The file name of the log. */
  public String log() {
    return result().replaceAll("ipynb$", "log");
  }
}
