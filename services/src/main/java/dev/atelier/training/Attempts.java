package dev.atelier.training;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How often and how long a job has run.
 *
 * @param number counts starts of the program from 1; each has a workload of its own
 * @param beganAt when the present attempt began
 * @param runningSince when the present attempt got its hosts; empty while it has none
 * @param ranBefore how long earlier attempts, and this one when it has ended, had hosts
 * @param retries how many of them RetryStrategy granted
 */
record Attempts(int number, Instant beganAt, Optional<Instant> runningSince, Duration ranBefore, int retries) {

  static Attempts first(Instant now) {
    return new Attempts(1, now, Optional.empty(), Duration.ZERO, 0);
  }

  /** How long the job has had hosts, which is its training time. */
  Duration ran(Instant now) {
    return runningSince.map(since -> ranBefore.plus(Duration.between(since, now))).orElse(ranBefore);
  }

  /** What becomes of them when the job goes from one state to the next. */
  Attempts after(TrainingState from, TrainingEvent event, TrainingState to, Instant now) {
    Attempts then = this;
    if (to == TrainingState.DOWNLOADING) {
      then = new Attempts(number, beganAt, Optional.of(now), ranBefore, retries);
    } else if (from.hasHosts() && !to.hasHosts()) {
      then = new Attempts(number, beganAt, Optional.empty(), ran(now), retries);
    }
    return event == TrainingEvent.RECLAIMED ? then.next(from == TrainingState.RESTARTING, now) : then;
  }

  private Attempts next(boolean retried, Instant now) {
    // log streams are told apart by the second in which their attempt began
    Instant earliest = Instant.ofEpochSecond(beganAt.getEpochSecond() + 1);
    return new Attempts(number + 1, now.isBefore(earliest) ? earliest : now, Optional.empty(), ranBefore,
        retries + (retried ? 1 : 0));
  }
}
