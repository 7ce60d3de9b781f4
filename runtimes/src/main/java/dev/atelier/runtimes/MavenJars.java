package dev.atelier.runtimes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Cached folders of jars that images have beside their Python packages, as a project file names them. Maven fetches them,
 * from wherever the machine's settings say, and checks them.
 */
final class MavenJars {
  private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies";
  private static final int LAST_LINES = 15;

  private final Path cache;
  private final Path maven;

  /** @param maven the program */
  MavenJars(Path cache, Path maven) {
    this.cache = cache;
    this.maven = maven;
  }

  /**
   * The folder of the jars that a project file of this module names, made when it is not there.
   *
   * @throws ImageException they cannot be had; the message holds Maven's last lines
   */
  Path require(String name, Consumer<String> progress) {
    String project = project(name);
    try {
      return BuildOnce.folder(cache.resolve("jars"), name + "-" + BuildOnce.digest(project),
          fresh -> fetch(fresh, name, project, progress));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fetch(Path fresh, String name, String project, Consumer<String> progress) throws IOException {
    progress.accept("Fetching the jars of " + name + " (once)");
    Path folder = Files.createTempDirectory("jars");
    try {
      Path file = Files.writeString(folder.resolve("pom.xml"), project);
      Deque<String> last = new ArrayDeque<>();
      int exit = Command.run(List.of(maven.toString(), "-B", "-ntp", "-q", "-f", file.toString(), COPY,
          "-DincludeScope=runtime", "-DoutputDirectory=" + fresh), Map.of("JAVA_HOME", System.getProperty("java.home")),
          line -> {
            last.addLast(line);
            if (last.size() > LAST_LINES) {
              last.removeFirst();
            }
          });
      if (exit != 0) {
        throw new ImageException("The jars of " + name + " could not be fetched (exit code " + exit + "): "
            + String.join("\n", last));
      }
      progress.accept("The jars of " + name + " are ready");
    } finally {
      FileTree.delete(folder);
    }
  }

  private static String project(String name) {
    try (InputStream in = MavenJars.class.getResourceAsStream("jars/" + name + ".xml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
