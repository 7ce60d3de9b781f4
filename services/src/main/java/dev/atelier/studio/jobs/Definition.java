package dev.atelier.studio.jobs;

import dev.atelier.identity.SecretToken;
import dev.atelier.kernel.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * A notebook that runs by a schedule.
 *
 * @param active whether it runs; paused otherwise
 * @param begunAt what rates are counted from
 * @param nextAt when it is due next; empty while it is paused, and when it is never due again
 */
public record Definition(String id, Arn owner, Work work, String schedule, boolean active, Instant begunAt,
    Optional<Instant> nextAt, Instant createdAt, Instant modifiedAt) {
  private static final int ID = 12;

  /** What is decided of one that is due: the run, and the definition as it stands after. */
  record Due(NotebookJob run, Definition after) {}

  /** The same, running by a schedule from now on. */
  Definition scheduled(Work itsWork, String itsSchedule, boolean runs, Instant now) {
    return new Definition(id, owner, itsWork, itsSchedule, runs, now,
        runs ? Schedule.parse(itsSchedule).next(now, now) : Optional.empty(), createdAt, now);
  }

  /**
   * Decides whether it runs now. Times that passed while no server ran are made up for by one run: the id of a run is
   * that of the time it was due at, so that none is made twice.
   */
  Optional<Due> decide(Instant now) {
    return nextAt.filter(due -> active && !due.isAfter(now)).map(due -> new Due(
        NotebookJob.fresh(SecretToken.hash(id + " " + due.toEpochMilli()).substring(0, ID), owner, id, work, now),
        new Definition(id, owner, work, schedule, true, begunAt, Schedule.parse(schedule).next(now, begunAt), createdAt,
            modifiedAt)));
  }
}
