package dev.atelier.compute.local;

import dev.atelier.compute.HostUsage;
import dev.atelier.compute.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What the processes of a sandbox use: those below its first process, which is the parent of all that lost theirs. */
final class ProcessUsage {
  /** The kernel tells /proc times in hundredths of a second and pages of 4 KiB, whatever it counts in itself. */
  private static final long TICK_MILLIS = 10;
  private static final long PAGE_BYTES = 4_096;

  private ProcessUsage() {}

  static HostUsage of(long init, OptionalLong diskBytes, Resources limits) {
    Map<Long, List<Long>> children = new HashMap<>();
    ProcessLine.all().forEach(line ->
        children.computeIfAbsent(line.parent(), pid -> new ArrayList<>()).add(line.pid()));
    Deque<Long> left = new ArrayDeque<>(List.of(init));
    long ticks = 0;
    long pages = 0;
    while (!left.isEmpty()) {
      long pid = left.pop();
      long[] used = used(pid);
      ticks += used[0];
      pages += used[1];
      left.addAll(children.getOrDefault(pid, List.of()));
    }
    return new HostUsage(Duration.ofMillis(ticks * TICK_MILLIS), pages * PAGE_BYTES, diskBytes, limits);
  }

  /** Ticks of a process and of its children that it waited for, and its pages; nothing when it has gone. */
  private static long[] used(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int i = 11; i <= 14; i++) {
        ticks += Long.parseLong(fields[i]);
      }
      return new long[] {ticks, Long.parseLong(fields[21].strip())};
    } catch (IOException e) {
      return new long[] {0, 0};
    }
  }
}
