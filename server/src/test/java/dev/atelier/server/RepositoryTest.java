package dev.atelier.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.server.config.ServerConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the repository promises of itself: pages that name real files, documented settings, small rooms. */
class RepositoryTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int MAX_LINES = 500;

  @Test
  void filesNamedInTheArchitectureExist() throws IOException {
    Matcher link = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")));
    List<String> missing = new ArrayList<>();
    int links = 0;
    while (link.find()) {
      links++;
      if (!Files.exists(ROOT.resolve(link.group(1)))) {
        missing.add(link.group(1));
      }
    }
    assertThat(missing).isEmpty();
    assertThat(links).isGreaterThan(10);
  }

  @Test
  void everySettingIsDocumented() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/configuration.md"));
    for (Class<?> record : List.of(ServerConfig.class, ServerConfig.Account.class, ServerConfig.Role.class,
        ServerConfig.Bucket.class, ServerConfig.Capacity.class)) {
      for (RecordComponent component : record.getRecordComponents()) {
        assertThat(page).as(record.getSimpleName()).contains("`" + component.getName() + "`");
      }
    }
  }

  @Test
  void everyModuleHasAShortReadme() throws IOException {
    Matcher module = Pattern.compile("<module>([^<]+)</module>").matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (module.find()) {
      Path readme = ROOT.resolve(module.group(1)).resolve("README.md");
      assertThat(readme).exists();
      assertThat(Files.readAllLines(readme)).as(readme.toString()).hasSizeLessThanOrEqualTo(20);
    }
  }

  @Test
  void noSourceFileIsTooLong() throws IOException {
    List<String> long500 = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : (Iterable<Path>) files.filter(RepositoryTest::isSource)::iterator) {
        try (Stream<String> lines = Files.lines(file)) {
          if (lines.count() > MAX_LINES) {
            long500.add(ROOT.relativize(file).toString());
          }
        }
      }
    }
    assertThat(long500).as("split by responsibility").isEmpty();
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return (path.endsWith(".java") || path.endsWith(".py") || path.endsWith(".sh")) && !path.contains("/target/")
        && Files.isRegularFile(file);
  }
}
