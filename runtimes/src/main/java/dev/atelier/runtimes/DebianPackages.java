package dev.atelier.runtimes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Unpacks distribution packages, with what they need and this machine lacks, into a cached folder that sandboxes see
 * beside the machine's own /usr. Nothing is installed. It is how PyTorch for CPUs comes from a mirror that every Debian
 * and Ubuntu machine has, in a twentieth of the size of the builds with CUDA.
 */
final class DebianPackages {
  private static final Pattern LINE = Pattern.compile("^'([^']+)' (\\S+\\.deb) (\\d+).*$");

  /** Names and versions of what was unpacked, one a line. */
  private static final String LIST = "packages.txt";

  private final Path cache;

  DebianPackages(Path cache) {
    this.cache = cache;
  }

  /** Whether this machine has the tools and the packages. */
  static boolean available(List<String> packages) {
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get")) || !Files.isExecutable(Path.of("/usr/bin/dpkg-deb"))) {
      return false;
    }
    List<String> ask = new ArrayList<>(List.of("/usr/bin/apt-cache", "show", "--no-all-versions"));
    ask.addAll(packages);
    try {
      return Command.run(ask, Map.of(), line -> { }) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The folder with the packages unpacked, made when it is not there.
   *
   * @throws ImageException the packages cannot be had
   */
  Path require(List<String> packages, Consumer<String> progress) {
    String name = packages.getFirst();
    try {
      return BuildOnce.folder(cache.resolve("debian"), name + "-" + BuildOnce.digest(packages + release()),
          fresh -> unpack(fresh, name, packages, progress));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String release() throws IOException {
    Path file = Path.of("/etc/os-release");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private void unpack(Path fresh, String name, List<String> packages, Consumer<String> progress) throws IOException {
    List<String> names = closure(packages);
    progress.accept("Fetching " + names.size() + " distribution packages for " + name + " (once)");
    Path downloads = Files.createTempDirectory(cache, "packages");
    try {
      List<String> download = new ArrayList<>(List.of("/usr/bin/apt-get", "download", "-q"));
      download.addAll(names);
      require(Command.run(download, Map.of(), downloads, line -> { }), "downloading the packages of " + name);
      Files.createDirectories(fresh);
      try (Stream<Path> files = Files.list(downloads)) {
        for (Path file : (Iterable<Path>) files.filter(each -> each.toString().endsWith(".deb"))::iterator) {
          require(Command.run(List.of("/usr/bin/dpkg-deb", "-x", file.toString(), fresh.toString()), Map.of(),
              line -> { }), "unpacking " + file.getFileName());
        }
      }
      Files.write(fresh.resolve(LIST), names);
      progress.accept("The distribution packages for " + name + " are ready");
    } finally {
      FileTree.delete(downloads);
    }
  }

  /** The packages and what they need beyond what is installed, as {@code name=version}. */
  private static List<String> closure(List<String> packages) throws IOException {
    List<String> ask = new ArrayList<>(List.of("/usr/bin/apt-get", "install", "-y", "--no-install-recommends",
        "--print-uris", "-o", "Debug::NoLocking=1"));
    ask.addAll(packages);
    List<String> names = new ArrayList<>();
    int exit = Command.run(ask, Map.of(), line -> {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String[] parts = matcher.group(2).split("_");
        names.add(parts[0] + "=" + parts[1].replace("%3a", ":"));
      }
    });
    require(exit, "resolving " + String.join(", ", packages));
    // what is installed already is not listed, and sandboxes see it in /usr
    return names;
  }

  private static void require(int exit, String what) {
    if (exit != 0) {
      throw new ImageException(what + " failed with exit code " + exit
          + "; if the package lists are old, run: apt-get update");
    }
  }

  /** The upstream version of a package, as {@code 1.13.1} of {@code 1.13.1+dfsg-4}; empty when it was not unpacked. */
  static Optional<String> version(Path unpacked, String name) {
    try (Stream<String> lines = Files.lines(unpacked.resolve(LIST))) {
      return lines.filter(line -> line.startsWith(name + "="))
          .map(line -> line.substring(name.length() + 1).replaceFirst("^\\d+:", "").split("[-+~]", 2)[0]).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
