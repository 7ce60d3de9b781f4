package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogPump;
import dev.atelier.kernel.Arn;
import dev.atelier.training.TrainingJobStore.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs training jobs. What is to be done follows from a job's state alone, so it is done again after a restart: every
 * effect may be repeated, and tells its end as an event that means something only in the state it was done for.
 */
final class TrainingRuns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRuns.class);
  private static final Duration STOP_GRACE = Duration.ofSeconds(120);
  private static final Duration CHECKPOINT_PERIOD = Duration.ofSeconds(10);
  private static final long GIB = 1L << 30;

  private final TrainingJobStore store;
  private final ComputeBackend backend;
  private final Capacity capacity;
  private final TrainingInput input;
  private final TrainingOutput output;
  private final Checkpoints checkpoints;
  private final LogPump pump;
  private final LiveWorkloads live;
  private final Clock clock;
  private final Effects effects = new Effects("training-timer");

  TrainingRuns(JobPlatform platform, TrainingJobStore store, TrainingInput input, TrainingOutput output,
      Checkpoints checkpoints) {
    this.store = store;
    this.backend = platform.backend();
    this.capacity = platform.capacity();
    this.input = input;
    this.output = output;
    this.checkpoints = checkpoints;
    this.pump = platform.pump();
    this.live = platform.live();
    this.clock = platform.clock();
  }

  /** Fails as CreateTrainingJob does when a channel has no data that the role can see. */
  void checkInput(TrainingJob job) {
    input.check(job);
  }

  /**
   * Counts what runs, and what is about to since it was given its share before; called once at start-up, before anything
   * asks for capacity.
   */
  void adopt() {
    Set<WorkloadId> found = backend.list().keySet();
    store.unfinished(found).stream()
        .filter(job -> job.state() == TrainingState.DOWNLOADING || found.contains(TrainingWorkload.id(job)))
        .forEach(job -> guarded(job, () -> capacity.adopt(job.arn().toString(), cut(job).each(), job.hosts())));
  }

  /** Takes up every job; called once at start-up, before events of the backend arrive. */
  void resume() {
    Set<WorkloadId> found = backend.list().keySet();
    for (TrainingJob job : store.unfinished(found)) {
      act(job);
      if (job.state() == TrainingState.STOPPING && !found.contains(TrainingWorkload.id(job))) {
        // stopped while it was being staged: whoever staged it, and would have told, is gone
        report(job.arn(), TrainingEvent.NEVER_STARTED, Change.NONE);
      }
    }
  }

  private Capacity.Cut cut(TrainingJob job) {
    return capacity.cut(type(job), job.hosts(), job.volumeBytes());
  }

  /** Begins what the job's state asks for; returns at once. What cannot be begun fails the job, never the caller. */
  void act(TrainingJob job) {
    guarded(job, () -> begin(job));
  }

  private void begin(TrainingJob job) {
    live.put(TrainingWorkload.id(job), new LiveWorkloads.Owner(job.arn(),
        Arn.parse(job.request().roleArn()), job.region(), job.name()));
    switch (job.state()) {
      case STARTING -> admit(job);
      case DOWNLOADING -> effect(job, () -> stage(job));
      case TRAINING -> effect(job, () -> watch(job));
      case STOPPING, EXPIRING -> effect(job, () -> stop(job));
      case UPLOADING, UPLOADING_FAILED, UPLOADING_STOPPED, UPLOADING_EXPIRED -> effect(job, () -> collect(job));
      case COMPLETED, FAILED, STOPPED, EXPIRED -> effect(job, () -> release(job));
    }
  }

  /**
   * Asks for the job's share of the machine; a job that waits for accelerators waits until it is stopped.
   *
   * @throws ComputeException this machine can never have its instances
   */
  private void admit(TrainingJob job) {
    capacity.require(type(job), job.hosts());
    if (!capacity.waitsForAccelerators(type(job))) {
      capacity.acquire(job.arn().toString(), cut(job).each(), job.hosts(), () -> effect(job, () -> prepare(job)))
          .ifPresent(shortage -> input.tell(job, shortage));
    }
  }

  private static InstanceType type(TrainingJob job) {
    return InstanceType.require(job.request().resourceConfig().instanceType());
  }

  private void effect(TrainingJob job, Runnable work) {
    effects.begin(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void guarded(TrainingJob job, Runnable work) {
    effects.guard(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void broken(TrainingJob job, RuntimeException e) {
    report(job.arn(), TrainingEvent.BROKEN, Change.failure(FailureText.of(e, "ClientError: ")));
  }

  /** Applies an event that nobody waits for: what cannot be stored now, as on a full disk, is stored when it can be. */
  private void report(Arn arn, TrainingEvent event, Change change) {
    effects.untilDone(event + " of " + arn, () -> happened(arn, event, change));
  }

  /** Applies an event to a job: decided on what is stored, written once, acted on after the commit. */
  void happened(Arn arn, TrainingEvent event, Change change) {
    while (true) {
      Optional<TrainingJob> job = store.find(arn.toString());
      Optional<TrainingState> next = job.flatMap(present -> present.state().after(event));
      if (next.isEmpty()) {
        return;
      }
      Change kept = next.get() == TrainingState.STOPPED ? new Change(change.message(), Optional.empty(),
          change.modelArtifacts(), change.finalMetrics()) : change;
      if (store.apply(job.get(), next.get(), kept, clock.instant())) {
        store.find(arn.toString()).ifPresent(this::act);
        return;
      }
    }
  }

  private boolean stillIn(TrainingJob job, TrainingState... states) {
    TrainingState now = store.find(job.arn().toString()).map(TrainingJob::state).orElse(TrainingState.FAILED);
    return Arrays.asList(states).contains(now);
  }

  private void prepare(TrainingJob job) {
    input.prepareImage(job);
    report(job.arn(), TrainingEvent.PREPARED, Change.NONE);
  }

  private void stage(TrainingJob job) {
    if (!backend.list().containsKey(TrainingWorkload.id(job))) {
      if (!stillIn(job, TrainingState.DOWNLOADING)) {
        report(job.arn(), TrainingEvent.NEVER_STARTED, Change.NONE);
        return;
      }
      Capacity.Cut cut = cut(job);
      if (cut.capped()) {
        store.appendMessage(job.arn(), "The instance type is larger than this machine: the job has "
            + cut.each().cpus() + " CPUs and " + cut.each().memoryBytes() / GIB + " GiB of memory");
      }
      backend.start(input.stage(job, cut.each()));
    }
    if (stillIn(job, TrainingState.STOPPING)) {
      backend.stop(TrainingWorkload.id(job), STOP_GRACE);
    }
  }

  /** Begins what goes on while the program runs. */
  void watch(TrainingJob job) {
    if (!backend.list().containsKey(TrainingWorkload.id(job))) {
      throw new ComputeException("The job's sandbox is gone: it was ended from outside, as atelier down does");
    }
    output.follow(job, pump);
    boolean keeps = checkpoints.follow(job);
    if (store.find(job.arn().toString()).filter(now -> !now.state().ended()).isEmpty()) {
      // it ended meanwhile, and may have been released before it was followed
      checkpoints.release(job);
      return;
    }
    if (keeps) {
      effects.after(CHECKPOINT_PERIOD, () -> keepCheckpoints(job));
    }
    Instant until = job.startedAt().orElse(clock.instant())
        .plusSeconds(job.request().stoppingCondition().maxRuntimeInSeconds());
    effects.after(Duration.between(clock.instant(), until),
        () -> report(job.arn(), TrainingEvent.EXPIRE, Change.NONE));
  }

  /** Stores checkpoints while the program may write them; the last ones are stored with the output. */
  private void keepCheckpoints(TrainingJob job) {
    try {
      if (!stillIn(job, TrainingState.TRAINING, TrainingState.STOPPING, TrainingState.EXPIRING)) {
        return;
      }
      checkpoints.pass(job);
    } catch (RuntimeException e) {
      LOG.warn("checkpoints of {} cannot be stored now", job.arn(), e);
    }
    effects.after(CHECKPOINT_PERIOD, () -> keepCheckpoints(job));
  }

  private void stop(TrainingJob job) {
    WorkloadId id = TrainingWorkload.id(job);
    if (backend.list().containsKey(id)) {
      output.follow(job, pump);
      backend.stop(id, STOP_GRACE);
    }
  }

  private void collect(TrainingJob job) {
    Map<String, WorkloadState> hosts = backend.list().get(TrainingWorkload.id(job));
    if (hosts == null) {
      throw new ComputeException("what the program left behind is gone");
    }
    report(job.arn(), TrainingEvent.COLLECTED, output.collect(job, hosts, pump));
  }

  private void release(TrainingJob job) {
    try {
      checkpoints.release(job);
    } finally {
      // closing interrupts it: then the hosts are left, with the checkpoints they hold, to the next server
      if (!effects.closing()) {
        effects.untilDone("the removal of " + job.arn(), () -> remove(job));
      }
    }
  }

  private void remove(TrainingJob job) {
    WorkloadId id = TrainingWorkload.id(job);
    try {
      backend.remove(id);
      input.discard(job);
    } finally {
      capacity.release(job.arn().toString());
      live.remove(id);
    }
  }

  /** Takes in what the backend tells of a host; the job goes on when all its hosts have. */
  void observed(WorkloadEvent event) {
    Optional<TrainingJob> job = live.find(event.id()).flatMap(owner -> store.find(owner.arn().toString()));
    Map<String, WorkloadState> hosts = backend.list().get(event.id());
    if (job.isEmpty() || hosts == null) {
      return;
    }
    if (event.state() instanceof WorkloadState.Running && event.host().equals(TrainingWorkload.host(0))) {
      report(job.get().arn(), TrainingEvent.STARTED, Change.NONE);
    }
    Outcome.of(hosts.values()).ifPresent(outcome -> report(job.get().arn(), outcome.event(), outcome.change()));
    if (Outcome.failsEarly(hosts.values())) {
      // a job fails with its first host; the others would wait for it for ever
      backend.stop(event.id(), STOP_GRACE);
    }
  }

  @Override
  public void close() {
    effects.close();
  }
}
