package dev.atelier.jobs;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out the machine's cores, memory and GPUs. Who waits goes by priority, then by how little of the machine its user has,
 * then by arrival; smaller claims pass those that do not fit yet, but none that has waited too long. A lone job always
 * fits, beside people at notebooks, too.
 */
public final class Capacity {
  static final double CPUS_OF_PEOPLE = 0.05;
  private static final Logger LOG = LoggerFactory.getLogger(Capacity.class);
  private static final long GIB = 1L << 30;
  private static final int DEFAULT_VOLUME_GIB = 30;
  /** Cores are shared out twice over, since most jobs wait for data half of the time; memory never is. */
  private static final int OVERBOOKED = 2;
  /** With less not even an interpreter starts. */
  private static final long LEAST_MEMORY = 128L << 20;
  private static final int MEMORY_OF_PEOPLE = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 50;

  private final double cpus;
  private final long memoryBytes;
  private final int gpus;
  private final Policy policy;
  private final Clock clock;
  private final Room room;
  private final Map<String, Room.Held> granted = new HashMap<>();
  private final Map<String, Runnable> spare = new LinkedHashMap<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Deque<Duration> lately = new ArrayDeque<>();

  private static final class Waiting {
    private final Claim claim;
    private final Instant since;
    private final Runnable ready;
    private final Consumer<String> moved;
    private String told = "";

    Waiting(Claim claim, Instant since, Runnable ready, Consumer<String> moved) {
      this.claim = claim;
      this.since = since;
      this.ready = ready;
      this.moved = moved;
    }
  }

  /** What becomes of an instance type that this machine cannot give. */
  public record Policy(boolean refuseOversize, GpuAbsent gpuAbsent) {
    public static final Policy DEFAULT = new Policy(false, GpuAbsent.FAIL);
  }

  /**
   * What this machine has to give out.
   *
   * @param gpus whole devices
   */
  public record Machine(double cpus, long memoryBytes, int gpus) {}

  /** What a type with accelerators does on a machine that has none for it. */
  public enum GpuAbsent { FAIL, CPU, WAIT }

  /** Of a machine without GPUs. */
  public Capacity(double cpus, long memoryBytes, Policy policy) {
    this(new Machine(cpus, memoryBytes, 0), policy, Clock.systemUTC());
  }

  public Capacity(Machine machine, Policy policy, Clock clock) {
    this.cpus = machine.cpus();
    this.memoryBytes = machine.memoryBytes();
    this.gpus = machine.gpus();
    this.policy = policy;
    this.clock = clock;
    this.room = new Room(OVERBOOKED * cpus, memoryBytes, gpus);
  }

  /**
   * Whether hosts of a type can ever run here.
   *
   * @throws ComputeException a CapacityError that says what this machine lacks
   */
  public void require(InstanceType type, int hosts) {
    if (lacksGpus(type, hosts) && policy.gpuAbsent() == GpuAbsent.FAIL) {
      throw new ComputeException("CapacityError: The instance type " + type.name() + " has " + type.accelerators()
          + " accelerators and this machine has " + (gpus == 0 ? "none" : gpus + " for " + hosts + " instances")
          + ". Choose a type without, or set capacity.gpuAbsent to cpu.");
    }
    if (refusesSize(type, hosts)) {
      throw new ComputeException("CapacityError: " + hosts + " instances of " + type.name()
          + " are larger than this machine, and capacity.oversize is refuse.");
    }
  }

  /**
   * Whether the instances of a job find room on this machine at all, however small they become.
   *
   * @param kind of job, as it stands in the name of AWS's quota
   * @throws Fault ResourceLimitExceeded
   */
  public void requireHosts(String kind, long hosts) {
    long most = Math.clamp(memoryBytes / LEAST_MEMORY, 1, WorkloadSpec.MOST_HOSTS);
    if (hosts > most) {
      throw Fault.limitExceeded("The account-level service limit 'Maximum number of instances per " + kind + " job' is "
          + most + " Instances, with current utilization of 0 Instances and a request delta of " + hosts
          + " Instances. This machine has no room for more.");
    }
  }

  /** What hosts of a type need and this machine has not. */
  public enum Lack { GPU, ROOM }

  /** What keeps hosts of a type from ever running here; empty when nothing does. */
  public Optional<Lack> lack(InstanceType type, int hosts) {
    if (lacksGpus(type, hosts) && policy.gpuAbsent() != GpuAbsent.CPU) {
      return Optional.of(Lack.GPU);
    }
    return refusesSize(type, hosts) ? Optional.of(Lack.ROOM) : Optional.empty();
  }

