package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.EventLog;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A backend over a folder, with its events. */
final class Bench implements AutoCloseable {
  final LocalComputeBackend backend;
  final EventLog events = new EventLog();

  Bench(Path folder) {
    this(LocalComputeConfig.of(folder.resolve("run")), new NoDoor(), List.of());
  }

  Bench(LocalComputeConfig config, SandboxDoor door, List<String> extra) {
    backend = LocalComputeBackend.open(config, door, Clock.systemUTC(), extra);
    backend.watch(events);
  }

  /** Runs a workload of one host to its end. */
  Result run(WorkloadSpec spec) {
    backend.start(spec);
    WorkloadState end = events.ended(spec.id(), spec.hosts().getFirst().name());
    return new Result(end, log(spec));
  }

  String log(WorkloadSpec spec) {
    return new String(backend.readLog(spec.id(), spec.hosts().getFirst().name(), 0, 1 << 22), StandardCharsets.UTF_8);
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  static <T> List<T> repeat(int times, Function<Integer, T> action) {
    return java.util.stream.IntStream.range(0, times).mapToObj(action::apply).toList();
  }

  record Result(WorkloadState end, String log) {
    int code() {
      assertThat(end).as(log).isInstanceOf(WorkloadState.Exited.class);
      return ((WorkloadState.Exited) end).exitCode();
    }
  }

  @Override
  public void close() {
    backend.list().keySet().forEach(backend::remove);
    backend.close();
  }
}
