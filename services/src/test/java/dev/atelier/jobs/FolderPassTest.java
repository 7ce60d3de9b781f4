package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored as it is written, and what is said of the rest. */
class FolderPassTest {
  private static final WorkloadId ID = new WorkloadId("job");
  private static final String FOLDER = "/opt/ml/live";
  private static final long BYTES = 10;

  @TempDir Path root;
  private final List<String> told = new ArrayList<>();
  private final FolderProgress progress = FolderProgress.of(Map.of());
  private FakeComputeBackend backend;
  private JobBench bench;

  @BeforeEach
  void open() {
    backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    bench = new JobBench(root, backend, Clock.systemUTC());
    backend.start(new WorkloadSpec(ID, "arn:test", List.of(new HostSpec("algo-1",
        new Image.Layered(List.of(), Map.of()), List.of("train"), Map.of(), "/", List.of(),
        new Resources(1, 1 << 20, 0, 10, 1 << 20), 0, 1000, 1000)), NetworkPolicy.ISOLATED));
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private void pass() {
    FolderPass.Notes notes = new FolderPass.Notes() {
      @Override
      public void tell(String text) {
        told.add(text);
      }

      @Override
      public void incomplete() {
        told.add("incomplete");
      }
    };
    new FolderPass(backend, new FolderPass.Folder(ID, List.of("algo-1"), FOLDER,
        new S3Location(JobBench.BUCKET, "live/"), Instant.EPOCH, BYTES, "a file", "files"),
        bench.platform().roles().objects(JobBench.ROLE, JobBench.REGION, "job"), progress, notes, 1_000, 100_000).run();
  }

  private void write(String name, String content) {
    backend.write(ID, "algo-1", FOLDER + "/" + name, content);
  }

  private boolean stored(String name) {
    return bench.objects().find(JobBench.BUCKET, "live/" + name).isPresent();
  }

  @Test
  void linksAreToldOnceHoweverOftenTheyAreSeen() {
    backend.link(ID, "algo-1", FOLDER + "/latest", "step-2");
    write("step-2", "2");
    pass();
    pass();
    assertThat(told).containsExactly("not stored as a file: latest: a link (algo-1)");
    assertThat(stored("step-2")).isTrue();
    assertThat(stored("latest")).isFalse();
  }

  @Test
  void anyNumberOfLinksLeavesRoomForWhatGoesWrong() {
    for (int i = 0; i < 150; i++) {
      backend.link(ID, "algo-1", FOLDER + "/link" + i, "x");
    }
    bench.deny("s3:PutObject", "live/*");
    write("row", "1");
    assertThatThrownBy(this::pass).hasMessageContaining("s3:PutObject");
    assertThat(told).filteredOn(text -> text.endsWith(": a link (algo-1)")).hasSize(100);
    assertThat(told).containsOnlyOnce("not stored: more of this kind")
        .anyMatch(text -> text.startsWith("not stored as a file: row: "));
  }

  @Test
  void aFileThatIsTooLargeIsNamedAndHidesNothing() {
    write("a-large", "more than ten bytes");
    write("b", "1");
    write("c", "2");
    pass();
    pass();
    assertThat(stored("b") && stored("c")).isTrue();
    assertThat(stored("a-large")).isFalse();
    assertThat(told).containsExactly(
        "not stored as a file: a-large: over the limit of 10 bytes, which VolumeSizeInGB is (algo-1)", "incomplete", "incomplete");
  }

  @Test
  void whatDoesNotFitIntoOnePassIsStoredByTheNext() {
    write("a", "12345678");
    write("b", "12345678");
    pass();
    assertThat(told).singleElement().asString().contains("b: over the limit");
    pass();
    assertThat(stored("a") && stored("b")).isTrue();
  }
}
