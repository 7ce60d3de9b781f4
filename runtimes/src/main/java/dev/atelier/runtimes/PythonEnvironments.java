package dev.atelier.runtimes;

import dev.atelier.runtimes.Pythons.Python;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cached Python environments, one per locked list of packages and interpreter. Built beside their place and moved there
 * whole, bytecode compiled, so that a broken build leaves nothing and a built one is complete; relocatable, since
 * sandboxes see them at a path of their own.
 */
public final class PythonEnvironments {
  private static final String UV = "0.13.8";
  private static final int LAST_LINES = 15;
  private static final String INFO = ".dist-info";
  private static final Pattern LOCKED = Pattern.compile("(?m)^([A-Za-z0-9._-]+)==[^ ;]+");
  /** uv brings certificates of its own unless told to use the machine's. */
  static final Map<String, String> UV_SETTINGS =
      Map.of("UV_SYSTEM_CERTS", "1", "UV_NO_PROGRESS", "1", "UV_LINK_MODE", "copy");

  private final Path cache;
  private final Path interpreter;
  private final List<String> indexes;
  private final Pythons pythons;

  /**
   * @param cache the folder of environments; safe to delete while nothing runs
   * @param interpreter the machine's Python, which sandboxes see at the same path
   * @param indexes further package indexes, asked before the default one
   */
  public PythonEnvironments(Path cache, Path interpreter, List<String> indexes) {
    this.cache = cache;
    this.interpreter = interpreter;
    this.indexes = List.copyOf(indexes);
    this.pythons = new Pythons(cache.resolve("pythons"));
  }

  /**
   * The environment of a locked list of packages for the machine's Python, built when it is not there.
   *
   * @throws ImageException the build failed; the message holds its last lines
   */
  public Path require(String name, String requirements, Consumer<String> progress) {
    return require(name, requirements, new Python(interpreter, pythonVersion(), Optional.empty()), progress);
  }

  /** As the other, for another Python: packages whose locked versions do not fit it are taken in ones that do. */
  Path require(String name, String requirements, Python python, Consumer<String> progress) {
    try {
      return BuildOnce.folder(cache.resolve("environments"),
          name + "-" + BuildOnce.digest(requirements + "\n" + python.version()),
          fresh -> build(fresh, name, requirements, python, progress));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Python of a minor version that is not the machine's; empty where there is none to be had. */
  Optional<Python> python(String minor, Consumer<String> progress) {
    try {
      return pythons.find(uv(progress), minor, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(Path fresh, String name, String requirements, Python python, Consumer<String> progress)
      throws IOException {
    progress.accept("Building the environment " + name + " (once; packages are downloaded)");
    Path uv = uv(progress);
    run(List.of(uv.toString(), "venv", "--quiet", "--relocatable", "--python", python.program().toString(),
        fresh.toString()), name, progress);
    try {
      install(uv, fresh, name, requirements, progress);
    } catch (ImageException locked) {
      if (python.program().equals(interpreter)) {
        throw locked;
      }
      progress.accept("Its locked versions do not fit Python " + python.version() + "; others are looked for");
      install(uv, fresh, name, LOCKED.matcher(requirements).replaceAll("$1"), progress);
    }
    progress.accept("The environment " + name + " is ready");
  }

  private void install(Path uv, Path environment, String name, String requirements, Consumer<String> progress)
      throws IOException {
    Path list = Files.createTempFile("requirements", ".txt");
    try {
      Files.writeString(list, requirements);
      List<String> install = new ArrayList<>(List.of(uv.toString(), "pip", "install", "--python",
          environment.resolve("bin/python").toString(), "--compile-bytecode", "--requirement", list.toString()));
      for (String index : indexes) {
        install.add("--index");
        install.add(index);
      }
      run(install, name, progress);
    } finally {
      Files.delete(list);
    }
  }

  private Path uv(Consumer<String> progress) throws IOException {
    // a venv is not relocatable, but its uv is a program of its own that runs from anywhere
    Path tools = BuildOnce.folder(cache.resolve("tools"), "uv-" + UV, fresh -> {
      run(List.of(interpreter.toString(), "-m", "venv", fresh.toString()), "uv", progress);
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

  /** The interpreter's minor version, such as {@code 3.11}. */
  public String pythonVersion() {
    return Interpreter.version(interpreter);
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
