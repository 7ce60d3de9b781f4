package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken out of a folder that a program filled as it liked, and what is said of the rest. */
final class CollectionTest {
  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkloadSpec written(String name, String script) {
    WorkloadSpec spec = Specs.isolated(name,
        Specs.sh("cd " + Specs.OUT + "; " + script + "; echo up; sleep 60", new Mount.Scratch(Specs.OUT)));
    bench.backend.start(spec);
    Bench.await("it has written", () -> bench.log(spec).contains("up"));
    return spec;
  }

  @Test
  void collectsPlainFilesOnlyWhileTheProgramRuns() throws IOException {
    WorkloadSpec spec = written("tree", "mkdir d; echo one > d/one; ln -s /etc/passwd link;"
        + " ln d/one hard; mkfifo pipe; ln -s / dirlink");
    List<String> leftOut = new ArrayList<>();
    List<String> names = names(spec, Specs.OUT, leftOut);
    assertThat(names).containsExactlyInAnyOrder("d/", "d/one", "hard");
    assertThat(leftOut).hasSize(3).anyMatch(line -> line.startsWith("link: "));
    assertThat(names(spec, Specs.OUT + "/d", leftOut)).containsExactly("one");
    assertThat(names(spec, Specs.OUT + "/dirlink", leftOut)).isEmpty();
  }

  @Test
  void linksThatStayInsideAreKeptWhereTheyAreWanted() throws IOException {
    WorkloadSpec spec = written("links", "mkdir -p d/e; echo 1 > d/one;"
        + " ln -s one d/same; ln -s ../../d/one d/e/up; ln -s d latest; ln -s gone dangling; ln -s ../.. d/out;"
        + " ln -s /etc/passwd absolute; ln -s ../.. d/e/top; ln -s d/e/top/../x composed");
    List<String> leftOut = new ArrayList<>();
    Map<String, String> links = new TreeMap<>();
    try (InputStream tar = bench.backend.collect(spec.id(), "algo-1", Specs.OUT,
            new CollectionLimits(1 << 20, 100, leftOut::add).withLinks());
        TarArchiveInputStream entries = new TarArchiveInputStream(tar)) {
      for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (entry.isSymbolicLink()) {
          links.put(entry.getName(), entry.getLinkName());
        }
      }
    }
    assertThat(links).isEqualTo(Map.of("d/same", "one", "d/e/up", "../../d/one", "latest", "d", "dangling", "gone",
        "d/e/top", "../.."));
    assertThat(leftOut).containsExactlyInAnyOrder(
        "d/out: a link to ../.., which may lie outside the folder",
        "absolute: a link to /etc/passwd, which may lie outside the folder",
        "composed: a link to d/e/top/../x, which may lie outside the folder");
  }

  @Test
  void aFileThatIsTooLargeHidesNothing() throws IOException {
    WorkloadSpec spec = written("holes", "mkdir d; echo 1 > a; echo 2 > z;"
        + " truncate -s 4T 'd/*' b \"$(printf 'two\\nlines')\" './--help'; truncate -s 700K k l m; echo 3 > 'd/?'");
    List<String> leftOut = new ArrayList<>();
    assertThat(names(spec, Specs.OUT, leftOut)).containsExactlyInAnyOrder("a", "d/", "d/?", "k", "z");
    assertThat(leftOut).containsExactlyInAnyOrder("d/*: over the limit of 1048576 bytes",
        "b: over the limit of 1048576 bytes", "two\nlines: over the limit of 1048576 bytes",
        "--help: over the limit of 1048576 bytes", "l: over the limit of 1048576 bytes",
        "m: over the limit of 1048576 bytes");
  }

  @Test
  void whatIsTakenBeforeTooMuchIsReadPastIsAWholeArchive() throws IOException {
    WorkloadSpec spec = written("many", "echo 1 > a; echo 2 > e; chmod 200 e;"
        + " for i in $(seq 1000 1100); do truncate -s 1M f$i; done; echo last > z");
    List<String> leftOut = new ArrayList<>();
    assertThat(names(spec, Specs.OUT, leftOut)).containsExactly("a");
    String over = ": over the limit of 1048576 bytes";
    assertThat(leftOut).hasSize(66).contains("f1000" + over, "f1063" + over)
        .contains("f1064" + over + ", and all that follows it", "e: cannot be read: Permission denied");
  }

  @Test
  void moreEndlessFilesThanCanBeExcludedEndTheArchiveAtTheNext() throws IOException {
    WorkloadSpec spec = written("endless", "echo 1 > a; for i in $(seq 101); do truncate -s 1T f$i; done; echo 2 > z");
    List<String> leftOut = new ArrayList<>();
    assertThat(names(spec, Specs.OUT, leftOut)).containsExactly("a");
    assertThat(leftOut).hasSize(101).first().asString()
        .matches("f\\d+: over the limit of 1048576 bytes, and all that follows it");
    bench.backend.remove(spec.id());
    WorkloadSpec long200 = written("long", "echo 1 > a; name=$(printf %0200d 0);"
        + " for i in $(seq 100 199); do truncate -s 1T $name$i; done");
    leftOut.clear();
    names(long200, Specs.OUT, leftOut);
    assertThat(leftOut).hasSizeBetween(81, 82).first().asString().endsWith(", and all that follows it");
  }

  @Test
  void aFolderHoldsFourNamesOfAFileAsLargeAsMostOfItsVolume() throws IOException {
    WorkloadSpec spec = written("names", "dd if=/dev/zero of=m1 bs=1M count=40 2>/dev/null;"
        + " for i in 2 3 4; do ln m1 m$i; done; echo 1 > a; echo 2 > z");
    List<String> leftOut = new ArrayList<>();
    assertThat(names(spec, Specs.OUT, new CollectionLimits(64 << 20, 100, leftOut::add)))
        .containsExactly("a", "m1");
    assertThat(leftOut).containsExactly("m2: over the limit of 67108864 bytes",
        "m3: over the limit of 67108864 bytes, and all that follows it");
  }

  @Test
  void whatAProgramClosedToItselfIsNamed() throws IOException {
    WorkloadSpec spec = written("shut", "echo 1 > good; echo 2 > shut;"
        + " chmod 200 shut; mkdir d; echo 3 > d/in; chmod 111 d");
    List<String> leftOut = new ArrayList<>();
    assertThat(names(spec, Specs.OUT, leftOut)).contains("good").doesNotContain("shut", "d/in");
    assertThat(leftOut).containsExactlyInAnyOrder("shut: cannot be read: Permission denied",
        "d: cannot be read: Permission denied");
  }

  private List<String> names(WorkloadSpec spec, String inside, List<String> leftOut) throws IOException {
    return names(spec, inside, new CollectionLimits(1 << 20, 100, leftOut::add));
  }

  private List<String> names(WorkloadSpec spec, String inside, CollectionLimits limits) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream tar = bench.backend.collect(spec.id(), "algo-1", inside, limits);
        TarArchiveInputStream entries = new TarArchiveInputStream(tar)) {
      for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        names.add(entry.getName());
        assertThat(entry.isFile() || entry.isDirectory()).isTrue();
      }
    }
    return names;
  }
}
