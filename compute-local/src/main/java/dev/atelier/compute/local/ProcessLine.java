package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What /proc tells of one process.
 *
 * @param state R, S, Z and so on
 * @param session the pid of the session's leader
 * @param start clock ticks since boot
 */
record ProcessLine(long pid, char state, long parent, long session, long start) {
  private static final Path PROC = Path.of("/proc");

  static ProcessLine parse(String stat) {
    // The name in parentheses may itself hold spaces and parentheses.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    return new ProcessLine(pid, fields[0].charAt(0), Long.parseLong(fields[1]), Long.parseLong(fields[3]),
        Long.parseLong(fields[19]));
  }

  static Optional<ProcessLine> of(long pid) {
    try {
      return Optional.of(parse(Files.readString(PROC.resolve(pid + "/stat"))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static List<ProcessLine> all() {
    List<ProcessLine> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(PROC)) {
      folders.map(folder -> folder.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .forEach(name -> of(Long.parseLong(name)).ifPresent(found::add));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return found;
  }

  boolean zombie() {
    return state == 'Z' || state == 'X';
  }

  /** Whether the process is the first of a pid namespace below this one. */
  boolean firstOfNamespace() {
    try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/status"))) {
      return lines.filter(line -> line.startsWith("NSpid:"))
          .map(line -> line.substring(6).strip().split("\\s+"))
          .anyMatch(pids -> pids.length > 1 && pids[pids.length - 1].equals("1"));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }
}
