package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** File operations on one control group. */
record CgroupFolder(Path path) {
  private static final int TRIES = 500;
  private static final long LOOK_AGAIN_NANOS = 4_000_000;

  void write(String file, String value) throws IOException {
    Files.writeString(path.resolve(file), value, StandardOpenOption.WRITE);
  }

  /** Writes where the file exists; older kernels lack some. */
  void writeIfThere(String file, String value) throws IOException {
    if (Files.exists(path.resolve(file))) {
      write(file, value);
    }
  }

  /** The number after {@code key} in a file of lines "key number"; 0 when there is none. */
  long count(String file, String key) {
    try {
      return Files.readAllLines(path.resolve(file)).stream()
          .filter(line -> line.startsWith(key + " "))
          .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The number that a file holds alone; empty where there is none. */
  OptionalLong number(String file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(path.resolve(file)).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Kills what is inside and removes the group; a group that is not there is no error. */
  void remove() {
    for (int tried = 0; tried < TRIES; tried++) {
      try {
        Files.delete(path);
        return;
      } catch (NoSuchFileException e) {
        return;
      } catch (IOException e) {
        killMembers();
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }

  /** The group that a host's group lies in, when it is a machine's. @param base where machines and hosts lie */
  static Optional<CgroupFolder> machine(Path base, String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(new CgroupFolder(base.resolve(name.substring(0, slash))));
  }

  void removeIfEmpty() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      return; // hosts go on in it
    }
  }

  private void killMembers() {
    try {
      List<String> members = Files.readAllLines(path.resolve("cgroup.procs"));
      members.forEach(pid -> Processes.kill(Long.parseLong(pid.strip())));
    } catch (IOException e) {
      return; // the group went meanwhile
    }
  }
}
