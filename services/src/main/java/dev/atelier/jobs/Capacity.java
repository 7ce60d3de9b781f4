package dev.atelier.jobs;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.kernel.Arn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives out the machine's cores and memory in order of arrival. A grant may exceed neither; a lone job always
 * fits, beside people at notebooks, too.
 */
public final class Capacity {
  private static final long GIB = 1L << 30;
  private static final int DEFAULT_VOLUME_GIB = 30;
  /** Cores are shared out twice over, since most jobs wait for data half of the time; memory never is. */
  private static final int OVERBOOKED = 2;
  private static final double CPUS_OF_PEOPLE = 0.05;
  private static final int MEMORY_OF_PEOPLE = 16;
  private static final int MOST_SHOWN = 3;

  private final double cpus;
  private final long memoryBytes;
  private final Policy policy;
  private final Map<String, Share> granted = new HashMap<>();
  private final Deque<Waiting> queue = new ArrayDeque<>();

  private record Share(double cpus, long memoryBytes) {
    static Share of(Resources each, int hosts) {
      return new Share(each.cpus() * hosts, each.memoryBytes() * hosts);
    }

    /** Whether it is that of a host that people work on; no job's is so small. */
    boolean ofPeople() {
      return cpus <= CPUS_OF_PEOPLE;
    }
  }

  private record Waiting(String owner, Share share, Runnable ready) {}

  /** What becomes of an instance type that this machine cannot give. */
  public record Policy(boolean refuseOversize, GpuAbsent gpuAbsent) {
    public static final Policy DEFAULT = new Policy(false, GpuAbsent.FAIL);
  }

  /** What a type with accelerators does on a machine without. */
  public enum GpuAbsent { FAIL, CPU, WAIT }

  public Capacity(double cpus, long memoryBytes, Policy policy) {
    this.cpus = cpus;
    this.memoryBytes = memoryBytes;
    this.policy = policy;
  }

  /**
   * Whether hosts of a type can ever run here.
   *
   * @throws ComputeException a CapacityError that says what this machine lacks
   */
  public void require(InstanceType type, int hosts) {
    if (type.accelerators() > 0 && policy.gpuAbsent() == GpuAbsent.FAIL) {
      throw new ComputeException("CapacityError: The instance type " + type.name() + " has " + type.accelerators()
          + " accelerators and this machine has none. Choose a type without, or set capacity.gpuAbsent to cpu.");
    }
    if (refusesSize(type, hosts)) {
      throw new ComputeException("CapacityError: " + hosts + " instances of " + type.name()
          + " are larger than this machine, and capacity.oversize is refuse.");
    }
  }

  /** What hosts of a type need and this machine has not. */
  public enum Lack { GPU, ROOM }

  /** What keeps hosts of a type from ever running here; empty when nothing does. */
  public Optional<Lack> lack(InstanceType type, int hosts) {
    if (type.accelerators() > 0 && policy.gpuAbsent() != GpuAbsent.CPU) {
      return Optional.of(Lack.GPU);
    }
    return refusesSize(type, hosts) ? Optional.of(Lack.ROOM) : Optional.empty();
  }

  private boolean refusesSize(InstanceType type, int hosts) {
    return policy.refuseOversize() && cut(type, hosts, 0).capped();
  }

  /** Whether hosts of a type wait for accelerators that this machine does not have. */
  public boolean waitsForAccelerators(InstanceType type) {
    return type.accelerators() > 0 && policy.gpuAbsent() == GpuAbsent.WAIT;
  }

  /**
   * What a host takes of the room that jobs and endpoints share when people work on it: they think most of the time, so it
   * is limited to all that its type has and counts for little of it.
   */
  public static Resources ofPeople(Resources limits) {
    return new Resources(Math.min(limits.cpus(), CPUS_OF_PEOPLE), limits.memoryBytes() / MEMORY_OF_PEOPLE, 0,
        limits.processes(), limits.diskBytes());
  }

  public double cpus() {
    return cpus;
  }

  public long memoryBytes() {
    return memoryBytes;
  }

