package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenFoldersTest {
  @TempDir Path root;

  @Test
  void whatIsWrittenForPeopleIsStoredWhileTheProgramRunsAndAtTheEnd() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of(
          "TensorBoardOutputConfig", Map.of("S3OutputPath", "s3://data/tb", "LocalPath", "/opt/tb"),
          "DebugHookConfig", Map.of("S3OutputPath", "s3://data/debug")));
      server.await("job", "Training");
      backend.write(server.workload(), "algo-1", "/opt/tb/events.1", "one");
      backend.write(server.workload(), "algo-1", "/opt/ml/output/tensors/index/0", "{}");
      JobBench.await("a pass", () -> server.bench.objects().find("data", "tb/job/tensorboard-output/events.1").isPresent());
      backend.write(server.workload(), "algo-1", "/opt/tb/events.2", "two");
      backend.finish(server.workload(), "algo-1", 0, false);
      server.await("job", "Completed");
      assertThat(server.bench.objects().find("data", "tb/job/tensorboard-output/events.2")).isPresent();
      assertThat(server.bench.objects().find("data", "debug/job/debug-output/index/0")).isPresent();
      assertThatThrownBy(() -> server.create("wrong", Map.of("TensorBoardOutputConfig",
          Map.of("S3OutputPath", "s3://data/tb", "LocalPath", "/opt/ml/input"))))
          .isInstanceOf(Fault.class).hasMessageContaining("is taken by /opt/ml/input");
    }
  }
}
