package dev.atelier.compute.local;

import dev.atelier.compute.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Limits of memory, processors and processes by the kernel's control groups, in whichever version is there. */
interface Cgroups {

  /**
   * Makes the groups of a host with its limits.
   *
   * @param name of the host's group; {@code machine/host} for one whose machine has the limits too
   * @return the {@code cgroup.procs} files that a process writes its id to
   */
  List<Path> make(String name, Resources resources);

  /** Whether the kernel killed something of the host because its memory limit was passed. */
  boolean ranOutOfMemory(String name);

  /** The most memory that the host's processes used at once; empty where the kernel does not tell. */
  OptionalLong peakMemory(String name);

  /** Removes the host's groups, ending what is still in them, and its machine's when it was the last. */
  void remove(String name);

  /** Gives up the server's own group, where no host is left in it. */
  void close();

  /** What this machine cannot limit. */
  List<String> notLimited();
}
