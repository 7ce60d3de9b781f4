package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveUploadTest {
  private static final WorkloadId ID = new WorkloadId("archived");

  @TempDir Path root;

  @Test
  void anArchiveThatBreaksOffIsNotStored() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC())) {
      start(backend);
      assertThatThrownBy(() -> store(bench, left -> {
        throw new OutOfMemoryError("no room for " + left);
      })).hasStackTraceContaining("no room for weights");
      assertThatThrownBy(() -> store(bench, left -> {
        throw new IllegalStateException("cannot tell of " + left);
      })).hasStackTraceContaining("cannot tell of weights");
      assertThat(bench.objects().find(JobBench.BUCKET, "model.tar.gz")).isEmpty();
      store(bench, left -> { });
      assertThat(bench.objects().find(JobBench.BUCKET, "model.tar.gz")).isPresent();
    }
  }

  private static void start(FakeComputeBackend backend) throws IOException {
    backend.start(new WorkloadSpec(ID, "arn:test", List.of(new HostSpec("algo-1",
        new Image.Layered(List.of(), Map.of()), List.of("train"), Map.of(), "/", List.of(),
        new Resources(1, 1 << 20, 0, 10, 1 << 20), 0, 1000, 1000)), NetworkPolicy.ISOLATED));
    backend.write(ID, "algo-1", "/opt/ml/model/a", "a");
    backend.write(ID, "algo-1", "/opt/ml/model/weights", "too many");
  }

  /** The backend tells of what it leaves out while the archive is made. */
  private static void store(JobBench bench, Consumer<String> leftOut) {
    RoleObjects objects = bench.roleObjects();
    new ArchiveUpload(bench.backend(), objects).store(ID, List.of("algo-1"), "/opt/ml/model",
        new CollectionLimits(1, 10, leftOut), new S3Location(JobBench.BUCKET, "model.tar.gz"));
  }
}
