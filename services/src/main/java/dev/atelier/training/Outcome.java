package dev.atelier.training;

import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.HostsEnd;
import dev.atelier.training.TrainingJobStore.Change;
import java.util.Collection;
import java.util.Optional;

/** What the ends of a job's hosts mean for the job. */
record Outcome(TrainingEvent event, Change change) {

  /** The outcome of all hosts; empty while one has not ended. */
  static Optional<Outcome> of(Collection<WorkloadState> hosts) {
    return HostsEnd.of(hosts).map(end -> switch (end) {
      case HostsEnd.Well well -> new Outcome(TrainingEvent.EXITED_WELL, Change.NONE);
      case HostsEnd.Badly badly -> new Outcome(TrainingEvent.EXITED_BADLY, Change.NONE);
      case HostsEnd.Unknown unknown ->
          new Outcome(TrainingEvent.LOST, Change.failure(FailureText.ofLoss(unknown.reason())));
    });
  }

  /** Whether a host has failed while others run. */
  static boolean failsEarly(Collection<WorkloadState> hosts) {
    return HostsEnd.early(hosts);
  }
}
