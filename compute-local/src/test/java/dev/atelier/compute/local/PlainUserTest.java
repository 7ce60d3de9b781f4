package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same sandboxes when the server is a plain user; run from a root by lowering a process of its own. */
@Tag("escape")
final class PlainUserTest {
  private static final String USER = "64999";
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    Assumptions.assumeTrue(Machine.root(), 
        "only root can become another user; run as a plain user, all tests are this one");
    folder = Files.createTempDirectory(Path.of("/var/tmp"), "plain");
    Files.setAttribute(folder, "unix:uid", Integer.parseInt(USER));
    Opening.Tool.Answer answer = Opening.Tool.run(List.of("setpriv", "--reuid", USER, "--regid", USER,
        "--clear-groups", "unshare", "--user", "--map-root-user", "true"));
    Assumptions.assumeTrue(answer.code() == 0, "this machine gives plain users no user namespaces: " + answer.text());
  }

  @AfterEach
  void delete() {
    if (folder != null) {
      Deletion.delete(folder);
    }
  }

  @Test
  void sandboxesHoldForAPlainUserToo() throws Exception {
    List<String> words = List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups",
        Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx128m", "-cp", readableClassPath(),
        PlainUserTrial.class.getName(), folder.toString());
    Process trial = new ProcessBuilder(words).redirectErrorStream(true).directory(new File("/")).start();
    String output = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(trial.waitFor()).as(output).isZero();
    assertThat(output).doesNotContain("WRONG").contains("TRIALS 10");
  }

  // The build's own folders may lie below a private one.
  private String readableClassPath() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("classes"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path source = Path.of(entry);
      Path target = copy.resolve(Integer.toString(entries.size()));
      if (Files.isDirectory(source)) {
        try (Stream<Path> all = Files.walk(source)) {
          for (Path file : all.toList()) {
            Files.copy(file, target.resolve(source.relativize(file).toString()));
          }
        }
        entries.add(target.toString());
      } else if (Files.exists(source)) {
        Files.copy(source, copy.resolve(entries.size() + ".jar"));
        entries.add(copy.resolve(entries.size() + ".jar").toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }
}
