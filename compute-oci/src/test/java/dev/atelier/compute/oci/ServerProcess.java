package dev.atelier.compute.oci;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.local.LocalComputeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** A server of its own process, to be killed: opens a run folder, starts one workload, says so, and waits for ever. */
final class ServerProcess {
  private ServerProcess() {}

  static WorkloadSpec counting() {
    return Specs.workload("counts", NetworkPolicy.ISOLATED, Specs.sh("algo-1",
        "i=0; while [ $i -lt 60 ]; do echo line $i; i=$((i+1)); sleep 0.05; done; exit 9"));
  }

  public static void main(String[] words) throws InterruptedException {
    Engine engine = Engine.open(Path.of(words[1]));
    ComputeBackend backend = OciComputeBackend.open(
        LocalComputeConfig.of(Path.of(words[0])), new Specs.EchoDoor(), Clock.systemUTC(), engine);
    backend.watch(event -> System.out.println(event.host() + " " + event.state().getClass().getSimpleName()));
    backend.start(counting());
    Thread.currentThread().join();
  }

  /** Starts it; its standard output tells the events. */
  static Process start(Path run, Path socket) throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx128m", "-cp",
        System.getProperty("java.class.path"), ServerProcess.class.getName(), run.toString(), socket.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
