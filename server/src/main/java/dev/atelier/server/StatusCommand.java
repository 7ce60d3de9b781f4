package dev.atelier.server;

import dev.atelier.compute.WorkloadState;
import dev.atelier.compute.local.RunFolder;
import dev.atelier.metadata.DataFolder;
import dev.atelier.objects.Scrubber;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atelier status}: the server and the workloads of a data folder; exit code 1 when no server runs. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Lists what runs.")
final class StatusCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Override
  public Integer call() {
    Optional<DataFolder.Server> server = data.server();
    List<RunFolder.Found> found = Compute.runFolder(data.folder()).look();
    server.ifPresent(one ->
        System.out.println("server   " + one.url() + "  pid " + one.pid() + "  version " + one.version()));
    if (server.isPresent()) {
      System.out.println("objects  " + Scrubber.damagedIn(data.folder()) + " damaged");
    }
    for (RunFolder.Found workload : found) {
      workload.hosts().forEach((host, state) -> System.out.println(
          "workload " + workload.owner() + "  " + workload.id() + " " + host + "  " + text(state)));
    }
    if (server.isEmpty()) {
      if (found.stream().anyMatch(RunFolder.Found::lives)) {
        System.err.println("atelier: these workloads run without a server; ./atelier up takes them up again, "
            + "./atelier down ends them");
      }
      data.requireServer();
    }
    return 0;
  }

  private static String text(WorkloadState state) {
    return switch (state) {
      case WorkloadState.Preparing() -> "is being prepared";
      case WorkloadState.Running(var since) -> "runs since " + since;
      case WorkloadState.Exited(int code, boolean outOfMemory, var peak, var at) ->
          "ended with exit code " + code + (outOfMemory ? ", out of memory, at " : " at ") + at;
      case WorkloadState.Lost(String reason, var at) -> "was lost at " + at + ": " + reason;
    };
  }
}