  private boolean refusesSize(InstanceType type, int hosts) {
    return policy.refuseOversize() && cut(type, hosts, 0).capped();
  }

  /** Whether hosts of a type wait for accelerators that this machine does not have. */
  public boolean waitsForAccelerators(InstanceType type, int hosts) {
    return lacksGpus(type, hosts) && policy.gpuAbsent() == GpuAbsent.WAIT;
  }

  private int gpusEach(InstanceType type, int hosts) {
    return Math.min(type.gpus(), gpus / hosts);
  }

  /** Whether not even one GPU is here for each host of a type that has some. */
  private boolean lacksGpus(InstanceType type, int hosts) {
    return type.accelerators() > 0 && gpusEach(type, hosts) == 0;
  }

  /**
   * What a host takes of the room that jobs and endpoints share when people work on it: they think most of the time, so it
   * is limited to all that its type has and counts for little of it. Its GPUs are its own.
   */
  public static Resources ofPeople(Resources limits) {
    return new Resources(Math.min(limits.cpus(), CPUS_OF_PEOPLE), limits.memoryBytes() / MEMORY_OF_PEOPLE, limits.gpus(),
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

  /** The disk of a host whose volume was asked for in GiB, or left to SageMaker; 0 asks for none in particular. */
  public static long volumeBytes(Optional<Integer> asked) {
    return asked.filter(gibibytes -> gibibytes > 0).orElse(DEFAULT_VOLUME_GIB) * GIB;
  }

  /** Cuts an instance type to this machine; disk is the volume that the job asked for. */
  public Cut cut(InstanceType type, int hosts, long diskBytes) {
    double share = Math.min(type.vcpus(), Math.max(0.5, cpus / hosts));
    long memory = Math.min(type.memoryBytes(), memoryBytes / hosts);
    int devices = gpusEach(type, hosts);
    return new Cut(new Resources(share, memory, devices, 4_096, diskBytes),
        share < type.vcpus() || memory < type.memoryBytes() || devices > 0 && devices < type.accelerators());
  }

  /** As {@link #acquire(Claim, Runnable, Consumer)}, of hosts that run until somebody ends them. */
  public Optional<String> acquire(String owner, Resources each, int hosts, Runnable ready) {
    return acquire(Claim.standing(owner, each, hosts), ready, line -> { });
  }

  /**
   * Runs {@code ready} once a claim is granted, at once when it can be; asking twice changes nothing.
   *
   * @param moved told by {@link #renew} where the claim stands in the line, as a sentence
   * @return what is waited for, as a sentence; empty when nothing is
   */
  public Optional<String> acquire(Claim claim, Runnable ready, Consumer<String> moved) {
    List<Runnable> woken;
    Optional<String> shortage = Optional.empty();
    synchronized (this) {
      boolean fresh = !granted.containsKey(claim.owner()) && !waiting.containsKey(claim.owner());
      if (fresh) {
        waiting.put(claim.owner(), new Waiting(claim, clock.instant(), ready, moved));
      }
      woken = fresh ? wake() : granted.containsKey(claim.owner()) ? List.of(ready) : List.of();
      Waiting own = waiting.get(claim.owner());
      if (own != null) {
        own.told = new Shortage(room, granted.values(), line(), usual(), clock.instant()).of(claim.owner());
        shortage = Optional.of(own.told);
      }
    }
    woken.forEach(Runnable::run);
    return shortage;
  }

  /** Counts what already runs, as found after a restart, whether it fits or not. */
  public synchronized void adopt(String owner, Resources each, int hosts) {
    adopt(Claim.standing(owner, each, hosts));
  }

  /** As {@link #adopt(String, Resources, int)}, of any claim. */
  public synchronized void adopt(Claim claim) {
    granted.put(claim.owner(), new Room.Held(claim, clock.instant()));
  }

  /**
   * Keeps what an owner has under another name for whoever takes it up, until somebody who waits needs the room. Who
   * waits and is of the same pool takes it up when its turn comes, and nobody is told of a loss.
   *
   * @param lost told when it is given to somebody else
   * @return false when the owner has nothing
   */
  public boolean keep(String owner, String name, Runnable lost) {
    List<Runnable> woken;
    synchronized (this) {
      Room.Held held = granted.remove(owner);
      if (held == null) {
        return false;
      }
      remember(held);
      granted.put(name, new Room.Held(held.claim().of(name), clock.instant()));
      spare.put(name, lost);
      woken = wake();
    }
    woken.forEach(Runnable::run);
    return true;
  }

  /** Counts what was kept for whoever takes it up, as found after a restart. */
  public synchronized void adoptKept(Claim claim, Runnable lost) {
    adopt(claim);
    spare.put(claim.owner(), lost);
  }

  /** Takes up what was kept under a name, in place of what the claim has already; false when it is gone. */
  public boolean take(String name, Claim claim) {
    List<Runnable> woken;
    synchronized (this) {
      if (spare.remove(name) == null) {
        return false;
      }
      granted.remove(name);
      waiting.remove(claim.owner());
      granted.put(claim.owner(), new Room.Held(claim, clock.instant()));
      woken = wake();
    }
    woken.forEach(Runnable::run);
    return true;
  }

  /** Frees the owner's share, or its place in the line, and wakes whoever fits now. */
  public void release(String owner) {
    List<Runnable> woken;
    synchronized (this) {
      Room.Held held = granted.remove(owner);
      spare.remove(owner);
      waiting.remove(owner);
      if (held != null) {
        remember(held);
      }
      woken = wake();
    }
    woken.forEach(Runnable::run);
  }

  private void remember(Room.Held held) {
    if (held.claim().ends()) {
      lately.addLast(Duration.between(held.since(), clock.instant()));
      if (lately.size() > MOST_REMEMBERED) {
        lately.removeFirst();
      }
    }
  }

  /** How long jobs hold their share: the median of late; empty before one has ended. */
  private Optional<Duration> usual() {
    return lately.stream().sorted().skip(lately.size() / 2).findFirst();
  }

  private List<Claim> line() {
    return ordered().stream().map(each -> each.claim).toList();
  }

  private List<Waiting> ordered() {
    Collection<Claim> held = held();
    Map<String, Double> shares = new HashMap<>();
    Comparator<Waiting> order = Comparator.<Waiting, Boolean>comparing(each -> !overdue(each))
        .thenComparing(each -> overdue(each) ? 0 : -each.claim.priority())
        .thenComparing(each -> overdue(each) ? 0.0
            : shares.computeIfAbsent(each.claim.user(), user -> room.dominantShare(held, user)));
    // the sort is stable: what is left is arrival
    return waiting.values().stream().sorted(order).toList();
  }

  private boolean overdue(Waiting each) {
    return each.since.plus(PATIENCE).isBefore(clock.instant());
  }

  private Collection<Claim> held() {
    return granted.values().stream().map(Room.Held::claim).toList();
  }

  /** Grants what fits; what became of kept rooms, and whoever waited, is to be told outside of the lock. */
  private List<Runnable> wake() {
    List<Runnable> woken = new ArrayList<>();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Waiting next : ordered()) {
        if (fits(next.claim, woken)) {
          waiting.remove(next.claim.owner());
          granted.put(next.claim.owner(), new Room.Held(next.claim, clock.instant()));
          woken.add(next.ready);
          changed = true;
          break;
        }
        if (overdue(next) && fitsWhenJobsEnd(next.claim)) {
          break;
        }
      }
    }
    return woken;
  }

