package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Control groups of version 2: one hierarchy with the controllers that were delegated to this server. */
final class CgroupV2 implements Cgroups {
  private static final long PERIOD_MICROS = 100_000;
  private final Path base;
  private final Set<String> controllers;

  CgroupV2(Path base, Set<String> controllers) {
    this.base = base;
    this.controllers = Set.copyOf(controllers);
  }

  @Override
  public List<Path> make(String name, Resources resources) {
    CgroupFolder group = new CgroupFolder(base.resolve(name));
    try {
      Optional<CgroupFolder> machine = CgroupFolder.machine(base, name);
      if (machine.isPresent()) {
        Files.createDirectories(machine.get().path());
        limit(machine.get(), resources);
        for (String controller : controllers) {
          machine.get().write("cgroup.subtree_control", "+" + controller);
        }
      }
      Files.createDirectories(group.path());
      limit(group, resources);
    } catch (IOException e) {
      throw new ComputeException("the limits cannot be set: " + e.getMessage(), e);
    }
    return List.of(group.path().resolve("cgroup.procs"));
  }

  private void limit(CgroupFolder group, Resources resources) throws IOException {
    if (controllers.contains("memory")) {
      group.write("memory.max", Long.toString(resources.memoryBytes()));
      group.writeIfThere("memory.swap.max", "0");
    }
    if (controllers.contains("cpu")) {
      group.write("cpu.max", Math.max(1000, (long) (resources.cpus() * PERIOD_MICROS)) + " " + PERIOD_MICROS);
    }
    if (controllers.contains("pids")) {
      group.write("pids.max", Integer.toString(resources.processes() + CgroupV1.BWRAP_PROCESSES));
    }
  }

  @Override
  public boolean ranOutOfMemory(String name) {
    return new CgroupFolder(base.resolve(name)).count("memory.events", "oom_kill") > 0;
  }

  @Override
  public OptionalLong peakMemory(String name) {
    return new CgroupFolder(base.resolve(name)).number("memory.peak");
  }

  @Override
  public void remove(String name) {
    new CgroupFolder(base.resolve(name)).remove();
    CgroupFolder.machine(base, name).ifPresent(CgroupFolder::removeIfEmpty);
  }

  @Override
  public void close() {
    new CgroupFolder(base).removeIfEmpty();
  }

  @Override
  public List<String> notLimited() {
    return List.of("memory", "cpu", "pids").stream()
        .filter(controller -> !controllers.contains(controller))
        .map(controller -> "the cgroup v2 controller " + controller + " is not delegated: jobs are not limited by it")
        .toList();
  }
}
