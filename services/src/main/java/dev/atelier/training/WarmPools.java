package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Claim;
import dev.atelier.jobs.Effects;
import dev.atelier.kernel.Fault;
import dev.atelier.operation.StoredDocument;
import dev.atelier.training.WarmPool.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the instances of jobs with KeepAlivePeriodInSeconds: their share of the machine, and a folder of theirs. A kept
 * share gives way when somebody waits for its room, since one machine is all there is.
 */
final class WarmPools {
  private static final Logger LOG = LoggerFactory.getLogger(WarmPools.class);

  private final WarmPoolStore store;
  private final Capacity capacity;
  private final ComputeBackend backend;
  private final Effects effects;
  private final Clock clock;
  private final Function<TrainingJob, Claim> claims;

  WarmPools(WarmPoolStore store, Capacity capacity, ComputeBackend backend, Effects effects, Clock clock,
      Function<TrainingJob, Claim> claims) {
    this.store = store;
    this.capacity = capacity;
    this.backend = backend;
    this.effects = effects;
    this.clock = clock;
    this.claims = claims;
  }

  /** Counts the kept shares again, as found after a restart. */
  void resume() {
    for (TrainingJob job : store.in(State.AVAILABLE)) {
      WarmPool pool = job.pool().orElseThrow();
      capacity.adoptKept(claims.apply(job).of(pool.claim()), lost(job));
      expire(job, pool.until().orElseThrow());
    }
    // those whose hosts are still there are settled when these are removed
    store.in(State.IN_USE).stream().filter(job -> job.state().ended())
        .filter(job -> !backend.list().containsKey(TrainingWorkload.id(job))).forEach(this::terminate);
    sweep();
  }

  /** Removes folders of pools that are gone: a server may have died before it did, or the job was deleted. */
  private void sweep() {
    // read first: a folder that is made from now on is of a pool that the rows may not tell of yet
    Set<String> there = backend.volumes();
    Set<String> kept = new HashSet<>();
    store.in(State.AVAILABLE, State.IN_USE).forEach(job -> {
      for (int host = 0; host < job.hosts(); host++) {
        kept.add(job.pool().orElseThrow().volume(host));
      }
    });
    there.stream().filter(name -> name.startsWith(WarmPool.VOLUME) && !kept.contains(name))
        .forEach(this::removeVolume);
  }

  /** What is done when somebody else gets the room of a pool: later, since they are waiting for it. */
  private Runnable lost(TrainingJob job) {
    return () -> effects.after(Duration.ZERO,
        () -> effects.untilDone("the end of the warm pool of " + job.arn(), () -> terminate(job)));
  }

  /** Gives a job kept instances when there are any like it asks for, and its share with them; false without. */
  boolean take(TrainingJob job) {
    if (!WarmPool.fits(job.request()) || store.find(job).flatMap(TrainingJob::pool).isPresent()) {
      return false;
    }
    for (TrainingJob from : store.available(job)) {
      if (store.reuse(from, job, clock.instant())) {
        capacity.take(from.pool().orElseThrow().claim(), claims.apply(job));
        return true;
      }
    }
    return false;
  }

  /** Gives a job that has its share the instances kept with it, or new ones to keep; done again, does nothing. */
  void settle(TrainingJob job) {
    if (WarmPool.fits(job.request()) && !take(job) && WarmPool.keepAlive(job.request()).isPositive()) {
      store.begin(job, TrainingWorkload.id(job).value(), clock.instant());
    }
  }

  /** Keeps the instances of a job that has ended, or gives them back; done again, does nothing. */
  void keep(TrainingJob job) {
    Optional<TrainingJob> stored = store.find(job);
    if (stored.isEmpty() && job.pool().isPresent()) {
      // deleted after its end, when its hosts still had the folder
      sweep();
    }
    Optional<WarmPool> pool = stored.flatMap(TrainingJob::pool).filter(each -> each.state() == State.IN_USE);
    if (pool.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    Instant until = now.plus(WarmPool.keepAlive(job.request()));
    Instant last = pool.get().beganAt().plus(WarmPool.LONGEST);
    until = until.isAfter(last) ? last : until;
    if (!until.isAfter(now) || !stayUp(job) || !store.keep(job, now, until)) {
      terminate(job);
      return;
    }
    if (!capacity.keep(TrainingAdmission.owner(job), pool.get().claim(), lost(job))) {
      terminate(job);
    } else if (store.find(job).flatMap(TrainingJob::pool).filter(kept -> kept.state() == State.AVAILABLE).isEmpty()) {
      // somebody took it up before its room was kept, and has room of their own
      capacity.release(pool.get().claim());
    } else {
      expire(job, until);
    }
  }

  /** Whether instances stay up after such an end: not after the platform's own failure. */
  private static boolean stayUp(TrainingJob job) {
    return job.startedAt().isPresent() && (job.state() != TrainingState.FAILED
        || job.failureReason().filter(reason -> reason.startsWith("AlgorithmError")).isPresent());
  }

  private void expire(TrainingJob job, Instant until) {
    effects.after(Duration.between(clock.instant(), until), () -> effects.untilDone("the end of a warm pool", () ->
        store.find(job).flatMap(TrainingJob::pool).flatMap(WarmPool::until)
            .filter(now -> !now.isAfter(clock.instant())).ifPresent(over -> terminate(job))));
  }

  /** Changes how long a job's instances are kept; 0 gives them back. */
  void update(TrainingJob job, int seconds) {
    WarmPool pool = job.pool().filter(each -> each.state() == State.AVAILABLE).orElseThrow(() -> Fault.validation(
        "KeepAlivePeriodInSeconds can only be updated when the warm pool status of the training job is Available."));
    Instant until = pool.availableAt().orElseThrow().plusSeconds(seconds);
    Instant last = pool.beganAt().plus(WarmPool.LONGEST);
    Instant bounded = until.isAfter(last) ? last : until;
    String request = StoredDocument.write(job.request().toBuilder().resourceConfig(
        job.request().resourceConfig().toBuilder().keepAlivePeriodInSeconds(seconds).build()).build());
    if (store.extend(job, request, bounded, clock.instant())) {
      expire(job, bounded);
    }
  }

  private void terminate(TrainingJob job) {
    Optional<WarmPool> pool = store.find(job).flatMap(TrainingJob::pool);
    if (pool.isEmpty() || !store.terminate(job, clock.instant())) {
      return;
    }
    capacity.release(pool.get().claim());
    for (int host = 0; host < job.hosts(); host++) {
      removeVolume(pool.get().volume(host));
    }
  }

  private void removeVolume(String name) {
    try {
      backend.removeVolume(name);
    } catch (ComputeException e) {
      LOG.warn("the folder {} stays until the next start: {}", name, e.getMessage());
    }
  }
}