  private boolean fits(Claim claim, List<Runnable> woken) {
    Optional<String> own = spare.keySet().stream()
        .filter(name -> !claim.pool().isEmpty() && granted.get(name).claim().pool().equals(claim.pool())).findFirst();
    if (own.isPresent() && room.fits(without(own.get()::equals), claim)) {
      spare.remove(own.get());
      granted.remove(own.get());
      return true;
    }
    if (room.fits(held(), claim)) {
      return true;
    }
    if (!room.fits(without(spare::containsKey), claim)) {
      return false;
    }
    for (String name : List.copyOf(spare.keySet())) {
      granted.remove(name);
      woken.add(spare.remove(name));
      if (room.fits(held(), claim)) {
        break;
      }
    }
    return true;
  }

  private Collection<Claim> without(Predicate<String> owners) {
    return held().stream().filter(each -> !owners.test(each.owner())).toList();
  }

  private boolean fitsWhenJobsEnd(Claim claim) {
    return room.fits(held().stream().filter(each -> !each.ends()).toList(), claim);
  }

  /** Tells everybody in the line whose place or prospects have changed. */
  public void renew() {
    Map<Waiting, String> news = new LinkedHashMap<>();
    synchronized (this) {
      if (waiting.isEmpty()) {
        return;
      }
      Shortage shortage = new Shortage(room, granted.values(), line(), usual(), clock.instant());
      for (Waiting each : waiting.values()) {
        String now = shortage.of(each.claim.owner());
        if (!now.equals(each.told)) {
          each.told = now;
          news.put(each, now);
        }
      }
    }
    news.forEach((each, sentence) -> {
      try {
        each.moved.accept(sentence);
      } catch (RuntimeException e) {
        LOG.warn("{} cannot be told where it stands", each.claim.owner(), e);
      }
    });
  }
}
