package dev.atelier.compute;

import java.util.List;

/**
 * What is to run: what a container would be, on one or more hosts. A backend keeps it beside the running workload, so
 * that a restarted server finds it again.
 *
 * @param id the attempt; starting an id twice is the same as starting it once
 * @param owner the ARN of the job, endpoint or app that it belongs to; shown to people, never interpreted
 * @param hosts at least one; several share a network in which each is reachable by its name
 * @param network what the hosts may reach
 */
public record WorkloadSpec(WorkloadId id, String owner, List<HostSpec> hosts, NetworkPolicy network) {
  public WorkloadSpec {
    hosts = List.copyOf(hosts);
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a workload has at least one host");
    }
  }
}
