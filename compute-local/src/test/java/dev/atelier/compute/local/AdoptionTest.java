package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.EventLog;
import dev.atelier.compute.LogTimes;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.UncheckedIOException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new server finds after the old one was killed at some instant. */
final class AdoptionTest {
  @TempDir Path folder;
  private Path run;
  private final EventLog events = new EventLog();

  @BeforeEach
  void name() {
    run = folder.resolve("run");
  }

  @AfterEach
  void clean() {
    try (LocalComputeBackend backend = reopen()) {
      backend.list().keySet().forEach(backend::remove);
    }
    assertThat(ProcessLine.all().stream().filter(line -> !line.zombie()).map(AdoptionTest::commandLine))
        .noneMatch(line -> line.contains(run.toString()));
  }

  private static String commandLine(ProcessLine line) {
    try {
      String text = Files.readString(Path.of("/proc/" + line.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      return line.pid() == ProcessHandle.current().pid() ? "" : text;
    } catch (IOException e) {
      return ""; // it ended meanwhile
    }
  }

  private LocalComputeBackend reopen() {
    return LocalComputeBackend.open(LocalComputeConfig.of(run), new EchoDoor(), Clock.systemUTC());
  }

  private void runUntil(String kind, String line) throws Exception {
    Process server = ServerProcess.start(run, kind, List.of());
    try (BufferedReader out = server.inputReader()) {
      for (String read = out.readLine(); read != null && !read.equals(line); read = out.readLine()) {
        assertThat(read).doesNotContain("Lost");
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void theExitCodeAndTheWholeLogAreKept() throws Exception {
    runUntil("counts", "algo-1 Running");
    WorkloadId id = new WorkloadId("counts");
    try (LocalComputeBackend backend = reopen()) {
      assertThat(backend.list().get(id).get("algo-1")).isInstanceOf(WorkloadState.Running.class);
      backend.watch(events);
      assertThat(events.ended(id, "algo-1"))
          .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(9));
      assertThat(new String(backend.readLog(id, "algo-1", 0, 1 << 20), StandardCharsets.UTF_8).lines())
          .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(i -> "line " + i).toList());
      LogTimes times = backend.logTimes(id, "algo-1");
      Instant first = times.reached(1).orElseThrow();
      Instant last = times.reached(Files.size(run.resolve("counts/algo-1/log"))).orElseThrow();
      // the lines come for two seconds, and each is noted within one
      assertThat(Duration.between(first, last)).isGreaterThan(Duration.ofMillis(500));
      assertThat(last).isBefore(Instant.now());
    }
    try (LocalComputeBackend again = reopen()) {
      assertThat(again.list().get(id).get("algo-1")).isInstanceOf(WorkloadState.Exited.class);
    }
  }

  @Test
  void theWayToTheServerIsThereAgain() throws Exception {
    runUntil("calls", "algo-1 Running");
    WorkloadId id = new WorkloadId("calls");
    try (LocalComputeBackend backend = reopen()) {
      backend.watch(events);
      assertThat(events.ended(id, "algo-1"))
          .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isZero());
      assertThat(new String(backend.readLog(id, "algo-1", 0, 1 << 20), StandardCharsets.UTF_8))
          .startsWith("this is algo-1\n");
    }
  }

  @Test
  void whoAsksForCredentialsWithLittlePatienceWaitsForTheNextServer() throws Exception {
    runUntil("asks", "algo-1 Running");
    WorkloadId id = new WorkloadId("asks");
    Path log = run.resolve("asks/algo-1/log");
    Bench.await("a request has waited longer than its client's patience",
        () -> Files.exists(log) && log.toFile().length() > 0);
    try (LocalComputeBackend backend = reopen()) {
      backend.watch(events);
      assertThat(events.ended(id, "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class,
          end -> assertThat(end.exitCode()).isZero());
    }
  }

  @Test
  void hostsOfOneNetworkAreFoundAgainAndRemoved() throws Exception {
    runUntil("pair", "algo-2 Running");
    WorkloadId id = new WorkloadId("pair");
    try (LocalComputeBackend backend = reopen()) {
      backend.watch(events);
      assertThat(events.running(id, "algo-1")).isInstanceOf(WorkloadState.Running.class);
      assertThat(events.running(id, "algo-2")).isInstanceOf(WorkloadState.Running.class);
      backend.stop(id, Duration.ofSeconds(10));
      assertThat(events.ended(id, "algo-1"))
          .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(143));
      events.ended(id, "algo-2");
    }
  }

  private static boolean begun(Path status) {
    try {
      return SandboxStatus.read(status).begun();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aKilledSandboxIsALostHost() throws Exception {
    runUntil("sits", "algo-1 Running");
    Identity identity = Identity.read(run.resolve("sits/algo-1/identity")).orElseThrow();
    // one that is killed before its program began is started again
    Bench.await("it has begun", () -> begun(run.resolve("sits/algo-1/status.json")));
    Processes.kill(identity.pid());
    Bench.await("bwrap is gone", () -> !identity.alive());
    WorkloadId id = new WorkloadId("sits");
    try (LocalComputeBackend backend = reopen()) {
      backend.watch(events);
      assertThat(events.ended(id, "algo-1")).isInstanceOfSatisfying(WorkloadState.Lost.class,
          lost -> assertThat(lost.reason()).startsWith("host lost"));
    }
  }

  @Test
  void anotherBootIsALostHost() throws Exception {
    runUntil("sits", "algo-1 Running");
    Path file = run.resolve("sits/algo-1/identity");
    Identity identity = Identity.read(file).orElseThrow();
    Processes.killSession(identity, Duration.ofSeconds(5));
    Processes.killNamespace(SandboxStatus.read(run.resolve("sits/algo-1/status.json")).init());
    Files.writeString(file, Files.readString(file).replace(Identity.presentBoot(), "another-boot"));
    WorkloadId id = new WorkloadId("sits");
    try (LocalComputeBackend backend = reopen()) {
      assertThat(backend.list().get(id).get("algo-1")).isInstanceOfSatisfying(WorkloadState.Lost.class,
          lost -> assertThat(lost.reason()).contains("restarted"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void aKillAtAnyInstantOfTheStartRunsItOnce(int seed) throws Exception {
    long micros = RandomGenerator.of("L64X128MixRandom").nextInt(1000) + seed * 12_000L;
    Process server = ServerProcess.start(run, "counts", List.of());
    Bench.await("it was accepted", () -> Files.exists(run.resolve("counts")));
    long until = System.nanoTime() + micros * 1000;
    Bench.await("the instant", () -> System.nanoTime() > until);
    server.destroyForcibly().waitFor();
    WorkloadId id = new WorkloadId("counts");
    try (LocalComputeBackend backend = reopen()) {
      backend.watch(events);
      assertThat(events.ended(id, "algo-1")).as("killed after %d µs", micros)
          .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(9));
      assertThat(new String(backend.readLog(id, "algo-1", 0, 1 << 20), StandardCharsets.UTF_8).lines()).hasSize(40);
    }
  }

  @Test
  void withoutAServerASandboxEndsItself() throws Exception {
    WorkloadSpec spec = ServerProcess.workload("alone");
    LocalComputeConfig config = LocalComputeConfig.of(run).withOrphanTimeout(Duration.ofSeconds(1));
    try (LocalComputeBackend first = LocalComputeBackend.open(config, new EchoDoor(), Clock.systemUTC())) {
      first.watch(events);
      first.start(spec);
      events.running(spec.id(), "algo-1");
    }
    Identity identity = Identity.read(run.resolve("alone/algo-1/identity")).orElseThrow();
    Bench.await("it ended itself", () -> !identity.alive());
    try (LocalComputeBackend second = reopen()) {
      assertThat(second.list().get(spec.id()).get("algo-1").ended()).isTrue();
      assertThat(new String(second.readLog(spec.id(), "algo-1", 0, 4000), StandardCharsets.UTF_8))
          .contains("no server watched it");
    }
  }
}
