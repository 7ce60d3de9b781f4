package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs are given out one host each; other character devices stand for their nodes. */
class GpusTest {
  @TempDir Path folder;
  private Path devices;

  @BeforeEach
  void makeNodes() throws IOException {
    devices = Files.createDirectory(folder.resolve("devices"));
    for (String name : List.of("nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm", "nvram")) {
      Files.createFile(devices.resolve(name));
    }
  }

  @Test
  void eachIsGivenToOneHostOrToTheHostsOfOneMachine() {
    Gpus gpus = new Gpus(devices);
    assertThat(Gpus.found(devices)).containsExactly(0, 1, 10);
    assertThat(gpus.take("none", 0)).isEmpty();
    assertThat(gpus.take("a", 1)).containsExactly(0);
    gpus.claim("found", List.of(1));
    assertThat(gpus.take("machine/one", 1)).containsExactly(10);
    assertThat(gpus.take("machine/two", 1)).containsExactly(10);
    assertThatThrownBy(() -> gpus.take("b", 1)).isInstanceOf(ComputeException.class).hasMessageContaining("0 are free");
    gpus.leave("machine/one");
    assertThatThrownBy(() -> gpus.take("b", 1)).isInstanceOf(ComputeException.class);
    gpus.leave("machine/two");
    assertThat(gpus.take("b", 1)).containsExactly(10);
    assertThat(gpus.nodes(List.of(1))).extracting(node -> node.getFileName().toString())
        .containsExactly("nvidiactl", "nvidia-uvm", "nvidia1");
    assertThat(gpus.nodes(List.of())).isEmpty();
  }

  /** A device that gives zeros, in place of a file. */
  private void makeZeros(String name) throws IOException {
    Files.delete(devices.resolve(name));
    Opening.Tool.Answer made = Opening.Tool.run(List.of("mknod", "-m", "666", devices.resolve(name).toString(), "c", "1", "5"));
    assumeTrue(made.code() == 0, "device nodes need root: " + made.text());
  }

  private static WorkloadSpec spec(String id, int gpus, String script) {
    Resources small = Specs.SMALL;
    return Specs.isolated(id, Specs.with(Specs.sh(script),
        new Resources(small.cpus(), small.memoryBytes(), gpus, small.processes(), small.diskBytes())));
  }

  @Test
  void aSandboxSeesItsOwnAndNoOther() throws IOException {
    for (String name : List.of("nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm")) {
      makeZeros(name);
    }
    // as /dev is: its nodes are found by everybody
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    String look = "ls /dev | grep nv | sort | tr '\\n' ' '; head -c 3 /dev/nvidia0 | wc -c; touch /dev/x; "
        + "mknod /tmp/nvidia1 c 1 5; echo looked";
    LocalComputeConfig config = LocalComputeConfig.of(folder.resolve("run")).withDevices(devices);
    WorkloadSpec first = spec("first", 1, look + "; sleep 60");
    Bench server = new Bench(config, new NoDoor(), List.of());
    server.backend.start(first);
    Bench.await("it looked", () -> server.log(first).endsWith("looked\n"));
    assertThat(server.log(first)).startsWith("nvidia-uvm nvidia0 nvidiactl 3\n").contains("Read-only file system")
        .contains("Operation not permitted");
    assertThat(server.run(spec("plain", 0, "ls /dev | grep -c nv")).log()).isEqualTo("0\n");
    server.backend.close();
    try (Bench bench = new Bench(config, new NoDoor(), List.of())) {
      // the first host lives on, and keeps its own
      assertThat(bench.run(spec("second", 1, "ls /dev | grep nvidia1")).log()).isEqualTo("nvidia1\n");
      bench.backend.remove(first.id());
      assertThat(bench.run(spec("third", 2, "ls /dev | grep 'nvidia[0-9]' | tr '\\n' ' '")).log()).isEqualTo("nvidia0 nvidia1 ");
    }
  }
}
