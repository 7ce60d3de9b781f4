package dev.atelier.runtimes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Interpreters of other minor versions than that of the machine's own: one of its programs, else a build that uv
 * fetches once. What cannot be had is not asked for again while the server runs.
 */
final class Pythons {
  private static final Path PROGRAMS = Path.of("/usr");

  private final Path folder;
  private final Map<String, Python> found = new ConcurrentHashMap<>();
  private final Set<String> absent = ConcurrentHashMap.newKeySet();

  /** @param folder where fetched ones are kept */
  Pythons(Path folder) {
    this.folder = folder;
  }

  /**
   * An interpreter.
   *
   * @param fetched the folder that hosts have to see; empty where they see it as the machine does
   */
  record Python(Path program, String version, Optional<Path> fetched) {}

  /** The interpreter of a minor version, such as {@code 3.10}; empty where there is none to be had. */
  Optional<Python> find(Path uv, String minor, Consumer<String> progress) {
    if (absent.contains(minor)) {
      return Optional.empty();
    }
    Optional<Python> python = Optional.ofNullable(found.get(minor)).or(() -> look(uv, minor)).or(() -> {
      progress.accept("Fetching Python " + minor + ", which the image has (once)");
      return run(uv, progress, "python", "install", "--no-bin", minor).isPresent() ? look(uv, minor) : Optional.empty();
    });
    python.ifPresentOrElse(each -> found.put(minor, each), () -> absent.add(minor));
    return python;
  }

  private Optional<Python> look(Path uv, String minor) {
    return run(uv, line -> { }, "python", "find", "--no-python-downloads", minor)
        .flatMap(lines -> lines.isEmpty() ? Optional.empty() : Optional.of(Path.of(lines.getLast())))
        .flatMap(program -> python(program, minor));
  }

  /** Empty for one that hosts would not see, such as that of somebody's home. */
  private Optional<Python> python(Path found, String minor) {
    try {
      Path program = found.toRealPath();
      if (program.startsWith(PROGRAMS)) {
        return Optional.of(new Python(program, minor, Optional.empty()));
      }
      return program.startsWith(folder.toRealPath())
          ? Optional.of(new Python(program, minor, Optional.of(program.getParent().getParent()))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The lines of a command of uv's that succeeded. */
  private Optional<List<String>> run(Path uv, Consumer<String> progress, String... words) {
    List<String> command = new ArrayList<>(List.of(uv.toString()));
    command.addAll(List.of(words));
    Map<String, String> settings = new HashMap<>(PythonEnvironments.UV_SETTINGS);
    settings.put("UV_PYTHON_INSTALL_DIR", folder.toString());
    List<String> lines = new ArrayList<>();
    try {
      int exit = Command.run(command, settings, line -> {
        lines.add(line);
        progress.accept(line);
      });
      return exit == 0 ? Optional.of(lines) : Optional.empty();
    } catch (IOException e) {
      progress.accept("uv could not be run: " + e.getMessage());
      return Optional.empty();
    }
  }
}
