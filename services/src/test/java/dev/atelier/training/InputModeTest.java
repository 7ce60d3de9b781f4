package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputModeTest {
  @TempDir Path root;
  private final List<HostSpec> hosts = new CopyOnWriteArrayList<>();
  private TrainingBench server;

  @BeforeEach
  void open() {
    server = new TrainingBench(root, new FakeComputeBackend(host -> {
      hosts.add(host);
      return Script.exiting(0, "");
    }, Clock.systemUTC()));
    server.bench.put("train/a", "one");
    server.bench.put("train/b/c", "two");
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static Map<String, Object> channel(String mode, String type) {
    return Map.of("InputDataConfig", List.of(Map.of("ChannelName", "train", "InputMode", mode, "DataSource",
        Map.of("S3DataSource", Map.of("S3DataType", type, "S3Uri", "s3://data/train")))));
  }

  @Test
  void fastFileShowsTheFilesOfFile() {
    for (String mode : List.of("File", "FastFile")) {
      server.create(mode, channel(mode, "S3Prefix"));
      server.await(mode, "Completed");
    }
    assertThat(hosts).hasSize(2).allSatisfy(host -> assertThat(host.mounts()).anySatisfy(mount -> {
      assertThat(mount.inside()).isEqualTo("/opt/ml/input/data/train");
      assertThat(((Mount.Files) mount).files()).containsOnlyKeys("a", "b/c");
    }));
    assertThat(((Mount.Texts) hosts.getLast().mounts().getFirst()).texts().get("inputdataconfig.json"))
        .contains("\"TrainingInputMode\":\"FastFile\"");
  }

  @Test
  void fastFileTakesNoManifest() {
    assertThatThrownBy(() -> server.create("job", channel("FastFile", "ManifestFile")))
        .isInstanceOf(Fault.class).hasMessageContaining("not supported in FastFile mode");
  }

  @Test
  void pipeIsRefusedByItsName() {
    assertRefused(channel("Pipe", "S3Prefix"), "TrainingInputMode Pipe");
  }

  private void assertRefused(Map<String, Object> request, String name) {
    assertThatThrownBy(() -> server.create("job", request)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("UnsupportedOperation");
      assertThat(fault.getMessage()).contains("CreateTrainingJob").contains(name);
    });
    assertThatThrownBy(() -> server.describe("job")).isInstanceOf(Fault.class);
  }
}
