package dev.atelier.training;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Claim;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobPriority;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** A training job's share of the machine. */
final class TrainingAdmission {
  private static final long GIB = 1L << 30;

  private final JobPlatform platform;
  private final Capacity capacity;
  private final WarmPools pools;

  TrainingAdmission(JobPlatform platform, TrainingJobStore store, Effects effects) {
    this.platform = platform;
    this.capacity = platform.capacity();
    this.pools = new WarmPools(new WarmPoolStore(platform.metadata(), store), capacity, platform.backend(), effects,
        platform.clock(), this::claim);
  }

  WarmPools pools() {
    return pools;
  }

  void requireHosts(long hosts) {
    capacity.requireHosts("training", hosts);
  }

  /** What each host of a job gets, in order of place. */
  List<Resources> hosts(TrainingJob job) {
    return hosts(capacity, job);
  }

  /** As {@link #hosts(TrainingJob)}, of a machine. */
  static List<Resources> hosts(Capacity capacity, TrainingJob job) {
    return cuts(capacity, job).stream().map(Capacity.Cut::each).toList();
  }

  private static List<Capacity.Cut> cuts(Capacity capacity, TrainingJob job) {
    List<Capacity.Cut> cuts = new ArrayList<>();
    for (Cluster.Group group : job.cluster().groups()) {
      Capacity.Cut cut = capacity.cut(InstanceType.require(group.instanceType()), job.hosts(), job.volumeBytes());
      for (int i = 0; i < group.count(); i++) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  /** What a job has less than its instance types promise, as a sentence. */
  Optional<String> shortfall(TrainingJob job) {
    return cuts(capacity, job).stream().filter(Capacity.Cut::capped).findFirst().map(cut -> String.format(Locale.ROOT,
        "The instance type is larger than this machine: the job has %s CPUs%s and %d GiB of memory%s",
        cut.each().cpus(), cut.each().gpus() == 0 ? "" : ", " + cut.each().gpus() + " GPUs",
        cut.each().memoryBytes() / GIB, job.hosts() == 1 ? "" : " on each host"));
  }

  private Claim claim(TrainingJob job) {
    return Claim.job(owner(job), job.createdBy(), JobPriority.of(platform, job.arn()), hosts(job)).in(WarmPool.name(job));
  }

  /** Names a job's share: another job may have its ARN later. */
  static String owner(TrainingJob job) {
    return job.arn() + " " + job.createdAt().toEpochMilli();
  }

  /** Counts what a job has already. */
  void adopt(TrainingJob job) {
    capacity.adopt(claim(job));
  }

  /**
   * Asks for the job's share; one that waits for accelerators waits until it is stopped.
   *
   * @param moved told where the job stands in the line
   * @return what is waited for, as a sentence; empty when {@code ready} was or will be run
   * @throws ComputeException this machine can never have its instances
   */
  Optional<String> ask(TrainingJob job, Runnable ready, Consumer<String> moved) {
    for (Cluster.Group group : job.cluster().groups()) {
      InstanceType type = InstanceType.require(group.instanceType());
      capacity.require(type, job.hosts());
      if (capacity.waitsForAccelerators(type, job.hosts())) {
        return Optional.of("Waiting for capacity: this machine has no accelerators for " + type.name());
      }
    }
    pools.take(job);
    return capacity.acquire(claim(job), ready, moved);
  }

  /** Readies what a job that was just given its share finds there: the instances kept for one like it, or new ones. */
  void settle(TrainingJob job) {
    pools.settle(job);
  }

  /** Gives back the share of a job whose programs have ended, though what they left is still to be stored. */
  void idle(TrainingJob job) {
    if (job.pool().isEmpty()) {
      capacity.release(owner(job));
    }
  }

  /** Gives back the share of an attempt; that of an ended job may be kept for the next. */
  void release(TrainingJob job) {
    if (job.state().ended()) {
      pools.keep(job);
    }
    capacity.release(owner(job));
  }
}
