package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes outlive hosts and servers, and are their users' alone. */
class VolumesTest {
  private static final String HOME = "/home/sagemaker-user";

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

  private LocalComputeConfig config() {
    return LocalComputeConfig.of(folder.resolve("run"));
  }

  private String run(String id, String volume, String script) {
    WorkloadSpec spec = Specs.isolated(id, Specs.sh("cd " + HOME + "; " + script, new Mount.Volume(HOME, volume)));
    return bench.run(spec).log();
  }

  @Test
  void whatIsWrittenIsThereForTheNextHostAndTheNextServer() {
    assertThat(run("one", "ann", "mkdir -m 700 own; echo mine > own/a; echo done")).isEqualTo("done\n");
    assertThat(run("two", "ann", "cat own/a; echo more >> own/a")).isEqualTo("mine\n");
    bench.close();
    bench = new Bench(folder);
    assertThat(run("three", "ann", "cat own/a")).isEqualTo("mine\nmore\n");
    assertThat(run("four", "ben", "ls -A")).isEmpty();
  }

  @Test
  void hostsAtTheSameTimeShareTheFilesAndNothingElse() {
    WorkloadSpec first = Specs.isolated("first",
        Specs.sh("cd " + HOME + "; echo up > up; echo up; sleep 60", new Mount.Volume(HOME, "ann")));
    bench.backend.start(first);
    Bench.await("it runs", () -> bench.log(first).contains("up"));
    assertThat(run("second", "ann", "cat up; ls /proc | grep -c '^[0-9]'")).startsWith("up\n").doesNotContain("sleep");
    assertThatThrownBy(() -> bench.backend.removeVolume("ann")).isInstanceOf(ComputeException.class);
  }

  @Test
  void aVolumesUserIsNobodyElses() throws IOException {
    assumeTrue(Machine.root(), "users of their own need a server that is root");
    run("one", "ann", "echo 1 > a");
    run("two", "ben", "echo 1 > a");
    Path volumes = config().volumeFolder();
    Integer ann = Machine.ownerOf(Volumes.files(volumes, "ann").resolve("a"));
    Integer ben = Machine.ownerOf(Volumes.files(volumes, "ben").resolve("a"));
    assertThat(ann).isNotEqualTo(ben);
    bench.backend.list().keySet().forEach(bench.backend::remove);
    SandboxUids uids = new SandboxUids(ann, ann, 0);
    Volumes.open(volumes, uids);
    uids.free(ann);
    assertThatThrownBy(uids::take).isInstanceOf(ComputeException.class);
  }

  @Test
  void aRemovedVolumeIsGoneAndItsNameBeginsAnew() {
    run("one", "ann", "echo 1 > a; ln -s /etc/passwd link");
    bench.backend.list().keySet().forEach(bench.backend::remove);
    bench.backend.removeVolume("ann");
    assertThat(Files.exists(config().volumeFolder().resolve("ann"))).isFalse();
    assertThat(run("two", "ann", "ls -A")).isEmpty();
  }

  @Test
  void aHostMountsOneAtMost() {
    HostSpec two = Specs.sh("true", new Mount.Volume(HOME, "ann"), new Mount.Volume("/mnt/other", "ben"));
    assertThatThrownBy(() -> bench.backend.start(Specs.isolated("two", two))).isInstanceOf(ComputeException.class)
        .hasMessageContaining("one volume");
    assertThatThrownBy(() -> new Mount.Volume(HOME, "../x")).isInstanceOf(IllegalArgumentException.class);
  }
}
