package dev.atelier.compute.local;

import dev.atelier.compute.Resources;
import java.nio.file.Path;
import java.util.List;

/** Limits of memory, processors and processes by the kernel's control groups, in whichever version is there. */
interface Cgroups {

  /**
   * Makes the groups of a host with its limits.
   *
   * @return the {@code cgroup.procs} files that a process writes its id to
   */
  List<Path> make(String name, Resources resources);

  /** Whether the kernel killed something of the host because its memory limit was passed. */
  boolean ranOutOfMemory(String name);

  /** Removes the host's groups, ending what is still in them. */
  void remove(String name);

  /** Gives up the server's own group, where no host is left in it. */
  void close();

  /** What this machine cannot limit. */
  List<String> notLimited();
}
