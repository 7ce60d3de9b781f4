package dev.atelier.compute;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is to run: what a container would be, on one or more hosts. A backend keeps it beside the running workload, so
 * that a restarted server finds it again.
 *
 * @param id the attempt; starting an id twice is the same as starting it once
 * @param owner the ARN of the job, endpoint or app that it belongs to; shown to people, never interpreted
 * @param hosts at least one; several share a network in which each is reachable by its name
 * @param network what the hosts may reach
 * @param machine hosts of workloads that name the same machine have its limits together, which all of them must state
 *     alike; empty for hosts whose limits are their own
 */
public record WorkloadSpec(WorkloadId id, String owner, List<HostSpec> hosts, NetworkPolicy network, String machine) {
  /** So many hosts have addresses in a network of their own. */
  public static final int MOST_HOSTS = 250;
  private static final Pattern MACHINE = Pattern.compile("[a-z0-9-]{0,63}");

  public WorkloadSpec {
    hosts = List.copyOf(hosts);
    machine = machine == null ? "" : machine;
    if (!MACHINE.matcher(machine).matches()) {
      throw new IllegalArgumentException("not a machine's name: " + machine);
    }
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a workload has at least one host");
    }
  }

  /** A workload whose hosts have limits of their own. */
  public WorkloadSpec(WorkloadId id, String owner, List<HostSpec> hosts, NetworkPolicy network) {
    this(id, owner, hosts, network, "");
  }
}
