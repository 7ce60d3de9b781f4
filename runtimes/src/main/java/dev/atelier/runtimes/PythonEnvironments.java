package dev.atelier.runtimes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Cached Python environments, one per locked list of packages and interpreter. Built beside their place and moved there
 * whole, bytecode compiled, so that a broken build leaves nothing and a built one is complete; relocatable, since
 * sandboxes see them at a path of their own.
 */
final class PythonEnvironments {
  private static final String UV = "0.13.8";
  private static final int LAST_LINES = 15;
  private static final String INFO = ".dist-info";
  /** uv brings certificates of its own unless told to use the machine's. */
  private static final Map<String, String> UV_SETTINGS =
      Map.of("UV_SYSTEM_CERTS", "1", "UV_NO_PROGRESS", "1", "UV_LINK_MODE", "copy");

  private final Path cache;
  private final List<String> indexes;

  /**
   * @param cache the folder of environments; safe to delete while nothing runs
   * @param indexes further package indexes, asked before the default one
   */
  PythonEnvironments(Path cache, List<String> indexes) {
    this.cache = cache;
    this.indexes = List.copyOf(indexes);
  }

  /**
   * The environment of a locked list of packages, built when it is not there.
   *
   * @throws ImageException the build failed; the message holds its last lines
   */
  Path require(String name, String requirements, Interpreter interpreter, Consumer<String> progress) {
    try {
      return BuildOnce.folder(cache.resolve("environments"),
          name + "-" + BuildOnce.digest(requirements + "\n" + interpreter.version()),
          fresh -> build(fresh, name, requirements, interpreter, progress));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(Path fresh, String name, String requirements, Interpreter interpreter, Consumer<String> progress)
      throws IOException {
    progress.accept("Building the environment " + name + " (once; packages are downloaded)");
    Path uv = uv(progress);
    Path list = Files.createTempFile("requirements", ".txt");
    try {
      Files.writeString(list, requirements);
      run(List.of(uv.toString(), "venv", "--quiet", "--relocatable", "--python",
          interpreter.executable().toString(), fresh.toString()), name, progress);
      // a list names all that its packages need, and may have something else there than they ask for
      List<String> install = new ArrayList<>(List.of(uv.toString(), "pip", "install", "--no-deps", "--python",
          fresh.resolve("bin/python").toString(), "--compile-bytecode", "--requirement", list.toString()));
      for (String index : indexes) {
        install.add("--index");
        install.add(index);
      }
      run(install, name, progress);
      progress.accept("The environment " + name + " is ready");
    } finally {
      Files.delete(list);
    }
  }

  private Path uv(Consumer<String> progress) throws IOException {
    // a venv is not relocatable, but its uv is a program of its own that runs from anywhere
    Path tools = BuildOnce.folder(cache.resolve("tools"), "uv-" + UV, fresh -> {
      run(List.of(Interpreters.own().executable().toString(), "-m", "venv", fresh.toString()), "uv", progress);
      run(List.of(fresh.resolve("bin/python").toString(), "-m", "pip", "install", "--quiet",
          "--disable-pip-version-check", "uv==" + UV), "uv", progress);
    });
    return tools.resolve("bin/uv");
  }

  private static void run(List<String> command, String name, Consumer<String> progress) throws IOException {
    Deque<String> last = new ArrayDeque<>();
    int exit = Command.run(command, UV_SETTINGS, line -> {
      last.addLast(line);
      if (last.size() > LAST_LINES) {
        last.removeFirst();
      }
      progress.accept(line);
    });
    if (exit != 0) {
      throw new ImageException("The environment " + name + " could not be built (exit code " + exit + "): "
          + String.join("\n", last));
    }
  }

  /** The version of a package in a built environment; empty when it is not there. */
  static Optional<String> version(Path environment, String distribution) {
    String prefix = distribution.replace('-', '_') + "-";
    try (Stream<Path> found = Files.find(environment.resolve("lib"), 3, (path, attributes) ->
        path.getFileName().toString().startsWith(prefix) && path.toString().endsWith(INFO))) {
      return found.map(path -> path.getFileName().toString())
          .map(name -> name.substring(prefix.length(), name.length() - INFO.length())).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a locked list of packages that ships with Atelier. */
  static String requirements(String name) {
    try (InputStream in = PythonEnvironments.class.getResourceAsStream("requirements/" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
