package dev.atelier.modelgenerator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of generated files. A file whose content is the same keeps its time stamp; what was not written goes. */
final class Outputs {
  private final Path folder;
  private final Set<Path> written = new HashSet<>();

  Outputs(Path folder) {
    this.folder = folder;
  }

  void write(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    written.add(file);
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  void removeOthers() throws IOException {
    List<Path> stale;
    try (Stream<Path> files = Files.walk(folder)) {
      stale = files.filter(Files::isRegularFile).filter(file -> !written.contains(file)).toList();
    }
    for (Path file : stale) {
      Files.delete(file);
    }
  }
}
