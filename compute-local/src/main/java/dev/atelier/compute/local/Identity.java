package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Names one process for ever: pids come again, but not with the same start on the same boot.
 *
 * @param bootId of the kernel's run
 * @param start clock ticks since boot
 */
record Identity(String bootId, long pid, long start) {

  /** Reads what the start script wrote; empty when it never got so far. */
  static Optional<Identity> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 3 || !lines.get(2).equals("end")) {
        return Optional.empty();
      }
      ProcessLine line = ProcessLine.parse(lines.get(1));
      return Optional.of(new Identity(lines.getFirst(), line.pid(), line.start()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static String presentBoot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  boolean ofThisBoot() {
    return bootId.equals(presentBoot());
  }

  boolean alive() {
    return ofThisBoot() && ProcessLine.of(pid).filter(line -> line.start() == start && !line.zombie()).isPresent();
  }
}
