package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what hosts write into the logs, line by line, each byte once, through restarts of the server. */
public final class LogPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);
  private static final long PERIOD_MILLIS = 100;
  /** After so many of one host the others have their turn. */
  private static final int CHUNKS_IN_A_TURN = 8;

  private final ComputeBackend backend;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("log-pump").factory());
  private final Map<Source, Follower> followers = new ConcurrentHashMap<>();

  private record Source(WorkloadId id, String host) {}

  public LogPump(ComputeBackend backend, Clock clock) {
    this.backend = backend;
    this.clock = clock;
  }

  /** Follows a host's output from where its stream ends. Following twice is following once. */
  public void follow(WorkloadId id, String host, LogSink.Stream stream) {
    Source source = new Source(id, host);
    followers.computeIfAbsent(source, key -> {
      Follower follower = new Follower(source, stream);
      follower.task = timer.scheduleWithFixedDelay(
          follower::pump, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
      return follower;
    });
  }

  /** Reads a host's output to its end, its last line also when it has no end of line, and follows no longer. */
  public void drain(WorkloadId id, String host, LogSink.Stream stream) {
    Source source = new Source(id, host);
    Follower present = followers.remove(source);
    Follower follower = present == null ? new Follower(source, stream) : present;
    if (follower.task != null) {
      follower.task.cancel(false);
    }
    follower.finish();
  }

  /** Reads the output of all followed hosts of a workload to its end and follows them no longer. */
  public void finish(WorkloadId id) {
    for (Source source : List.copyOf(followers.keySet())) {
      Follower follower = source.id().equals(id) ? followers.remove(source) : null;
      if (follower != null) {
        follower.task.cancel(false);
        follower.finish();
      }
    }
  }

  private final class Follower {
    private final Source source;
    private final LogSink.Stream stream;
    private final OutputLines output;
    private ScheduledFuture<?> task;
    private boolean waiting;

    Follower(Source source, LogSink.Stream stream) {
      this.source = source;
      this.stream = stream;
      this.output = new OutputLines(backend, source.id(), source.host(), clock);
    }

    synchronized void pump() {
      try {
        if (!backend.list().containsKey(source.id())) {
          // followed by a job that has ended meanwhile
          followers.remove(source, this);
          task.cancel(false);
          return;
        }
        for (int chunk = 0; chunk < CHUNKS_IN_A_TURN; chunk++) {
          if (!step(false)) {
            return;
          }
        }
        if (!waiting && !timer.isShutdown()) {
          waiting = true;
          timer.execute(this::goOn);
        }
      } catch (RuntimeException e) {
        LOG.warn("the log of {} cannot be read now", source, e);
      }
    }

    private synchronized void goOn() {
      waiting = false;
      if (followers.get(source) == this) {
        pump();
      }
    }

    synchronized void finish() {
      while (step(true)) {
        // until nothing is left
      }
    }

    /** Appends the whole lines of the next chunk; true when there may be more. */
    private boolean step(boolean last) {
      long offset = stream.sourceOffset();
      OutputLines.Chunk chunk = output.read(offset, last);
      if (chunk.to() == offset) {
        return false;
      }
      stream.append(chunk.lines(), offset, chunk.to());
      return true;
    }
  }

  @Override
  public void close() {
    timer.shutdown();
  }
}
