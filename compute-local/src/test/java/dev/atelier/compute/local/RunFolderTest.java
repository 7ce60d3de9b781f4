package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.EventLog;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run folder without its server. */
final class RunFolderTest {
  private static final String REASON = "ended from outside, by a test";

  @TempDir Path folder;

  @Test
  void whatAKilledServerLeftIsEndedAndFoundLostForTheReason() throws Exception {
    LocalComputeConfig config = LocalComputeConfig.of(folder.resolve("run"));
    Process server = ServerProcess.start(config.runFolder(), "sleeps", List.of());
    try (var out = server.inputReader()) {
      while (!"algo-1 Running".equals(out.readLine())) {
        // until the program runs
      }
      assertThatThrownBy(() -> new RunFolder(config).endAll(REASON, Clock.systemUTC()))
          .isInstanceOf(ComputeException.class).hasMessageContaining("another server");
    } finally {
      server.destroyForcibly().waitFor();
    }
    RunFolder seen = new RunFolder(config);
    assertThat(seen.look()).singleElement().satisfies(found -> {
      assertThat(found.lives()).isTrue();
      assertThat(found.hosts().get("algo-1")).isInstanceOf(WorkloadState.Running.class);
    });
    Identity identity = Identity.read(config.runFolder().resolve("sleeps/algo-1/identity")).orElseThrow();
    assertThat(seen.endAll(REASON, Clock.systemUTC())).hasSize(1);
    assertThat(identity.alive()).isFalse();
    assertThat(seen.endAll(REASON, Clock.systemUTC())).isEmpty();
    EventLog events = new EventLog();
    try (LocalComputeBackend backend = LocalComputeBackend.open(config, new EchoDoor(), Clock.systemUTC())) {
      backend.watch(events);
      assertThat(events.ended(new WorkloadId("sleeps"), "algo-1"))
          .isInstanceOfSatisfying(WorkloadState.Lost.class, lost -> assertThat(lost.reason()).isEqualTo(REASON));
      backend.remove(new WorkloadId("sleeps"));
    }
    assertThat(seen.look()).isEmpty();
  }
}
