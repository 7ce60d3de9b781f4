package dev.atelier.jobs;

import dev.atelier.compute.Resources;
import java.util.List;

/**
 * What somebody asks of the machine's cores, memory and GPUs.
 *
 * @param owner names the claim; ARNs are shown to others by their resource
 * @param user whose it is, so that no user's claims wait for all of another's; empty for what belongs to no queue
 * @param priority claims of a higher one go first
 * @param cpus cores of all hosts together
 * @param memoryBytes memory of all hosts together
 * @param gpus whole devices of all hosts together
 * @param ends whether it gives back what it got by itself, as jobs do and endpoints do not
 * @param pool what kept room must have in common with it to be taken up by it, with what was kept there; empty for none
 */
public record Claim(String owner, String user, int priority, double cpus, long memoryBytes, int gpus, boolean ends,
    String pool) {
  /** Of hosts that run until somebody ends them. */
  static Claim standing(String owner, Resources each, int hosts) {
    return new Claim(owner, "", 0, each.cpus() * hosts, each.memoryBytes() * hosts, each.gpus() * hosts, false, "");
  }

  /** Of a job with these hosts. */
  public static Claim job(String owner, String user, int priority, List<Resources> hosts) {
    return new Claim(owner, user, priority, hosts.stream().mapToDouble(Resources::cpus).sum(),
        hosts.stream().mapToLong(Resources::memoryBytes).sum(), hosts.stream().mapToInt(Resources::gpus).sum(), true,
        "");
  }

  /** Whether it is that of a host that people work on; no job's is so small. */
  boolean ofPeople() {
    return cpus <= Capacity.CPUS_OF_PEOPLE;
  }

  /** The same under another name. */
  public Claim of(String another) {
    return new Claim(another, user, priority, cpus, memoryBytes, gpus, ends, pool);
  }

  /** The same, which takes up kept room of a pool before any other. */
  public Claim in(String itsPool) {
    return new Claim(owner, user, priority, cpus, memoryBytes, gpus, ends, itsPool);
  }
}
