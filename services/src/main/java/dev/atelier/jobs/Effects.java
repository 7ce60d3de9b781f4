package dev.atelier.jobs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the states of jobs and endpoints ask for. Whatever fails because the server closes is no failure: it is
 * left to the next server, which does it again.
 */
public final class Effects implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Effects.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor timer;

  /** @param name of the thread that waits */
  public Effects(String name) {
    timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Whether the server closes, which interrupts what is being done. */
  public boolean closing() {
    return timer.isShutdown();
  }

  /** Does work on the caller's thread; {@code broken} is told what it throws. */
  public void guard(String what, Runnable work, Consumer<RuntimeException> broken) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (closing()) {
        leave(what, e);
        return;
      }
      if (!FailureText.explained(e)) {
        LOG.error("{} failed", what, e);
      }
      broken.accept(e);
    } catch (OutOfMemoryError e) {
      // what one job's program left must not leave it standing for ever
      LOG.error("{} needs more memory than there is", what, e);
      broken.accept(new IllegalStateException("out of memory", e));
    }
  }

  /** As {@link #guard}, on a thread of its own; returns at once. */
  public void begin(String what, Runnable work, Consumer<RuntimeException> broken) {
    guard(what, () -> threads.execute(() -> guard(what, work, broken)), broken);
  }

  /** Does work on a thread of its own after a delay, unless what is returned is cancelled before. */
  public Future<?> after(Duration delay, Runnable work) {
    try {
      return timer.schedule(() -> threads.execute(work), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      leave("what was to be done in " + delay, e);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Does work, on the caller's thread at first, and again while it throws; it must bear to be repeated. */
  public void untilDone(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (closing()) {
        leave(what, e);
        return;
      }
      LOG.warn("{} cannot be done now and is tried again: {}", what, e.toString());
      after(AGAIN, () -> untilDone(what, work));
    }
  }

  private static void leave(String what, RuntimeException e) {
    LOG.info("{} is left to the next server: {}", what, e.toString());
  }

  /** Interrupts what is being done and begins nothing more; returns at once. */
  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
