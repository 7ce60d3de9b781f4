package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out, by trying, which control groups the server may make. */
final class CgroupProbe {
  private static final List<String> CONTROLLERS = List.of("memory", "cpu", "pids");
  private final Path root;
  private final Path ownGroups;
  private final String folder;

  /** @param tag tells the groups of this run folder from another server's */
  CgroupProbe(Path root, Path ownGroups, String tag) {
    this.root = root;
    this.ownGroups = ownGroups;
    this.folder = "atelier/" + tag;
  }

  static Cgroups find(String tag) {
    return new CgroupProbe(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"), tag).find();
  }

  Cgroups find() {
    return version2().or(this::version1)
        .orElseGet(() -> new NoCgroups("no cgroup below " + root + " is writable for this server"));
  }

  private Optional<Cgroups> version1() {
    Map<String, Path> bases = new HashMap<>();
    for (String controller : CONTROLLERS) {
      Path base = root.resolve(controller).resolve(folder);
      if (Files.isRegularFile(root.resolve(controller).resolve("cgroup.procs")) && made(base)) {
        bases.put(controller, base);
      }
    }
    return bases.isEmpty() ? Optional.empty() : Optional.of(new CgroupV1(bases));
  }

  private Optional<Cgroups> version2() {
    if (!Files.isRegularFile(root.resolve("cgroup.controllers"))) {
      return Optional.empty();
    }
    for (Path parent : candidates()) {
      Path base = parent.resolve(folder);
      enable(parent);
      if (!made(base)) {
        continue;
      }
      enable(parent.resolve("atelier"));
      enable(base);
      Set<String> enabled = words(base.resolve("cgroup.subtree_control"));
      enabled.retainAll(CONTROLLERS);
      if (!enabled.isEmpty()) {
        return Optional.of(new CgroupV2(base, enabled));
      }
    }
    return Optional.empty();
  }

  // The root serves a server that is root; a plain user owns the groups that its session manager delegated. A group
  // with processes of its own cannot hand controllers down, so the parent comes first.
  private List<Path> candidates() {
    Path own = root;
    try {
      own = Files.readAllLines(ownGroups).stream()
          .filter(line -> line.startsWith("0::/"))
          .map(line -> root.resolve(line.substring(4)))
          .findFirst().orElse(root);
    } catch (IOException e) {
      return List.of(root);
    }
    Path parent = own.getParent();
    return parent.startsWith(root) ? List.of(root, parent, own) : List.of(root, own);
  }

  private static boolean made(Path base) {
    try {
      Files.createDirectories(base);
      return Files.isWritable(base);
    } catch (IOException e) {
      return false;
    }
  }

  private static void enable(Path group) {
    Set<String> offered = words(group.resolve("cgroup.controllers"));
    for (String controller : CONTROLLERS) {
      if (offered.contains(controller)) {
        try {
          Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
        } catch (IOException e) {
          continue; // not delegated; what is enabled in the end decides
        }
      }
    }
  }

  private static Set<String> words(Path file) {
    try {
      return new HashSet<>(Arrays.asList(Files.readString(file).strip().split("\\s+")));
    } catch (IOException e) {
      return new HashSet<>();
    }
  }
}
