package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Control groups of version 1: one hierarchy per controller, as far as each is mounted and writable. */
final class CgroupV1 implements Cgroups {
  private static final long PERIOD_MICROS = 100_000;
  private final Map<String, Path> bases;

  /** @param bases folder of this server in the hierarchy of {@code memory}, {@code cpu} and {@code pids} */
  CgroupV1(Map<String, Path> bases) {
    this.bases = Map.copyOf(bases);
  }

  @Override
  public List<Path> make(String name, Resources resources) {
    List<Path> members = new ArrayList<>();
    bases.forEach((controller, base) -> {
      CgroupFolder group = new CgroupFolder(base.resolve(name));
      try {
        Optional<CgroupFolder> machine = CgroupFolder.machine(base, name);
        if (machine.isPresent()) {
          Files.createDirectories(machine.get().path());
          limit(controller, machine.get(), resources);
        }
        Files.createDirectories(group.path());
        limit(controller, group, resources);
      } catch (IOException e) {
        throw new ComputeException("the " + controller + " limit cannot be set: " + e.getMessage(), e);
      }
      members.add(group.path().resolve("cgroup.procs"));
    });
    return members;
  }

  private static void limit(String controller, CgroupFolder group, Resources resources) throws IOException {
    switch (controller) {
      case "memory" -> {
        String bytes = Long.toString(resources.memoryBytes());
        group.write("memory.limit_in_bytes", bytes);
        group.writeIfThere("memory.memsw.limit_in_bytes", bytes);
      }
      case "cpu" -> {
        group.write("cpu.cfs_period_us", Long.toString(PERIOD_MICROS));
        group.write("cpu.cfs_quota_us", Long.toString(Math.max(1000, (long) (resources.cpus() * PERIOD_MICROS))));
      }
      case "pids" -> group.write("pids.max", Integer.toString(resources.processes() + BWRAP_PROCESSES));
      default -> throw new IllegalArgumentException(controller);
    }
  }

  /** bwrap's own two processes count too. */
  static final int BWRAP_PROCESSES = 2;

  @Override
  public boolean ranOutOfMemory(String name) {
    Path base = bases.get("memory");
    return base != null && new CgroupFolder(base.resolve(name)).count("memory.oom_control", "oom_kill") > 0;
  }

  @Override
  public OptionalLong peakMemory(String name) {
    Path base = bases.get("memory");
    return base == null ? OptionalLong.empty()
        : new CgroupFolder(base.resolve(name)).number("memory.max_usage_in_bytes");
  }

  @Override
  public void remove(String name) {
    bases.values().forEach(base -> {
      new CgroupFolder(base.resolve(name)).remove();
      CgroupFolder.machine(base, name).ifPresent(CgroupFolder::removeIfEmpty);
    });
  }

  @Override
  public void close() {
    bases.values().forEach(base -> new CgroupFolder(base).removeIfEmpty());
  }

  @Override
  public List<String> notLimited() {
    return Map.of("memory", "memory of jobs", "cpu", "processor time of jobs", "pids", "number of processes of jobs")
        .entrySet().stream()
        .filter(entry -> !bases.containsKey(entry.getKey()))
        .map(entry -> entry.getValue() + " is not limited: no writable cgroup v1 controller " + entry.getKey())
        .sorted()
        .toList();
  }
}
