package dev.atelier.compute.local;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Signals to sandboxes from outside. */
final class Processes {
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  private Processes() {}

  /** SIGTERM to the program, which is the child of the sandbox's first process; false when there is none yet. */
  static boolean terminateProgram(OptionalLong init) {
    if (init.isEmpty()) {
      return false;
    }
    List<ProcessLine> programs = ProcessLine.all().stream()
        .filter(line -> line.parent() == init.getAsLong() && !line.zombie())
        .toList();
    programs.forEach(line -> ProcessHandle.of(line.pid()).ifPresent(ProcessHandle::destroy));
    return !programs.isEmpty();
  }

  /** SIGTERM to the first process of a container, which is its program; false when that has not been started yet. */
  static boolean terminate(SandboxStatus container) {
    if (container.running() && container.init().isPresent()) {
      ProcessLine.of(container.init().getAsLong()).filter(ProcessLine::firstOfNamespace)
          .flatMap(line -> ProcessHandle.of(line.pid())).ifPresent(ProcessHandle::destroy);
    }
    return container.running();
  }

  /**
   * SIGKILL to the sandbox's first process: the kernel ends all others of its namespace with it. False when there is
   * none.
   */
  static boolean killNamespace(OptionalLong init) {
    if (init.isEmpty()) {
      return false;
    }
    ProcessLine.of(init.getAsLong())
        .filter(ProcessLine::firstOfNamespace)
        .ifPresent(line -> kill(line.pid()));
    return true;
  }

  /** SIGKILL to every process of the session that a start script opened, until none is left. */
  static void killSession(Identity leader, Duration atMost) {
    if (!leader.ofThisBoot()) {
      return;
    }
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      List<ProcessLine> left = ProcessLine.all().stream()
          .filter(line -> line.session() == leader.pid() && line.start() >= leader.start() && !line.zombie())
          .toList();
      if (left.isEmpty()) {
        return;
      }
      left.forEach(line -> kill(line.pid()));
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
