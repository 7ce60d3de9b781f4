package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** How the programs of all hosts of a job ended. */
public sealed interface HostsEnd {

  /** Every program ended with exit code 0. */
  record Well() implements HostsEnd {}

  /** A program ended otherwise. */
  record Badly() implements HostsEnd {}

  /** A program never ran, or nobody knows how it ended; {@code reason} is for people. */
  record Unknown(String reason) implements HostsEnd {}

  /** The end of all hosts; empty while one has not ended. */
  static Optional<HostsEnd> of(Collection<WorkloadState> hosts) {
    if (!hosts.stream().allMatch(WorkloadState::ended)) {
      return Optional.empty();
    }
    for (WorkloadState state : hosts) {
      if (state instanceof WorkloadState.Lost lost) {
        return Optional.of(new Unknown(lost.reason()));
      }
    }
    return Optional.of(hosts.stream().noneMatch(HostsEnd::failed) ? new Well() : new Badly());
  }

  /** Whether a workload's programs have ended by themselves, be it while no server was there: no limit ends them. */
  static boolean over(ComputeBackend backend, WorkloadId id) {
    Collection<WorkloadState> hosts = backend.list().getOrDefault(id, Map.of()).values();
    return !hosts.isEmpty() && of(hosts).isPresent();
  }

  /** Whether a host has failed while others run. */
  static boolean early(Collection<WorkloadState> hosts) {
    return hosts.stream().anyMatch(HostsEnd::failed) && !hosts.stream().allMatch(WorkloadState::ended);
  }

  private static boolean failed(WorkloadState state) {
    return state instanceof WorkloadState.Lost
        || state instanceof WorkloadState.Exited exited && exited.exitCode() != 0;
  }
}
