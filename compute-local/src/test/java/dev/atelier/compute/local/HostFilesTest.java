package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a program writes are its to name, to swap and to take away. */
class HostFilesTest {
  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkloadSpec run(String script, Mount mount) {
    WorkloadSpec spec = Specs.isolated("files",
        Specs.sh("cd " + Specs.OUT + "; " + script + "; echo up; sleep 60", mount));
    bench.backend.start(spec);
    Bench.await("it has written", () -> bench.log(spec).contains("up"));
    return spec;
  }

  private List<HostFile> files(WorkloadSpec spec) {
    return bench.backend.files(spec.id(), "algo-1", Specs.OUT,
        new ListingLimits(100, 10_000, told::add, told::add));
  }

  private List<String> names(WorkloadSpec spec) {
    return files(spec).stream().map(HostFile::name).sorted().toList();
  }

  private List<String> collected(WorkloadSpec spec, List<String> names) throws IOException {
    List<String> found = new ArrayList<>();
    try (InputStream raw = bench.backend.collectFiles(spec.id(), "algo-1", Specs.OUT, names,
            new CollectionLimits(1 << 20, 100, left -> found.add("left out: " + left)));
        TarArchiveInputStream tar = new TarArchiveInputStream(raw, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        found.add(entry.getName() + "=" + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  @Test
  void onlyRegularFilesWithNamesOfTextAreTold() throws IOException {
    WorkloadSpec spec = run("printf 1 > plain; mkdir sub; printf 2 > 'sub/two\nlines'; printf 3 > ./--help; "
        + "printf 4 > 'tab\\t*'; "
        + "ln -s /etc/passwd link; ln -s sub dirlink; mkfifo pipe; printf x > \"$(printf 'bad\\377')\"",
        new Mount.Scratch(Specs.OUT));
    assertThat(names(spec)).containsExactly("--help", "plain", "sub/two\nlines", "tab\\t*");
    assertThat(told).containsExactlyInAnyOrder("link: a link", "dirlink: a link", "pipe: not a regular file",
        "1 files with names that are not UTF-8 are left out");
    assertThat(collected(spec, names(spec))).containsExactly("--help=3", "plain=1", "sub/two\nlines=2",
        "tab\\t*=4");
  }

  @Test
  void whatBecameSomethingElseIsLeftOut() throws IOException {
    WorkloadSpec spec = run("mkdir folder; printf 1 > folder/inner; ln -s /etc/hostname link; printf 2 > kept",
        new Mount.Scratch(Specs.OUT));
    assertThat(collected(spec, List.of("gone", "folder", "link", "kept")))
        .contains("kept=2").noneMatch(entry -> entry.contains("inner"))
        .anyMatch(entry -> entry.startsWith("left out: link"));
  }

  @Test
  void aFolderThatIsClosedToTheProgramHidesOnlyWhatItHolds() throws IOException {
    WorkloadSpec spec = run("mkdir shut; printf 1 > shut/in; printf 2 > plain; chmod 0 shut",
        new Mount.Scratch(Specs.OUT));
    assertThat(names(spec)).containsExactly("plain");
  }

  @Test
  void namesThatNoKeyCanBeAreTold() throws IOException {
    String part = "p".repeat(250);
    WorkloadSpec spec = run("p=" + part + "; mkdir -p $p/$p/$p/$p/$p; printf 1 > $p/$p/$p/$p/short; "
        + "printf 2 > $p/$p/$p/$p/$p/long", new Mount.Scratch(Specs.OUT));
    assertThat(names(spec)).singleElement().asString().endsWith("/short");
    assertThat(told).containsExactly("1 files with names longer than 1024 bytes are left out");
  }

  @Test
  void theVersionTellsAReplacementOfTheSameSizeAndTime() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "one");
    WorkloadSpec spec = run("cp -p state other; touch -r state other",
        new Mount.Copies(Specs.OUT, Map.of("state", source)));
    HostFile before = files(spec).stream()
        .filter(file -> file.name().equals("state")).findFirst().orElseThrow();
    HostFile other = files(spec).stream()
        .filter(file -> file.name().equals("other")).findFirst().orElseThrow();
    assertThat(other.bytes()).isEqualTo(before.bytes());
    assertThat(other.modified()).isEqualTo(before.modified());
    assertThat(other.version()).isNotEqualTo(before.version());
    assertThat(Files.readString(source)).isEqualTo("one");
  }
}
