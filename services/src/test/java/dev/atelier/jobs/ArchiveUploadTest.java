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
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
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

  @Test
  void whatALimitKeepsFromBeingStoredIsComplainedOfAfterAllElseIsStored() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC())) {
      start(backend);
      backend.write(ID, "algo-1", "/opt/ml/model/z", "");
      List<String> told = new ArrayList<>();
      NotStored notes = new NotStored(told::add);
      assertThat(notes.complaint()).isEmpty();
      store(bench, notes.limits("/opt/ml/model", 1, 10));
      assertThat(entries(bench)).containsExactly("a", "z");
      assertThat(told).containsExactly("not stored: /opt/ml/model/weights: over the limit of 1 bytes");
      assertThat(notes.complaint()).get().asString().contains("Not stored: /opt/ml/model/weights: over the limit of 1 bytes");
    }
  }

  @Test
  void linksAreKeptInArchivesAndToldOfAmongFiles() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC())) {
      start(backend);
      backend.link(ID, "algo-1", "/opt/ml/model/latest", "a");
      List<String> told = new ArrayList<>();
      NotStored notes = new NotStored(told::add);
      CollectionLimits limits = notes.limits("/opt/ml/model", 100, 10);
      store(bench, limits);
      assertThat(entries(bench)).containsExactly("a", "weights", "latest -> a");
      assertThat(told).isEmpty();
      new FileUpload(backend, bench.platform().roles().objects(JobBench.ROLE, JobBench.REGION, "job")).store(
          ID, List.of("algo-1"), "/opt/ml/model", limits, new S3Location(JobBench.BUCKET, "files/"));
      assertThat(bench.text("files/a")).isEqualTo("a");
      assertThat(bench.objects().find(JobBench.BUCKET, "files/latest")).isEmpty();
      assertThat(told).containsExactly("not stored: /opt/ml/model/latest: a link");
      assertThat(notes.complaint()).isEmpty();
    }
  }

  private static List<String> entries(JobBench bench) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream raw = bench.objects().open(JobBench.BUCKET, "model.tar.gz").stream();
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        names.add(entry.getName() + (entry.isSymbolicLink() ? " -> " + entry.getLinkName() : ""));
      }
    }
    return names;
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
    store(bench, new CollectionLimits(1, 10, leftOut));
  }

  private static void store(JobBench bench, CollectionLimits limits) {
    RoleObjects objects = bench.roleObjects();
    new ArchiveUpload(bench.backend(), objects).store(ID, List.of("algo-1"), "/opt/ml/model",
        limits, new S3Location(JobBench.BUCKET, "model.tar.gz"));
  }
}
