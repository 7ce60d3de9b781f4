package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Deadlines;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.HostsEnd;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogPump;
import dev.atelier.kernel.Arn;
import dev.atelier.models.sagemaker.StoppingCondition;
import dev.atelier.training.TrainingJobStore.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs training jobs. What is to be done follows from a job's state alone, so it is done again after a restart: every
 * effect may be repeated, and tells its end as an event that means something only in the state it was done for.
 */
final class TrainingRuns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRuns.class);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);
  private static final Duration STOP_GRACE = Duration.ofSeconds(120);
  private static final Duration CHECKPOINT_PERIOD = Duration.ofSeconds(10);
  private static final Set<TrainingState> TOLD_TO_END = EnumSet.of(TrainingState.STOPPING, TrainingState.EXPIRING,
      TrainingState.INTERRUPTED, TrainingState.OVERDUE_STOPPING);
  private static final Set<TrainingState> PROGRAM_RUNS = EnumSet.copyOf(TOLD_TO_END);

  static {
    PROGRAM_RUNS.add(TrainingState.TRAINING);
  }

  private final TrainingJobStore store;
  private final ComputeBackend backend;
  private final TrainingAdmission admission;
  private final TrainingInput input;
  private final TrainingOutput output;
  private final Checkpoints checkpoints;
  private final LogPump pump;
  private final LiveWorkloads live;
  private final Clock clock;
  private final Effects effects = new Effects("training-timer");
  private final Deadlines deadlines = new Deadlines(effects);

  private final SpotMarket spot;

  TrainingRuns(JobPlatform platform, TrainingJobStore store, TrainingInput input, TrainingOutput output,
      Checkpoints checkpoints, SpotMarket spot) {
    this.spot = spot;
    this.store = store;
    this.backend = platform.backend();
    this.admission = new TrainingAdmission(platform, store, effects);
    this.input = input;
    this.output = output;
    this.checkpoints = checkpoints;
    this.pump = platform.pump();
    this.live = platform.live();
    this.clock = platform.clock();
  }

  /** Fails as CreateTrainingJob does when there are more instances than this machine can ever give. */
  void requireRoom(long hosts) {
    admission.requireHosts(hosts);
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
        .forEach(job -> guarded(job, () -> admission.adopt(job)));
    admission.pools().resume();
  }

  WarmPools pools() {
    return admission.pools();
  }

  /** Takes up every job; called once at start-up, before events of the backend arrive. */
  void resume() {
    Set<WorkloadId> found = backend.list().keySet();
    for (TrainingJob job : store.unfinished(found)) {
      limitWaiting(job);
      act(job);
      if (TOLD_TO_END.contains(job.state()) && !found.contains(TrainingWorkload.id(job))) {
        // told while it was being staged: whoever staged it, and would have answered, is gone
        report(job, TrainingEvent.NEVER_STARTED, Change.NONE);
      }
    }
  }

  /** Begins what a job that was just stored needs. */
  void begin(TrainingJob job) {
    limitWaiting(job);
    act(job);
  }

  /** Begins what the job's state asks for; returns at once. What cannot be begun fails the job, never the caller. */
  void act(TrainingJob job) {
    guarded(job, () -> pursue(job));
  }

  private void pursue(TrainingJob job) {
    live.put(TrainingWorkload.id(job), new LiveWorkloads.Owner(job.arn(),
        Arn.parse(job.request().roleArn()), job.region(), job.name()));
    switch (job.state()) {
      case STARTING, PENDING -> admit(job);
      case DOWNLOADING -> effect(job, () -> stage(job));
      case TRAINING -> effect(job, () -> watch(job));
      case STOPPING, EXPIRING, INTERRUPTED, OVERDUE_STOPPING -> effect(job, () -> stop(job));
      case RECLAIMING, RESTARTING -> effect(job, () -> reclaim(job));
      case UPLOADING, UPLOADING_FAILED, UPLOADING_STOPPED, UPLOADING_EXPIRED, UPLOADING_OVERDUE -> {
        admission.idle(job);
        effect(job, () -> collect(job));
      }
      case COMPLETED, FAILED, STOPPED, EXPIRED, OVERDUE -> effect(job, () -> release(job));
    }
  }

  /** Ends a job on spot instances when it has taken as long as its StoppingCondition lets it. */
  private void limitWaiting(TrainingJob job) {
    StoppingCondition limits = job.request().stoppingCondition();
    if (!job.state().ended() && job.onSpot()) {
      at(job, job.createdAt().plusSeconds(limits.maxWaitTimeInSeconds()), () -> waitedOut(job));
    }
  }

  private void waitedOut(TrainingJob job) {
    if (store.find(job.arn().toString()).filter(now -> PROGRAM_RUNS.contains(now.state()) && over(now)).isPresent()) {
      // should another attempt follow, it has waited too long
      at(job, clock.instant().plus(A_MOMENT), () -> waitedOut(job));
    } else {
      happened(job.arn(), TrainingEvent.WAITED_OUT, Change.NONE, now -> now.createdAt().equals(job.createdAt()));
    }
  }

  private boolean over(TrainingJob job) {
    return HostsEnd.over(backend, TrainingWorkload.id(job));
  }

  /** What happens to a job unless its programs have ended. */
  private void unlessOver(TrainingJob job, TrainingEvent event) {
    if (!over(job)) {
      report(job, event, Change.NONE);
    }
  }

  private void limitPending(TrainingJob job) {
    StoppingCondition limits = job.request().stoppingCondition();
    if (job.state().waits() && limits.maxPendingTimeInSeconds() != null) {
      at(job, job.attempts().beganAt().plusSeconds(limits.maxPendingTimeInSeconds()), () -> happened(job,
          TrainingEvent.PENDED_OUT, Change.told("Training job was pending longer than MaxPendingTimeInSeconds provided")));
    }
  }

  private void at(TrainingJob job, Instant when, Runnable event) {
    deadlines.after(job.arn().toString(), Duration.between(clock.instant(), when),
        () -> effects.untilDone("a limit of time", event));
  }

  private void admit(TrainingJob job) {
    output.check(job);
    limitPending(job);
    admission.ask(job, () -> effect(job, () -> prepare(job)), place -> store.replacePendingMessage(job, place))
        .ifPresent(shortage -> {
          if (job.state() == TrainingState.STARTING) {
            input.log(job, shortage);
          }
          report(job, TrainingEvent.QUEUED, Change.told(shortage));
        });
    releaseIfOver(job);
  }

  /** Gives back what a job was given that was stopped while it asked; true when it was. */
  private boolean releaseIfOver(TrainingJob job) {
    boolean over = store.find(job.arn().toString()).filter(now -> now.createdAt().equals(job.createdAt())
        && !now.state().ended()).isEmpty();
    if (over) {
      admission.release(job);
      live.remove(TrainingWorkload.id(job));
    }
    return over;
  }

  private void effect(TrainingJob job, Runnable work) {
    effects.begin(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void guarded(TrainingJob job, Runnable work) {
    effects.guard(job.state() + " of " + job.arn(), work, e -> broken(job, e));
  }

  private void broken(TrainingJob job, RuntimeException e) {
    String reason = FailureText.of(e, "ClientError: ");
    if (!job.state().waits()) {
      // a job that is being stopped shows no reason of its own, and its output may not be stored
      effects.untilDone("the log of " + job.arn(), () -> input.log(job, reason));
    }
    report(job, TrainingEvent.BROKEN, Change.failure(reason));
  }

  /** Applies an event that nobody waits for: what cannot be stored now, as on a full disk, is stored when it can be. */
  private void report(TrainingJob job, TrainingEvent event, Change change) {
    effects.untilDone(event + " of " + job.arn(), () -> happened(job, event, change));
  }

  /** Applies an event of one attempt of a job; it means nothing to a later one. */
  private void happened(TrainingJob attempt, TrainingEvent event, Change change) {
    happened(attempt.arn(), event, change,
        job -> job.attempts().number() == attempt.attempts().number() && job.createdAt().equals(attempt.createdAt()));
  }

  /** Applies an event to a job, whichever its attempt. */
  void happened(Arn arn, TrainingEvent event, Change change) {
    happened(arn, event, change, job -> true);
  }

  /** Decided on what is stored, written once, acted on after the commit. */
  private void happened(Arn arn, TrainingEvent event, Change change, Predicate<TrainingJob> concerned) {
    while (true) {
      Optional<TrainingJob> job = store.find(arn.toString()).filter(concerned);
      TrainingEvent decided = event == TrainingEvent.LOST && job.filter(TrainingJob::mayRetry).isEmpty()
          ? TrainingEvent.BROKEN : event;
      Optional<TrainingState> next = job.flatMap(present -> present.state().after(decided));
      if (next.isEmpty()) {
        return;
      }
      if (next.get() == TrainingState.FAILED && decided != TrainingEvent.COLLECTED) {
        output.explain(job.get(), change);
      }
      if (store.apply(job.get(), decided, next.get(), change.into(next.get()), clock.instant())) {
        act(job.get(), next.get());
        job.get().tuningJob().ifPresent(output.watches()::changed);
        return;
      }
    }
  }

  /** Acts on a state that was just stored; whoever has changed it since acts on the next. */
  private void act(TrainingJob before, TrainingState stored) {
    store.find(before.arn().toString()).ifPresent(now -> {
      if (now.version() == before.version() + 1) {
        act(now);
      } else if (stored == TrainingState.DOWNLOADING) {
        // told to end before anything was started: staging is what answers
        effect(now, () -> stage(now));
      }
    });
  }

  private boolean stillIn(TrainingJob job, Set<TrainingState> states) {
    return store.find(job.arn().toString())
        .filter(now -> now.attempts().number() == job.attempts().number() && states.contains(now.state())).isPresent();
  }

  private void prepare(TrainingJob job) {
    if (releaseIfOver(job)) {
      return;
    }
    admission.settle(job);
    input.prepareImage(job);
    report(job, TrainingEvent.PREPARED, Change.NONE);
  }

  private void stage(TrainingJob job) {
    if (!backend.list().containsKey(TrainingWorkload.id(job))) {
      if (!stillIn(job, Set.of(TrainingState.DOWNLOADING))) {
        report(job, TrainingEvent.NEVER_STARTED, Change.NONE);
        return;
      }
      admission.shortfall(job).ifPresent(sentence -> store.appendMessage(job.arn(), sentence));
      backend.start(input.stage(job, admission.hosts(job)));
    }
    if (stillIn(job, TOLD_TO_END)) {
      backend.stop(TrainingWorkload.id(job), STOP_GRACE);
    }
  }

  /** Begins what goes on while the program runs. */
  void watch(TrainingJob job) {
    if (!backend.list().containsKey(TrainingWorkload.id(job))) {
      if (!stillIn(job, PROGRAM_RUNS)) {
        // lost, and removed for the next attempt, before this came to look
        return;
      }
      throw new ComputeException("The job's sandbox is gone: it was ended from outside, as atelier down does");
    }
    output.follow(job, pump);
    boolean keeps = checkpoints.follow(job) | output.written().follow(job);
    if (store.find(job.arn().toString()).filter(now -> !now.state().ended()).isEmpty()) {
      // it ended meanwhile, and may have been released before it was followed
      forget(job);
      return;
    }
    if (keeps) {
      effects.after(CHECKPOINT_PERIOD, () -> keepCheckpoints(job));
    }
    Instant now = clock.instant();
    Duration left = Duration.ofSeconds(job.request().stoppingCondition().maxRuntimeInSeconds())
        .minus(job.attempts().ran(now));
    deadlines.after(job.arn().toString(), left, () -> unlessOver(job, TrainingEvent.EXPIRE));
    if (job.onSpot()) {
      spot.interruption(job.attempts(), now).ifPresent(after ->
          deadlines.after(job.arn().toString(), after, () -> unlessOver(job, TrainingEvent.INTERRUPT)));
    }
  }

  /** Stores checkpoints while the program may write them; the last ones are stored with the output. */
  private void keepCheckpoints(TrainingJob job) {
    try {
      if (!stillIn(job, PROGRAM_RUNS)) {
        return;
      }
      checkpoints.pass(job);
      output.written().pass(job);
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
    Change change = output.collect(job, hosts, pump);
    boolean lacks = job.state() == TrainingState.UPLOADING && change.failureReason().isPresent();
    report(job, lacks ? TrainingEvent.BROKEN : TrainingEvent.COLLECTED, change);
  }

  /** Ends an attempt that another will follow: what it has saved is stored, and its hosts are removed. */
  private void reclaim(TrainingJob job) {
    if (backend.list().containsKey(TrainingWorkload.id(job))) {
      output.drain(job, pump);
      if (job.state() == TrainingState.RECLAIMING) {
        checkpoints.finish(job);
        output.written().finish(job);
      }
    }
    forget(job);
    effects.untilDone("the removal of " + job.arn(), () -> {
      remove(job);
      happened(job, TrainingEvent.RECLAIMED, Change.NONE);
    });
  }

  private void forget(TrainingJob job) {
    checkpoints.release(job);
    output.written().release(job);
  }

  private void release(TrainingJob job) {
    deadlines.forget(job.arn().toString());
    try {
      forget(job);
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
      admission.release(job);
      live.remove(id);
    }
  }

  /** Takes in what the backend tells of a host; the job goes on when all its hosts have. */
  void observed(WorkloadEvent event) {
    Optional<TrainingJob> job = live.find(event.id()).flatMap(owner -> store.find(owner.arn().toString()))
        .filter(present -> TrainingWorkload.id(present).equals(event.id()));
    Map<String, WorkloadState> hosts = backend.list().get(event.id());
    if (job.isEmpty() || hosts == null) {
      return;
    }
    if (event.state() instanceof WorkloadState.Running && event.host().equals(TrainingWorkload.host(0))) {
      report(job.get(), TrainingEvent.STARTED, Change.NONE);
    }
    Outcome.of(hosts.values()).ifPresent(outcome -> report(job.get(), outcome.event(), outcome.change()));
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
