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
import java.util.List;
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
    Volumes.open(volumes, uids, false);
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

  private String sized(String id, long mebibytes, String script) {
    Mount.Volume volume = new Mount.Volume(HOME, "sized", mebibytes << 20);
    return bench.run(Specs.isolated(id, Specs.sh("cd " + HOME + "; " + script, volume))).log();
  }

  private void assumeSizes() throws IOException {
    assumeTrue(VolumeImage.works(folder.resolve("trial")), "sizes need root, loop devices and mkfs.ext4");
  }

  @Test
  void aVolumeWithASizeIsFullWhenItIsAndKeepsWhatFits() throws IOException {
    assumeSizes();
    assertThat(sized("one", 64,
        "echo mine > a; head -c 100M /dev/zero > big || rm big; ls -A; df -m --output=size . | tail -1"))
        .contains("No space left on device").containsPattern("a\n +[456]\\d\n");
    bench.close();
    bench = new Bench(folder);
    assertThat(sized("two", 64, "cat a")).isEqualTo("mine\n");
    assertThat(sized("three", 256, "cat a; head -c 100M /dev/zero > big && echo fits")).isEqualTo("mine\nfits\n");
    assertThat(sized("four", 64, "stat -c %s big")).isEqualTo("104857600\n");
  }

  @Test
  void hostsShareAVolumeWithASize() throws IOException {
    assumeSizes();
    Mount.Volume volume = new Mount.Volume(HOME, "sized", 64 << 20);
    List<WorkloadSpec> all = Bench.repeat(4, i -> Specs.isolated("host" + i, Specs.sh("cd " + HOME + "; echo " + i
        + " > h" + i + "; until [ -e h0 ] && [ -e h1 ] && [ -e h2 ] && [ -e h3 ]; do sleep 0.05; done; cat h?", volume)));
    all.forEach(bench.backend::start);
    all.forEach(spec -> bench.events.ended(spec.id(), spec.hosts().getFirst().name()));
    assertThat(all).allSatisfy(spec -> assertThat(bench.log(spec)).isEqualTo("0\n1\n2\n3\n"));
  }

  @Test
  void aVolumeThatHasFilesStaysAsItIs() throws IOException {
    assumeSizes();
    assertThat(run("one", "sized", "echo mine > a")).isEmpty();
    assertThat(sized("two", 64, "cat a")).contains("does not have the size").endsWith("mine\n");
  }

  @Test
  void aHostMountsOneAtMost() {
    HostSpec two = Specs.sh("true", new Mount.Volume(HOME, "ann"), new Mount.Volume("/mnt/other", "ben"));
    assertThatThrownBy(() -> bench.backend.start(Specs.isolated("two", two))).isInstanceOf(ComputeException.class)
        .hasMessageContaining("one volume");
    assertThatThrownBy(() -> new Mount.Volume(HOME, "../x")).isInstanceOf(IllegalArgumentException.class);
  }
}
