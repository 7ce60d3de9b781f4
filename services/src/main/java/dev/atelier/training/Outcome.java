package dev.atelier.training;

import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.FailureText;
import dev.atelier.training.TrainingJobStore.Change;
import java.util.Collection;
import java.util.Optional;

/** What the ends of a job's hosts mean for the job. */
record Outcome(TrainingEvent event, Change change) {

  /** The outcome of all hosts; empty while one has not ended. */
  static Optional<Outcome> of(Collection<WorkloadState> hosts) {
    if (!hosts.stream().allMatch(WorkloadState::ended)) {
      return Optional.empty();
    }
    for (WorkloadState state : hosts) {
      if (state instanceof WorkloadState.Lost lost) {
        return Optional.of(new Outcome(TrainingEvent.LOST, Change.failure(FailureText.ofLoss(lost.reason()))));
      }
    }
    boolean well = hosts.stream().noneMatch(Outcome::failed);
    return Optional.of(new Outcome(well ? TrainingEvent.EXITED_WELL : TrainingEvent.EXITED_BADLY, Change.NONE));
  }

  /** Whether a host has failed while others run. */
  static boolean failsEarly(Collection<WorkloadState> hosts) {
    return hosts.stream().anyMatch(Outcome::failed) && !hosts.stream().allMatch(WorkloadState::ended);
  }

  private static boolean failed(WorkloadState state) {
    return state instanceof WorkloadState.Lost
        || state instanceof WorkloadState.Exited exited && exited.exitCode() != 0;
  }
}
