package dev.atelier.studio.kernels;

import dev.atelier.jobs.Effects;
import dev.atelier.metadata.MetadataStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Which cells were run whose outputs may not be in their notebook's file yet. While a client is there it saves them; when
 * none is, whoever was given to {@link #writeBy} is told to.
 */
final class Executions implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration WHILE_RUNNING = Duration.ofSeconds(30);
  private static final int MOST = 5_000;

  private final MetadataStore store;
  private final Clock clock;
  private final Effects effects;
  private final Function<String, Optional<String>> notebooks;
  private final Map<String, Map<String, Execution>> byKernel = new ConcurrentHashMap<>();
  private final Set<String> scheduled = ConcurrentHashMap.newKeySet();
  private final ExecutorService writes = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().daemon().name("studio-executions").factory());
  private volatile Consumer<String> writer = kernel -> { };

  /** @param notebooks the path of the notebook that a kernel runs */
  Executions(MetadataStore store, Clock clock, Effects effects, Function<String, Optional<String>> notebooks) {
    this.store = store;
    this.clock = clock;
    this.effects = effects;
    this.notebooks = notebooks;
    store.read(tx -> tx.createQuery("select * from studio_execution order by started_at")
        .map((row, context) -> new Execution(row.getString("kernel"), row.getString("message"), row.getString("cell"),
            row.getString("path"), row.getLong("began"), Instant.ofEpochMilli(row.getLong("started_at")),
            Optional.of(row.getLong("finished_at")).filter(at -> at > 0).map(Instant::ofEpochMilli))).list())
        .forEach(each -> of(each.kernel()).put(each.message(), each));
  }

  /** @param write writes the outputs of a kernel's cells to their notebooks, unless a client of the kernel's is there */
  void writeBy(Consumer<String> write) {
    writer = write;
    byKernel.keySet().forEach(kernel -> schedule(kernel, SOON));
  }

  private Map<String, Execution> of(String kernel) {
    return byKernel.computeIfAbsent(kernel, key -> new LinkedHashMap<>());
  }

  /** A cell is about to be run. */
  void begin(String kernel, String message, String cell, long offset) {
    Optional<String> path = notebooks.apply(kernel);
    if (path.isEmpty()) {
      return;
    }
    Execution execution = new Execution(kernel, message, cell, path.get(), offset, clock.instant(), Optional.empty());
    Map<String, Execution> known = of(kernel);
    synchronized (known) {
      if (known.size() >= MOST) {
        known.values().stream().filter(each -> each.finishedAt().isPresent()).findFirst()
            .ifPresent(oldest -> forget(known, oldest));
      }
      known.put(message, execution);
    }
    write("""
        insert or replace into studio_execution values (:kernel, :message, :cell, :path, :began, :started, 0)""", execution);
  }

  /** The kernel said something about a request. @param alone whether no client is there */
  void said(String kernel, String message, boolean alone) {
    if (alone && find(kernel, message).isPresent()) {
      schedule(kernel, WHILE_RUNNING);
    }
  }

  void finished(String kernel, String message, Instant at) {
    find(kernel, message).filter(each -> each.finishedAt().isEmpty()).ifPresent(execution -> {
      Execution finished = new Execution(kernel, message, execution.cell(), execution.path(), execution.began(),
          execution.startedAt(), Optional.of(at));
      Map<String, Execution> known = of(kernel);
      synchronized (known) {
        known.replace(message, finished);
      }
      write("""
          update studio_execution set finished_at = :finished where kernel = :kernel and message = :message""", finished);
    });
  }

  private Optional<Execution> find(String kernel, String message) {
    Map<String, Execution> known = byKernel.get(kernel);
    if (known == null) {
      return Optional.empty();
    }
    synchronized (known) {
      return Optional.ofNullable(known.get(message));
    }
  }

  /** A client of the kernel's is gone. @param last whether none is left */
  void left(String kernel, boolean last) {
    if (last && !all(kernel).isEmpty()) {
      schedule(kernel, SOON);
    }
  }

  private void schedule(String kernel, Duration delay) {
    if (scheduled.add(kernel)) {
      effects.after(delay, () -> {
        scheduled.remove(kernel);
        writer.accept(kernel);
      });
    }
  }

  /** All of a kernel that may not be saved, in the order in which they were run. */
  List<Execution> all(String kernel) {
    Map<String, Execution> known = byKernel.get(kernel);
    if (known == null) {
      return List.of();
    }
    synchronized (known) {
      return List.copyOf(known.values());
    }
  }

  /** A notebook was saved at a time with all that its client had: what was finished by then is in the file. */
  void saved(String kernel, String path, Instant at) {
    Map<String, Execution> known = of(kernel);
    synchronized (known) {
      known.values().stream().filter(each -> each.path().equals(path)
          && each.finishedAt().filter(finished -> finished.isBefore(at)).isPresent()).toList()
          .forEach(each -> forget(known, each));
    }
  }

  private void forget(Map<String, Execution> known, Execution execution) {
    known.remove(execution.message());
    write("delete from studio_execution where kernel = :kernel and message = :message", execution);
  }

  /** The kernel is gone, with its record. */
  void forget(String kernel) {
    byKernel.remove(kernel);
    scheduled.remove(kernel);
    if (!effects.closing()) {
      writes.execute(() -> store.write(tx -> tx.createUpdate("delete from studio_execution where kernel = :kernel")
          .bind("kernel", kernel).execute()));
    }
  }

  /** Stored beside, not before: a cell is not kept from running by the disk, and one of a killed server is run anew. */
  private void write(String sql, Execution execution) {
    if (effects.closing()) {
      return;
    }
    writes.execute(() -> store.write(tx -> tx.createUpdate(sql)
        .bind("kernel", execution.kernel()).bind("message", execution.message()).bind("cell", execution.cell())
        .bind("path", execution.path()).bind("began", execution.began())
        .bind("started", execution.startedAt().toEpochMilli())
        .bind("finished", execution.finishedAt().map(Instant::toEpochMilli).orElse(0L)).execute()));
  }

  @Override
  public void close() {
    writes.shutdown();
  }
}
