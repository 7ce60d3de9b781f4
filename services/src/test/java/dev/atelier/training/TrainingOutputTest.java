package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingOutputTest {
  @TempDir Path root;

  private static Map<String, String> archive(TrainingBench server, String key) throws IOException {
    Map<String, String> files = new HashMap<>();
    try (InputStream raw = server.bench.objects().open(JobBench.BUCKET, key).stream();
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @Test
  void modelAndOutputHoldWhatAllHostsLeft() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> new Script("", Map.of(
        "/opt/ml/model/same", host.name(), "/opt/ml/model/" + host.name() + "/weights", host.name(),
        "/opt/ml/output/data/" + host.name(), host.name()), new Ending.OnStop(143), Optional.empty()),
        Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of(
          "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 2, "VolumeSizeInGB", 1)));
      server.await("job", "Training");
      backend.finish(server.workload(), "algo-2", 0, false);
      backend.finish(server.workload(), "algo-1", 0, false);
      server.await("job", "Completed");
      assertThat(archive(server, "output/job/output/model.tar.gz")).isEqualTo(Map.of("same", "algo-1",
          "algo-1/weights", "algo-1", "algo-2/weights", "algo-2"));
      assertThat(archive(server, "output/job/output/output.tar.gz")).isEqualTo(Map.of("algo-1", "algo-1",
          "algo-2", "algo-2"));
    }
  }

  @Test
  void anArchiveThatCannotBeStoredFailsTheJob() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.exiting(0, ""), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.bench.deny("s3:PutObject", "output/*");
      server.create("job", Map.of());
      assertThat((String) server.await("job", "Failed").get("FailureReason"))
          .contains("not authorized to perform: s3:PutObject");
    }
  }
}
