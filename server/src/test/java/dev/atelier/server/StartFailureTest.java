package dev.atelier.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot be: one line that says why, exit code 1, nothing left that runs or is locked. */
final class StartFailureTest {
  @TempDir Path folder;

  private record Ended(int code, String errors) {}

  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), Main.class.getName(), "up"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile());
    builder.environment().put("ATELIER_HOME", new File("..").getAbsolutePath());
    builder.environment().put("ATELIER_LAB", new File("../lab/target").getAbsolutePath());
    builder.environment().put("ATELIER_ALGORITHMS", new File("../algorithms/target/image").getAbsolutePath());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return builder.start();
  }

  private Ended up(String... words) throws Exception {
    Process process = start(words);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      return new Ended(process.exitValue(), Files.readString(folder.resolve("errors"), StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void assertRefused(Ended ended, String... parts) {
    assertThat(ended.code()).as(ended.errors()).isEqualTo(1);
    List<String> own = ended.errors().lines().filter(line -> line.startsWith("atelier: ")).toList();
    assertThat(own).as(ended.errors()).hasSize(1);
    assertThat(own.getFirst()).contains(parts);
    assertThat(ended.errors()).doesNotContain("\tat ");
  }

  @Test
  void aTakenPortIsNamedAndTheFolderIsFreeAgain() throws Exception {
    Path data = folder.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(up("--port", port, "--data", data.toString()), "port " + port, "--port");
    }
    assertThat(data.resolve("run/server.json")).doesNotExist();
    Process second = start("--port", "0", "--data", data.toString());
    try (var out = second.inputReader()) {
      assertThat(out.readLine()).startsWith("The console is at http://studio.localhost:");
      assertThat(out.readLine()).startsWith("Atelier is ready at http://127.0.0.1:");
      assertRefusedWhileHeld(data, second.pid());
    } finally {
      second.destroy();
      assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void assertRefusedWhileHeld(Path data, long pid) throws Exception {
    assertRefused(up("--port", "0", "--data", data.toString()), "in use by the server with process id " + pid);
    assertThat(data.resolve("run/server.json")).exists();
  }

  @Test
  void aNewerFormatIsRefusedAndKept() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("FORMAT"), "99\n");
    assertRefused(up("--port", "0", "--data", data.toString()), "format 99", "newer version");
    assertThat(data.resolve("FORMAT")).hasContent("99");
    assertThat(data.resolve("meta.db")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    // a read-only mount answers alike for root, whom modes do not stop: /proc takes no folders
    assertRefused(up("--port", "0", "--data", "/proc/atelier"), "the data folder /proc/atelier cannot be used");
  }

  @Test
  void aDataFolderThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertRefused(up("--port", "0", "--data", file.toString()), "the data folder " + file + " cannot be used");
    assertThat(file).hasContent("text");
  }

  @Test
  void anUnknownKeyIsNamedBeforeAnythingIsMade() throws Exception {
    Path data = folder.resolve("data");
    Path config = Files.writeString(folder.resolve("config.json"), "{\"egres\": \"none\"} // a slip");
    assertRefused(up("--port", "0", "--data", data.toString(), "--config", config.toString()), "unknown key \"egres\"");
    assertThat(data).doesNotExist();
  }

  @Test
  void aSampleFolderThatIsNoBucketOfAwsIsNamed() throws Exception {
    String data = folder.resolve("data").toString();
    Path config = Files.writeString(folder.resolve("config.json"), "{\"sampleBuckets\": \"samples\"}");
    assertRefused(up("--port", "0", "--data", data, "--config", config.toString()),
        "sampleBuckets: " + folder.resolve("samples") + " cannot be read");
    Files.createDirectories(folder.resolve("samples/my-data"));
    assertRefused(up("--port", "0", "--data", data, "--config", config.toString()),
        "sampleBuckets: " + folder.resolve("samples/my-data") + " is none of the sample buckets");
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() throws Exception {
    assertRefused(up("--port", "0", "--data", folder.resolve("data").toString(), "--host", "192.0.2.1",
        "--insecure-http"), "192.0.2.1 is not an address of this machine");
    assertRefused(up("--port", "70000", "--data", folder.resolve("data").toString()), "--port must be between");
  }
}
