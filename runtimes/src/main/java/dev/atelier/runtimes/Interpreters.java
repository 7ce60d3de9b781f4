package dev.atelier.runtimes;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Pythons of this machine: its own, others of its distribution, and those that pyenv or uv installed for the
 * server's user.
 */
final class Interpreters {
  private static final Path OWN = Path.of("/usr/bin/python3");
  private static final Pattern PROGRAM = Pattern.compile("python3\\.\\d+");
  private static final Pattern INSTALLED = Pattern.compile("(?:cpython-)?(3\\.\\d+)\\.(\\d+)(?:-.*)?");
  /** What packages cannot do without: an interpreter that was built without them serves nobody. */
  private static final String QUESTION = "import ctypes, ssl, sys, zlib; "
      + "print('%d.%d' % sys.version_info[:2], sys.base_prefix if sys.prefix == sys.base_prefix else '')";
  private static final Pattern ANSWER = Pattern.compile("(3\\.\\d+) (/.*)");
  /** Where sandboxes have what this machine has. */
  private static final List<Path> SEEN = List.of(Path.of("/usr"), Path.of("/usr/local"));
  private static final Map<Path, Optional<Interpreter>> ASKED = new ConcurrentHashMap<>();

  private final List<Path> system;
  private final List<Path> installations;

  /** Those of this machine and of the server's user. */
  Interpreters() {
    this(List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin")), installations(System.getenv()));
  }

  /**
   * @param system folders with programs such as {@code python3.12}
   * @param installations folders with a folder for each installation, such as {@code 3.12.1}
   */
  Interpreters(List<Path> system, List<Path> installations) {
    this.system = List.copyOf(system);
    this.installations = List.copyOf(installations);
  }

  private static List<Path> installations(Map<String, String> environment) {
    Path home = Path.of(System.getProperty("user.home"));
    Path data = folder(environment, "XDG_DATA_HOME", home.resolve(".local/share"));
    return List.of(folder(environment, "PYENV_ROOT", home.resolve(".pyenv")).resolve("versions"),
        folder(environment, "UV_PYTHON_INSTALL_DIR", data.resolve("uv/python")));
  }

  private static Path folder(Map<String, String> environment, String variable, Path otherwise) {
    String value = environment.get(variable);
    return value == null || value.isEmpty() ? otherwise : Path.of(value);
  }

  /**
   * The machine's own Python 3.
   *
   * @throws ImageException there is none that can be used
   */
  static Interpreter own() {
    return ask(OWN).orElseThrow(() -> new ImageException(OWN + " is no usable Python interpreter"));
  }

  /** One interpreter of each minor version, the machine's own first. */
  List<Interpreter> all() {
    Interpreter own = own();
    Map<String, Interpreter> others = new TreeMap<>(Comparator.comparing(Version::of));
    for (Path program : programs()) {
      ask(program).filter(each -> !each.version().equals(own.version()))
          .ifPresent(each -> others.putIfAbsent(each.version(), each));
    }
    List<Interpreter> all = new ArrayList<>(List.of(own));
    all.addAll(others.values());
    return all;
  }

  private List<Path> programs() {
    List<Path> programs = new ArrayList<>();
    for (Path folder : system) {
      entries(folder).stream().filter(each -> PROGRAM.matcher(each.getFileName().toString()).matches())
          .forEach(programs::add);
    }
    for (Path folder : installations) {
      entries(folder).stream().map(each -> INSTALLED.matcher(each.getFileName().toString())).filter(Matcher::matches)
          .sorted(Comparator.comparing((Matcher each) -> Version.of(each.group(1) + "." + each.group(2))).reversed())
          .map(each -> folder.resolve(each.group()).resolve("bin/python" + each.group(1))).forEach(programs::add);
    }
    return programs.stream().filter(Files::isExecutable).toList();
  }

  private static List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(entries::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    return entries;
  }

  /** Empty for what is no installation of its own, such as an environment, and for what does not start. */
  private static Optional<Interpreter> ask(Path program) {
    return ASKED.computeIfAbsent(program, Interpreters::answer);
  }

  private static Optional<Interpreter> answer(Path program) {
    List<String> lines = new ArrayList<>();
    try {
      if (Command.run(List.of(program.toString(), "-I", "-c", QUESTION), Map.of(), lines::add) != 0) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    Matcher answer = ANSWER.matcher(String.join("\n", lines));
    if (!answer.matches()) {
      return Optional.empty();
    }
    Path prefix = Path.of(answer.group(2));
    Optional<Path> folder = SEEN.contains(prefix) ? Optional.empty() : Optional.of(prefix);
    return Optional.of(new Interpreter(answer.group(1), program, folder, program.equals(OWN)));
  }
}