  /**
   * What {@code hosts} instances of a type get here: no more than their share of the machine.
   *
   * @param capped whether the type is larger than what it gets
   */
  public record Cut(Resources each, boolean capped) {}

  /** The disk of a host whose volume was asked for in GiB, or left to SageMaker. */
  public static long volumeBytes(Optional<Integer> asked) {
    return asked.orElse(DEFAULT_VOLUME_GIB) * GIB;
  }

  /** Cuts an instance type to this machine; disk is the volume that the job asked for. */
  public Cut cut(InstanceType type, int hosts, long diskBytes) {
    double share = Math.min(type.vcpus(), Math.max(0.5, cpus / hosts));
    long memory = Math.min(type.memoryBytes(), memoryBytes / hosts);
    return new Cut(new Resources(share, memory, 0, 4_096, diskBytes),
        share < type.vcpus() || memory < type.memoryBytes());
  }

  /**
   * Runs {@code ready} once the owner's share is free, at once when it is; asking twice changes nothing.
   *
   * @return what is waited for, as a sentence; empty when nothing is
   */
  public Optional<String> acquire(String owner, Resources each, int hosts, Runnable ready) {
    Share share = Share.of(each, hosts);
    synchronized (this) {
      boolean waits = queue.stream().anyMatch(waiting -> waiting.owner().equals(owner));
      if (waits) {
        return Optional.of(shortage(share));
      }
      if (!granted.containsKey(owner) && (!queue.isEmpty() || !fits(share))) {
        String shortage = shortage(share);
        queue.addLast(new Waiting(owner, share, ready));
        return Optional.of(shortage);
      }
      granted.put(owner, share);
    }
    ready.run();
    return Optional.empty();
  }

  private String shortage(Share wanted) {
    String holders = granted.keySet().stream().sorted().map(Capacity::shown).distinct().limit(MOST_SHOWN)
        .collect(Collectors.joining(", "));
    return String.format(Locale.ROOT, "Waiting for capacity: %.1f GiB of memory and %.1f CPUs are asked for; of %.1f GiB"
            + " and %.1f CPUs to give out, %.1f GiB and %.1f CPUs are held by %s%s",
        gib(wanted.memoryBytes()), wanted.cpus(), gib(memoryBytes), OVERBOOKED * cpus, gib(usedMemory()), usedCpus(),
        holders, granted.size() > MOST_SHOWN ? " and others" : "")
        + (queue.isEmpty() ? "" : "; " + queue.size() + " came before");
  }

  private static double gib(long bytes) {
    return (double) bytes / GIB;
  }

  /** The resource part of the owner's ARN. */
  private static String shown(String owner) {
    return Arn.parse(owner.split(" ", 2)[0]).map(Arn::resource).orElse(owner);
  }

  /** Counts what already runs, as found after a restart, whether it fits or not. */
  public synchronized void adopt(String owner, Resources each, int hosts) {
    granted.put(owner, Share.of(each, hosts));
  }

  /** Frees the owner's share, or its place in the queue, and wakes whoever fits now. */
  public void release(String owner) {
    Deque<Runnable> woken = new ArrayDeque<>();
    synchronized (this) {
      granted.remove(owner);
      queue.removeIf(waiting -> waiting.owner().equals(owner));
      while (!queue.isEmpty() && fits(queue.peekFirst().share())) {
        Waiting next = queue.removeFirst();
        granted.put(next.owner(), next.share());
        woken.add(next.ready());
      }
    }
    woken.forEach(Runnable::run);
  }

  private boolean fits(Share wanted) {
    // a job that takes all there is never finds people gone who stay for days
    if (granted.values().stream().allMatch(Share::ofPeople)) {
      return true;
    }
    return usedCpus() + wanted.cpus() <= OVERBOOKED * cpus && usedMemory() + wanted.memoryBytes() <= memoryBytes;
  }

  private double usedCpus() {
    return granted.values().stream().mapToDouble(Share::cpus).sum();
  }

  private long usedMemory() {
    return granted.values().stream().mapToLong(Share::memoryBytes).sum();
  }
}
