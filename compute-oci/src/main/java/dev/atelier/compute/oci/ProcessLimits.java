package dev.atelier.compute.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Limits of single processes that a container is given: never above the server's own, which an engine that itself may
 * do less could not give. Podman lowers its own number of processes to 32768.
 *
 * @param all by the names that engines give them
 */
record ProcessLimits(Map<String, Limit> all) {
  private static final long MOST_FILES = 65_536;
  private static final long MOST_PROCESSES = 32_000;

  record Limit(long soft, long hard) {}

  static ProcessLimits own() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/limits"));
    Map<String, Limit> limits = new LinkedHashMap<>();
    limits.put("nofile", limit(lines, "Max open files", MOST_FILES));
    limits.put("nproc", limit(lines, "Max processes", MOST_PROCESSES));
    return new ProcessLimits(limits);
  }

  // a line has its name, the soft limit, the hard one and a unit
  private static Limit limit(List<String> lines, String name, long most) {
    String hard = lines.stream().filter(line -> line.startsWith(name)).findFirst()
        .map(line -> line.substring(name.length()).strip().split("\\s+")[1]).orElse("1024");
    long value = hard.equals("unlimited") ? most : Math.min(most, Long.parseLong(hard));
    return new Limit(value, value);
  }
}
