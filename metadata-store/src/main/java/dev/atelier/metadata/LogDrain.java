package dev.atelier.metadata;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what the write-ahead log holds into the database beside the writer, which SQLite would otherwise do within every
 * commit that finds the log long. What is committed is on disk in the log; nothing depends on when this runs.
 */
final class LogDrain implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogDrain.class);
  private static final long EVERY_MILLIS = 500;
  /** Pages; a log that never comes to rest is longer than this only until writers have waited for its restart. */
  private static final int LONG = 8_192;

  private final Handle handle;
  private final AtomicBoolean written = new AtomicBoolean();
  private final ScheduledExecutorService clock;

  private LogDrain(Handle handle, String name) {
    this.handle = handle;
    this.clock = Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("log-drain-" + name).daemon(true).factory());
  }

  /** @param handle a connection of its own, closed with this */
  static LogDrain start(Handle handle, String name) {
    LogDrain drain = new LogDrain(handle, name);
    drain.clock.scheduleWithFixedDelay(drain::run, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return drain;
  }

  /** Something was committed. */
  void written() {
    written.set(true);
  }

  private void run() {
    if (!written.getAndSet(false)) {
      return;
    }
    try {
      if (checkpoint("PASSIVE") > LONG) {
        checkpoint("RESTART");
      }
    } catch (RuntimeException e) {
      // a full disk, most likely: the log keeps what it has, and the next write asks again; a throw would end the schedule
      LOG.warn("a checkpoint failed: {}", e.getMessage());
    }
  }

  /** The pages of the log. */
  private int checkpoint(String mode) {
    return handle.createQuery("PRAGMA wal_checkpoint(" + mode + ")")
        .map((row, context) -> row.getInt("log")).one();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    try {
      if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("a checkpoint still runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    handle.close();
  }
}
