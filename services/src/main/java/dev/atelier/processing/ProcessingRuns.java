package dev.atelier.processing;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Claim;
import dev.atelier.jobs.Deadlines;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.HostsEnd;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobPriority;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.Arn;
import dev.atelier.processing.ProcessingJobStore.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs processing jobs. What is to be done follows from a job's state alone, so it is done again after a restart: every
 * effect may be repeated, and tells its end as an event that means something only in the state it was done for.
 */
final class ProcessingRuns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessingRuns.class);
  private static final Duration STOP_GRACE = Duration.ofSeconds(120);
  private static final Duration UPLOAD_PERIOD = Duration.ofSeconds(10);
  private static final long GIB = 1L << 30;
  private static final Set<ProcessingState> TOLD_TO_END =
      EnumSet.of(ProcessingState.STOPPING, ProcessingState.EXPIRING);

  private final JobPlatform platform;
  private final ProcessingJobStore store;
  private final ComputeBackend backend;
  private final Capacity capacity;
  private final InputStaging input;
  private final OutputUploads output;
  private final ContinuousOutputs continuous;
  private final LiveWorkloads live;
  private final Clock clock;
  private final Effects effects = new Effects("processing-timer");
  private final Deadlines deadlines = new Deadlines(effects);

  ProcessingRuns(JobPlatform platform, ProcessingJobStore store) {
    this.platform = platform;
    this.store = store;
    this.backend = platform.backend();
    this.capacity = platform.capacity();
    this.input = new InputStaging(platform);
    this.continuous = new ContinuousOutputs(platform);
    this.output = new OutputUploads(platform, store, continuous);
    this.live = platform.live();
    this.clock = platform.clock();
  }

  /** Fails as CreateProcessingJob does when there are more instances than this machine can ever give. */
  void requireRoom(int hosts) {
    capacity.requireHosts("processing", hosts);
  }

  /** Fails as CreateProcessingJob does when an input or an output cannot be used. */
  void check(ProcessingJob job) {
    input.check(job);
  }

  /**
   * Counts what runs, and what is about to since it was given its share before; called once at start-up, before anything
   * asks for capacity.
   */
  void adopt() {
    Set<WorkloadId> found = backend.list().keySet();
    store.unfinished(found).stream()
        .filter(job -> job.state() == ProcessingState.DOWNLOADING || found.contains(ProcessingWorkload.id(job)))
        .forEach(job -> guarded(job, () -> capacity.adopt(claim(job))));
  }

  /** Takes up every job; called once at start-up, before events of the backend arrive. */
  void resume() {
    Set<WorkloadId> found = backend.list().keySet();
    for (ProcessingJob job : store.unfinished(found)) {
      act(job);
      if (TOLD_TO_END.contains(job.state()) && !found.contains(ProcessingWorkload.id(job))) {
        // stopped while it was being staged, or its hosts went with the machine: whoever would have told is gone
        report(job, ProcessingEvent.NEVER_STARTED, Change.NONE);
      }
    }
  }

  private Capacity.Cut cut(ProcessingJob job) {
    return capacity.cut(job.type(), job.hosts(), job.volumeBytes());
  }

  /** Names a job's share: another job may have its ARN later. */
  private static String owner(ProcessingJob job) {
    return job.arn() + " " + job.createdAt().toEpochMilli();
  }

  private Claim claim(ProcessingJob job) {
    return Claim.job(owner(job), job.createdBy(), JobPriority.of(platform, job.arn()),
        Collections.nCopies(job.hosts(), cut(job).each()));
  }

  /** Begins what the job's state asks for; returns at once. What cannot be begun fails the job, never the caller. */
  void act(ProcessingJob job) {
    guarded(job, () -> begin(job));
  }

  private void begin(ProcessingJob job) {
    live.put(ProcessingWorkload.id(job), new LiveWorkloads.Owner(job.arn(),
        Arn.parse(job.request().roleArn()), job.region(), job.name()));
    switch (job.state()) {
      case STARTING -> {
        admit(job);
        releaseIfOver(job);
      }
      case DOWNLOADING -> effect(job, () -> stage(job));
      case RUNNING -> effect(job, () -> watch(job));
      case STOPPING, EXPIRING -> effect(job, () -> stop(job));
      case UPLOADING, UPLOADING_FAILED, UPLOADING_STOPPED, UPLOADING_EXPIRED -> {
        // its programs have ended
        capacity.release(owner(job));
        effect(job, () -> collect(job));
      }
      case COMPLETED, FAILED, STOPPED, EXPIRED -> effect(job, () -> release(job));
    }
  }

  /**
   * Asks for the job's share of the machine; a job that waits for accelerators waits until it is stopped.
   *
   * @throws ComputeException this machine can never have its instances
   */
  private void admit(ProcessingJob job) {
    capacity.require(job.type(), job.hosts());
    if (capacity.waitsForAccelerators(job.type(), job.hosts())) {
      input.tell(job, "Waiting for capacity: this machine has no accelerators for " + job.type().name());
      return;
    }
    capacity.acquire(claim(job), () -> effect(job, () -> prepare(job)), place -> { })
        .ifPresent(shortage -> input.tell(job, shortage));
  }

  /** Gives back what a job was given that was stopped while it asked; true when it was. */
  private boolean releaseIfOver(ProcessingJob job) {
    boolean over = stored(job).filter(now -> !now.state().ended()).isEmpty();
    if (over) {
      capacity.release(owner(job));
      live.remove(ProcessingWorkload.id(job));
    }
    return over;
  }

  private void effect(ProcessingJob job, Runnable work) {
    effects.begin(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void guarded(ProcessingJob job, Runnable work) {
    effects.guard(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void broken(ProcessingJob job, RuntimeException e) {
    String reason = FailureText.of(e, "ClientError: ");
    if (job.state() != ProcessingState.STARTING) {
      // a job that is being stopped shows no reason of its own, and its outputs may not be stored
      effects.untilDone("the log of " + job.arn(), () -> input.tell(job, reason));
    }
    report(job, ProcessingEvent.BROKEN, Change.failure(reason));
  }

  /** Applies an event that nobody waits for: what cannot be stored now, as on a full disk, is stored when it can be. */
  private void report(ProcessingJob job, ProcessingEvent event, Change change) {
    effects.untilDone(event + " of " + job.arn(), () -> happened(job, event, change));
  }

  /** Applies an event to a job: decided on what is stored, written once, acted on after the commit. */
  void happened(ProcessingJob concerned, ProcessingEvent event, Change change) {
    while (true) {
      Optional<ProcessingJob> job = stored(concerned);
      Optional<ProcessingState> next = job.flatMap(present -> present.state().after(event));
      if (next.isEmpty()) {
        return;
      }
      if (next.get() == ProcessingState.FAILED && event != ProcessingEvent.COLLECTED) {
        output.explain(job.get(), change);
      }
      Change kept = next.get() == ProcessingState.STOPPED ? Change.NONE : change;
      if (store.apply(job.get(), next.get(), kept, clock.instant())) {
        stored(concerned).ifPresent(this::act);
        return;
      }
    }
  }

  /** The job as it stands; empty once it was deleted, though another may have its name. */
  private Optional<ProcessingJob> stored(ProcessingJob job) {
    return store.find(job.arn().toString()).filter(job::is);
  }

  private boolean stillIn(ProcessingJob job, ProcessingState... states) {
    ProcessingState now = stored(job).map(ProcessingJob::state).orElse(ProcessingState.FAILED);
    return Arrays.asList(states).contains(now);
  }

  private void prepare(ProcessingJob job) {
    if (releaseIfOver(job)) {
      return;
    }
    input.prepareImage(job);
    report(job, ProcessingEvent.PREPARED, Change.NONE);
  }

  private void stage(ProcessingJob job) {
    if (!backend.list().containsKey(ProcessingWorkload.id(job))) {
      if (!stillIn(job, ProcessingState.DOWNLOADING)) {
        report(job, ProcessingEvent.NEVER_STARTED, Change.NONE);
        return;
      }
      Capacity.Cut cut = cut(job);
      if (cut.capped()) {
        input.tell(job, "The instance type is larger than this machine: the job has " + cut.each().cpus()
            + " CPUs and " + cut.each().memoryBytes() / GIB + " GiB of memory");
      }
      backend.start(input.stage(job, cut.each()));
    }
    if (stillIn(job, ProcessingState.STOPPING)) {
      backend.stop(ProcessingWorkload.id(job), STOP_GRACE);
    }
  }

  /** Begins what goes on while the program runs. */
  void watch(ProcessingJob job) {
    if (!backend.list().containsKey(ProcessingWorkload.id(job))) {
      throw new ComputeException("The job's sandbox is gone: it was ended from outside, as atelier down does");
    }
    output.follow(job);
    boolean uploads = continuous.follow(job);
    if (stored(job).filter(now -> !now.state().ended()).isEmpty()) {
      // it ended meanwhile, and may have been released before it was followed
      continuous.release(job);
      return;
    }
    if (uploads) {
      effects.after(UPLOAD_PERIOD, () -> upload(job));
    }
    int longest = job.request().stoppingCondition().maxRuntimeInSeconds();
    Instant until = job.startedAt().orElse(clock.instant()).plusSeconds(longest);
    deadlines.after(job.arn().toString(), Duration.between(clock.instant(), until), () -> expire(job, longest));
  }

  /** Ends a job whose program runs too long; one that has ended, be it while no server was there, did not. */
  private void expire(ProcessingJob job, int longest) {
    if (!HostsEnd.over(backend, ProcessingWorkload.id(job))) {
      report(job, ProcessingEvent.EXPIRE,
          Change.failure("ClientError: The job ran longer than MaxRuntimeInSeconds (" + longest + ") and was stopped"));
    }
  }

  /** Stores outputs while the program may write them; what is left at the end is stored with the others. */
  private void upload(ProcessingJob job) {
    try {
      if (!stillIn(job, ProcessingState.RUNNING, ProcessingState.STOPPING, ProcessingState.EXPIRING)) {
        return;
      }
      continuous.pass(job);
    } catch (RuntimeException e) {
      LOG.warn("outputs of {} cannot be stored now", job.arn(), e);
    }
    effects.after(UPLOAD_PERIOD, () -> upload(job));
  }

  private void stop(ProcessingJob job) {
    WorkloadId id = ProcessingWorkload.id(job);
    if (backend.list().containsKey(id)) {
      output.follow(job);
      backend.stop(id, STOP_GRACE);
    }
  }

  private void collect(ProcessingJob job) {
    Map<String, WorkloadState> hosts = backend.list().get(ProcessingWorkload.id(job));
    if (hosts == null) {
      throw new ComputeException("what the program left behind is gone");
    }
    report(job, ProcessingEvent.COLLECTED, output.collect(job, hosts));
  }

  private void release(ProcessingJob job) {
    deadlines.forget(job.arn().toString());
    try {
      continuous.release(job);
    } finally {
      // closing interrupts it: then the hosts are left, with the outputs they hold, to the next server
      if (!effects.closing()) {
        effects.untilDone("the removal of " + job.arn(), () -> remove(job));
      }
    }
  }

  private void remove(ProcessingJob job) {
    WorkloadId id = ProcessingWorkload.id(job);
    try {
      backend.remove(id);
      input.discard(job);
    } finally {
      capacity.release(owner(job));
      live.remove(id);
    }
  }

  /** Takes in what the backend tells of a host; the job goes on when all its hosts have. */
  void observed(WorkloadEvent event) {
    Optional<ProcessingJob> job = live.find(event.id()).flatMap(owner -> store.find(owner.arn().toString()))
        .filter(present -> ProcessingWorkload.id(present).equals(event.id()));
    Map<String, WorkloadState> hosts = backend.list().get(event.id());
    if (job.isEmpty() || hosts == null) {
      return;
    }
    if (event.state() instanceof WorkloadState.Running && event.host().equals(ProcessingWorkload.host(0))) {
      report(job.get(), ProcessingEvent.STARTED, Change.NONE);
    }
    HostsEnd.of(hosts.values()).ifPresent(end -> {
      switch (end) {
        case HostsEnd.Well well -> report(job.get(), ProcessingEvent.EXITED_WELL, Change.NONE);
        case HostsEnd.Badly badly -> report(job.get(), ProcessingEvent.EXITED_BADLY, Change.NONE);
        case HostsEnd.Unknown unknown -> report(job.get(), ProcessingEvent.BROKEN,
            Change.failure(FailureText.ofLoss(unknown.reason())));
      }
    });
    if (HostsEnd.early(hosts.values())) {
      // a job fails with its first host; the others would wait for it for ever
      backend.stop(event.id(), STOP_GRACE);
    }
  }

  @Override
  public void close() {
    effects.close();
  }
}
