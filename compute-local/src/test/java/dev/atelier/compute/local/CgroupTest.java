package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to control groups of each version, on folders that look like the kernel's. */
final class CgroupTest {
  private static final Resources LIMITS = new Resources(1.5, 1000, 0, 10, 1000);
  @TempDir Path root;

  private void files(Path folder, String... names) throws IOException {
    Files.createDirectories(folder);
    for (String name : names) {
      Files.writeString(folder.resolve(name), "");
    }
  }

  private Cgroups find() throws IOException {
    Path own = Files.writeString(root.resolve("own"), "0::/\n");
    return new CgroupProbe(root, own, "tag").find();
  }

  @Test
  void version2() throws IOException {
    files(root, "cgroup.subtree_control");
    Files.writeString(root.resolve("cgroup.controllers"), "cpuset cpu memory pids\n");
    Path base = root.resolve("atelier/tag");
    files(base);
    Files.writeString(base.resolve("cgroup.subtree_control"), "cpu memory pids\n");
    files(base.resolve("w.h"), "memory.max", "memory.swap.max", "cpu.max", "pids.max");
    Files.writeString(base.resolve("w.h/memory.events"), "oom 2\noom_kill 1\n");
    Cgroups groups = find();
    assertThat(groups.notLimited()).isEmpty();
    assertThat(groups.make("w.h", LIMITS)).containsExactly(base.resolve("w.h/cgroup.procs"));
    assertThat(base.resolve("w.h/memory.max")).hasContent("1000");
    assertThat(base.resolve("w.h/memory.swap.max")).hasContent("0");
    assertThat(base.resolve("w.h/cpu.max")).hasContent("150000 100000");
    assertThat(base.resolve("w.h/pids.max")).hasContent("12");
    assertThat(groups.ranOutOfMemory("w.h")).isTrue();
  }

  @Test
  void hostsOfOneMachineHaveItsLimitsTogether() throws IOException {
    files(root, "cgroup.subtree_control");
    Files.writeString(root.resolve("cgroup.controllers"), "memory\n");
    Path base = root.resolve("atelier/tag");
    files(base);
    Files.writeString(base.resolve("cgroup.subtree_control"), "memory\n");
    files(base.resolve("m"), "memory.max", "cgroup.subtree_control");
    files(base.resolve("m/w.h"), "memory.max");
    Cgroups groups = find();
    assertThat(groups.make("m/w.h", LIMITS)).containsExactly(base.resolve("m/w.h/cgroup.procs"));
    assertThat(base.resolve("m/memory.max")).hasContent("1000");
    assertThat(base.resolve("m/cgroup.subtree_control")).hasContent("+memory");
    assertThat(base.resolve("m/w.h/memory.max")).hasContent("1000");
  }

  @Test
  void version1SaysWhatIsMissing() throws IOException {
    files(root.resolve("memory"), "cgroup.procs");
    Path group = root.resolve("memory/atelier/tag/w.h");
    files(group, "memory.limit_in_bytes");
    Files.writeString(group.resolve("memory.oom_control"), "under_oom 0\noom_kill 0\n");
    Cgroups groups = find();
    assertThat(groups.make("w.h", LIMITS)).containsExactly(group.resolve("cgroup.procs"));
    assertThat(group.resolve("memory.limit_in_bytes")).hasContent("1000");
    assertThat(groups.ranOutOfMemory("w.h")).isFalse();
    assertThat(groups.notLimited()).hasSize(2).anyMatch(line -> line.contains("cpu"))
        .anyMatch(line -> line.contains("pids"));
  }

  @Test
  void neither() throws IOException {
    Cgroups groups = find();
    assertThat(groups.make("w.h", LIMITS)).isEqualTo(List.of());
    assertThat(groups.notLimited()).singleElement().asString().contains("not limited");
  }
}
