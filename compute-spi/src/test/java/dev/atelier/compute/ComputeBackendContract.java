package dev.atelier.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every backend must do; a backend's test extends this and says how it is opened. */
public abstract class ComputeBackendContract {
  private static final Resources SMALL = new Resources(1, 256L << 20, 0, 64, 64L << 20);
  private static final String OUT = "/opt/ml/output";

  private final EventLog events = new EventLog();
  private ComputeBackend backend;

  protected abstract ComputeBackend open(Path folder);

  @BeforeEach
  void openBackend(@TempDir Path folder) {
    backend = open(folder);
    backend.watch(events);
  }

  @AfterEach
  void closeBackend() {
    backend.list().keySet().forEach(backend::remove);
    backend.close();
  }

  private static HostSpec host(String name, Program program) {
    return new HostSpec(name, new Image.Layered(List.of(), Map.of()), program.command(), Map.of(), "/",
        List.of(new Mount.Scratch(OUT)), SMALL, 0, 1000, 1000);
  }

  private WorkloadId start(String id, Program... programs) {
    List<HostSpec> hosts = new ArrayList<>();
    Stream.of(programs).forEach(program -> hosts.add(host("algo-" + (hosts.size() + 1), program)));
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId(id), "arn:test", hosts, NetworkPolicy.ISOLATED);
    backend.start(spec);
    return spec.id();
  }

  private String log(WorkloadId id, String host) {
    return new String(backend.readLog(id, host, 0, 1 << 20), StandardCharsets.UTF_8);
  }

  @Test
  void tellsTheExitCodeAfterTheProgramRan() {
    WorkloadId id = start("code", Program.exiting(7, ""));
    assertThat(events.ended(id, "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class, end -> {
      assertThat(end.exitCode()).isEqualTo(7);
      assertThat(end.outOfMemory()).isFalse();
    });
    List<WorkloadState> states = events.states(id, "algo-1");
    assertThat(states).anyMatch(state -> state instanceof WorkloadState.Running);
    assertThat(states.getLast()).isInstanceOf(WorkloadState.Exited.class);
  }

  @Test
  void keepsTheWholeLogAndReadsItFromAnyOffset() {
    WorkloadId id = start("log", Program.exiting(0, "first\nsecond\n"));
    events.ended(id, "algo-1");
    assertThat(log(id, "algo-1")).isEqualTo("first\nsecond\n");
    assertThat(backend.readLog(id, "algo-1", 6, 3)).asString().isEqualTo("sec");
    assertThat(backend.readLog(id, "algo-1", 13, 10)).isEmpty();
    assertThat(backend.readLog(id, "algo-1", 99, 10)).isEmpty();
  }

  @Test
  void startingTwiceIsStartingOnce() {
    WorkloadId id = start("twice", Program.exiting(0, "ran "));
    start("twice", Program.exiting(0, "ran "));
    events.ended(id, "algo-1");
    start("twice", Program.exiting(0, "ran "));
    assertThat(log(id, "algo-1")).isEqualTo("ran ");
    assertThat(events.states(id, "algo-1").stream().filter(WorkloadState::ended)).hasSize(1);
  }

  @Test
  void stopLetsTheProgramEndItself() {
    WorkloadId id = start("stop", Program.waiting(5));
    events.running(id, "algo-1");
    awaitLog(id, "up\n");
    backend.stop(id, Duration.ofSeconds(30));
    assertThat(events.ended(id, "algo-1"))
        .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(5));
  }

  @Test
  void killsWhatIgnoresTheStopSignal() {
    WorkloadId id = start("kill", Program.stubborn());
    events.running(id, "algo-1");
    awaitLog(id, "up\n");
    backend.stop(id, Duration.ofMillis(200));
    assertThat(events.ended(id, "algo-1"))
        .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(137));
  }

  @Test
  void aVolumeIsKeptWhileItIsMounted() {
    HostSpec host = host("algo-1", Program.exiting(0, ""));
    HostSpec kept = new HostSpec(host.name(), host.image(), host.command(), host.environment(), "/home/user",
        List.of(new Mount.Volume("/home/user", "kept-1")), SMALL, 0, 1000, 1000);
    WorkloadId id = new WorkloadId("volume");
    backend.start(new WorkloadSpec(id, "arn:test", List.of(kept), NetworkPolicy.ISOLATED));
    assertThat(events.ended(id, "algo-1")).isInstanceOf(WorkloadState.Exited.class);
    assertThatThrownBy(() -> backend.removeVolume("kept-1")).isInstanceOf(ComputeException.class)
        .hasMessageContaining("kept-1");
    backend.remove(id);
    backend.makeVolume("kept-2");
    backend.makeVolume("kept-2");
    assertThat(backend.volumes()).contains("kept-2");
    for (String name : List.of("kept-1", "kept-1", "kept-2")) {
      backend.removeVolume(name);
    }
    assertThat(backend.volumes()).isEmpty();
  }

  @Test
  void runsEveryHost() {
    WorkloadId id = start("many", Program.exiting(0, "one"), Program.exiting(3, "two"));
    events.ended(id, "algo-1");
    assertThat(events.ended(id, "algo-2"))
        .isInstanceOfSatisfying(WorkloadState.Exited.class, end -> assertThat(end.exitCode()).isEqualTo(3));
    assertThat(log(id, "algo-1") + log(id, "algo-2")).isEqualTo("onetwo");
    assertThat(backend.list().get(id).keySet()).containsExactlyInAnyOrder("algo-1", "algo-2");
  }

  @Test
  void collectsWhatTheHostWrote() throws IOException {
    WorkloadId id = start("collect", Program.writing(OUT + "/model.bin", "weights"));
    events.ended(id, "algo-1");
    List<String> leftOut = new ArrayList<>();
    try (InputStream tar = backend.collect(id, "algo-1", OUT, new CollectionLimits(1 << 20, 10, leftOut::add))) {
      String text = new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(text).contains("model.bin").contains("weights");
    }
    assertThat(leftOut).isEmpty();
  }

  @Test
  void namesWhatPassesTheCollectionLimits() throws IOException {
    WorkloadId id = start("large", Program.writing(OUT + "/model.bin", "weights"));
    events.ended(id, "algo-1");
    List<String> leftOut = new ArrayList<>();
    try (InputStream tar = backend.collect(id, "algo-1", OUT, new CollectionLimits(3, 10, leftOut::add))) {
      assertThat(new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1)).doesNotContain("weights");
    }
    assertThat(leftOut).singleElement().asString().startsWith("model.bin");
  }

  @Test
  void anAbsentFolderIsAnEmptyArchive() throws IOException {
    WorkloadId id = start("absent", Program.exiting(0, ""));
    events.ended(id, "algo-1");
    CollectionLimits limits = new CollectionLimits(1 << 20, 10, left -> {});
    try (InputStream tar = backend.collect(id, "algo-1", OUT + "/nothing", limits)) {
      assertThat(tar.readAllBytes()).containsOnly(0);
    }
  }

  @Test
  void tellsTheFilesOfARunningHostAndCollectsThoseThatAreWanted() throws IOException {
    WorkloadId id = start("files", Program.writingAndWaiting(OUT + "/a/b.bin", "weights"));
    awaitLog(id, "up\n");
    HostFile file = files(id, OUT, 10).getFirst();
    assertThat(file.name()).isEqualTo("a/b.bin");
    assertThat(file.bytes()).isEqualTo(7);
    assertThat(files(id, OUT, 10)).containsExactly(file);
    assertThat(files(id, OUT, 0)).isEmpty();
    assertThat(files(id, OUT + "/nothing", 10)).isEmpty();
    assertThat(tar(id, List.of("a/b.bin"))).contains("a/b.bin").contains("weights");
    assertThat(tar(id, List.of("gone"))).doesNotContain("weights");
    assertThat(tar(id, List.of())).doesNotContain("weights");
  }

  private List<HostFile> files(WorkloadId id, String inside, int most) {
    return files(id, inside, new ListingLimits(most, 1 << 20, left -> {}));
  }

  private List<HostFile> files(WorkloadId id, String inside, ListingLimits limits) {
    return backend.files(id, "algo-1", inside, limits);
  }

  @Test
  void tellsThatThereIsMoreThanTheListMayHold() {
    WorkloadId id = start("many", Program.writing(OUT + "/model.bin", "weights"));
    events.ended(id, "algo-1");
    List<String> leftOut = new ArrayList<>();
    assertThat(files(id, OUT, new ListingLimits(1, 9, leftOut::add))).hasSize(1);
    assertThat(leftOut).isEmpty();
    assertThat(files(id, OUT, new ListingLimits(0, 9, leftOut::add))).isEmpty();
    assertThat(files(id, OUT, new ListingLimits(1, 8, leftOut::add))).isEmpty();
    assertThat(leftOut).hasSize(2);
    assertThat(leftOut.getFirst()).startsWith("more than 0 files");
    assertThat(leftOut.getLast()).startsWith("file names of more than 8 bytes");
  }

  private String tar(WorkloadId id, List<String> names) throws IOException {
    CollectionLimits limits = new CollectionLimits(1 << 20, 10, left -> {});
    try (InputStream tar = backend.collectFiles(id, "algo-1", OUT, names, limits)) {
      return new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void aCopyIsTheHostsOwnAndKeepsItsTime(@TempDir Path sources) throws IOException {
    Path source = Files.writeString(sources.resolve("0"), "restored");
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2020-02-02T02:02:02.123456Z")));
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId("copies"), "arn:test", List.of(new HostSpec("algo-1",
        new Image.Layered(List.of(), Map.of()), Program.waiting(0).command(), Map.of(), "/",
        List.of(new Mount.Copies(OUT, Map.of("x/y", source))), SMALL, 0, 1000, 1000)), NetworkPolicy.ISOLATED);
    backend.start(spec);
    awaitLog(spec.id(), "up\n");
    HostFile file = files(spec.id(), OUT, 10).getFirst();
    assertThat(file.name()).isEqualTo("x/y");
    assertThat(file.modified()).isEqualTo("2020-02-02T02:02:02.123456Z");
    assertThat(tar(spec.id(), List.of("x/y"))).contains("restored");
  }

  @Test
  void tellsWhatRunningHostsUse() {
    WorkloadId id = start("usage", Program.waiting(0), Program.exiting(0, ""));
    awaitLog(id, "up\n");
    events.ended(id, "algo-2");
    Map<String, HostUsage> usage = backend.usage(id);
    assertThat(usage).containsOnlyKeys("algo-1");
    assertThat(usage.get("algo-1").memoryBytes()).isBetween(1L << 12, 1L << 28);
    assertThat(usage.get("algo-1").cpuTime()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
    assertThat(usage.get("algo-1").limits()).isEqualTo(SMALL);
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (backend.usage(id).get("algo-1").diskBytes().isEmpty()) {
      assertThat(System.nanoTime()).as("the disk was counted in time").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(backend.usage(id).get("algo-1").diskBytes().getAsLong()).isBetween(1L, SMALL.diskBytes());
    assertThat(backend.usage(new WorkloadId("nobody"))).isEmpty();
  }

  @Test
  void removeForgetsARunningWorkload() {
    WorkloadId id = start("remove", Program.stubborn());
    events.running(id, "algo-1");
    backend.remove(id);
    assertThat(backend.list()).doesNotContainKey(id);
    assertThatThrownBy(() -> backend.readLog(id, "algo-1", 0, 1)).isInstanceOf(ComputeException.class);
    backend.remove(id);
  }

  @Test
  void unknownWorkloadsAreNamedInTheError() {
    WorkloadId id = new WorkloadId("nobody");
    assertThatThrownBy(() -> backend.readLog(id, "algo-1", 0, 1))
        .isInstanceOf(ComputeException.class).hasMessageContaining("nobody");
    assertThatThrownBy(() -> backend.connect(id, "algo-1")).isInstanceOf(ComputeException.class);
    backend.stop(id, Duration.ZERO);
    backend.remove(id);
  }

  @Test
  void aHostWithoutServicePortCannotBeConnected() {
    WorkloadId id = start("noport", Program.waiting(0));
    events.running(id, "algo-1");
    assertThatThrownBy(() -> backend.connect(id, "algo-1")).isInstanceOf(ComputeException.class);
  }

  private void awaitLog(WorkloadId id, String text) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!log(id, "algo-1").contains(text)) {
      assertThat(System.nanoTime()).as("the log held " + text + " in time").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
