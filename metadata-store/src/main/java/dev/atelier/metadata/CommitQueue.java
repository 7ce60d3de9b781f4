package dev.atelier.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Group commit: units of work queue up while the disk flushes, and the next transaction takes all that are waiting. One
 * platform thread owns the connection.
 */
final class CommitQueue implements AutoCloseable {
  private static final int BATCH = 256;

  private final Handle handle;
  private final Savepoint savepoint;
  private final ChangedRows changes = new ChangedRows();
  private final LinkedBlockingQueue<Unit<?>> waiting = new LinkedBlockingQueue<>();
  private final Thread writer;
  private final Object entrance = new Object();
  private boolean closed;

  private CommitQueue(Handle handle, String name) {
    this.handle = handle;
    this.savepoint = new Savepoint(handle.getConnection());
    this.writer = Thread.ofPlatform().name("writer-" + name).daemon(true).unstarted(this::loop);
  }

  static CommitQueue start(Handle handle, String name) {
    CommitQueue queue = new CommitQueue(handle, name);
    queue.writer.start();
    return queue;
  }

  <T> T run(Function<Handle, T> work) {
    refuseNesting();
    Unit<T> unit = new Unit<>(work);
    synchronized (entrance) {
      if (closed) {
        throw new IllegalStateException("the database is closed");
      }
      waiting.add(unit);
    }
    try {
      return unit.outcome.join();
    } catch (CompletionException e) {
      throw rethrown(e.getCause());
    }
  }

  /** See {@link MetadataStore#watch}. */
  void watch(Consumer<Set<String>> told) {
    run(writer -> {
      changes.watch(writer, told);
      return true;
    });
  }

  void refuseNesting() {
    if (Thread.currentThread() == writer) {
      throw new IllegalStateException("a unit of work uses the handle that it was given");
    }
  }

  @Override
  public void close() {
    synchronized (entrance) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.add(Unit.END);
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    try (handle) {
      List<Unit<?>> batch = new ArrayList<>();
      while (!batch.contains(Unit.END)) {
        batch.clear();
        batch.add(waiting.take());
        waiting.drainTo(batch, BATCH - 1);
        commit(batch);
      }
    } catch (InterruptedException e) {
      // Nobody has this thread's reference to interrupt it; were it done, later callers must not wait for ever.
      synchronized (entrance) {
        closed = true;
      }
      waiting.forEach(unit -> unit.outcome.completeExceptionally(e));
    }
  }

  private void commit(List<Unit<?>> batch) {
    List<Runnable> acknowledgements = new ArrayList<>();
    List<Unit<?>> ran = new ArrayList<>();
    try {
      handle.begin();
      for (Unit<?> unit : batch) {
        if (unit == Unit.END) {
          continue;
        }
        ran.add(unit);
        acknowledgements.add(run(unit, batch.size() > 1));
      }
      Set<String> changed = changes.take(handle);
      handle.commit();
      acknowledgements.forEach(Runnable::run);
      changes.committed(changed);
    } catch (RuntimeException | Error e) {
      // SQLite gives up the whole transaction when the disk is full or fails: no unit of the batch is stored.
      abandon(e);
      batch.stream().filter(unit -> unit != Unit.END).forEach(unit -> unit.outcome.completeExceptionally(e));
    }
  }

  /** Runs a unit; one that is alone in its transaction needs no savepoint. */
  private <T> Runnable run(Unit<T> unit, boolean shared) {
    if (!shared) {
      T result = unit.work.apply(handle);
      return () -> unit.outcome.complete(result);
    }
    savepoint.begin();
    try {
      T result = unit.work.apply(handle);
      savepoint.release();
      return () -> unit.outcome.complete(result);
    } catch (RuntimeException | Error e) {
      try {
        savepoint.rollback();
      } catch (RuntimeException lost) {
        e.addSuppressed(lost);
        throw e;
      }
      return () -> unit.outcome.completeExceptionally(e);
    }
  }

  private void abandon(Throwable cause) {
    try {
      handle.rollback();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    return new IllegalStateException(cause);
  }

  private record Unit<T>(Function<Handle, T> work, CompletableFuture<T> outcome) {
    static final Unit<?> END = new Unit<>(handle -> handle);

    Unit(Function<Handle, T> work) {
      this(work, new CompletableFuture<>());
    }
  }
}
