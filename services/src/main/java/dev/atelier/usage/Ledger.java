package dev.atelier.usage;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of what runs, by what the backend tells: an entry begins when a program was started and ends when it
 * has ended, also when no server watched. It is told again after a restart, and takes nothing twice.
 */
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final int SEEN_SECONDS = 30;

  private final LedgerStore store;
  private final LiveWorkloads live;
  private final ComputeBackend backend;
  private final Function<Arn, Optional<Use>> uses;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("ledger").factory());

  /** @param uses what a resource uses; empty for what is not billed */
  Ledger(LedgerStore store, LiveWorkloads live, ComputeBackend backend, Function<Arn, Optional<Use>> uses, Clock clock) {
    this.store = store;
    this.live = live;
    this.backend = backend;
    this.uses = uses;
    this.clock = clock;
  }

  /** Closes what ended and went while no server ran, and listens to what ends; called once, before events arrive. */
  void start() {
    store.closeOthers(backend.list().keySet());
    live.onRemoval(id -> guarded(() -> store.close(id, clock.instant())));
    timer.scheduleWithFixedDelay(() -> guarded(() -> store.seen(clock.instant())), SEEN_SECONDS, SEEN_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Takes in what the backend tells of a host; called before anybody acts on it. */
  public void observed(WorkloadEvent event) {
    guarded(() -> {
      if (event.state() instanceof WorkloadState.Running(Instant since)) {
        live.find(event.id()).flatMap(owner -> uses.apply(owner.arn())).ifPresent(use ->
            store.open(event.id(), use, payer(use), since));
      } else if (event.state().ended() && over(event.id())) {
        store.close(event.id(), ended(event.state()));
      }
    });
  }

  private Payer payer(Use use) {
    return use.payer().or(() -> store.creator(use.origin().toString())).orElse(Payer.UNKNOWN);
  }

  private boolean over(WorkloadId id) {
    Map<String, WorkloadState> hosts = backend.list().getOrDefault(id, Map.of());
    return hosts.values().stream().allMatch(WorkloadState::ended);
  }

  private Instant ended(WorkloadState state) {
    return switch (state) {
      case WorkloadState.Exited exited -> exited.at();
      case WorkloadState.Lost lost -> lost.at();
      case WorkloadState.Preparing preparing -> clock.instant();
      case WorkloadState.Running running -> clock.instant();
    };
  }

  /** An account that cannot be kept now, as on a full disk, must not stop what it is kept of. */
  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("the ledger cannot be written now", e);
    }
  }

  /** What ran at some time within two, oldest first. */
  public List<Entry> within(AccountId account, Region region, Instant from, Instant to) {
    return store.within(account, region, from, to);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
