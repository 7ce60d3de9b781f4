package dev.atelier.compute.local;

import dev.atelier.compute.SandboxDoor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all hosts of one backend share.
 *
 * @param tools folder of the keeper, the unpacker and the system call filter
 * @param packed whether images of packed files can be mounted below a layer that takes writes
 * @param pythonHome the interpreter's words for a helper sandbox: its path, then folders it needs beside /usr
 * @param containers what runs the hosts instead of bubblewrap
 * @param extraArguments for bwrap; only tests of the escape checks give any
 */
record Surroundings(
    LocalComputeConfig config,
    SandboxDoor door,
    Clock clock,
    Cgroups cgroups,
    Processors processors,
    Gpus gpus,
    SandboxUids uids,
    Volumes volumes,
    Path tools,
    HostMounts.Layering layering,
    boolean packed,
    List<String> pythonHome,
    Events events,
    ScheduledExecutorService timer,
    Optional<ContainerRuntime> containers,
    List<String> extraArguments) {
  Path filter() {
    return tools.resolve("filter");
  }

  /** The name of a host's container, which no other server's container has. */
  String container(String group) {
    return "atelier-" + HexFormat.of().toHexDigits(config.runFolder().hashCode()) + "-" + group;
  }

  /** Gives up what a host had of the machine. @param group its control group */
  void free(String group) {
    containers.ifPresent(runtime -> runtime.remove(container(group)));
    cgroups.remove(group);
    processors.leave(group);
    gpus.leave(group);
  }

  Path keeper() {
    return tools.resolve("keeper.py");
  }

  Path unpacker() {
    return tools.resolve("unpack.py");
  }
}
