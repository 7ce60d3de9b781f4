package dev.atelier.compute.oci;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeBackendContract;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.local.LocalComputeConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** Containers in user namespaces, where the engine makes them. */
final class OciComputeBackendTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend open(Path folder) {
    return OciComputeBackend.open(
        LocalComputeConfig.of(folder.resolve("run")), new NoDoor(), Clock.systemUTC(), TestEngine.require());
  }

  record NoDoor() implements SandboxDoor {
    @Override
    public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
      throw new AssertionError("an isolated workload has no door");
    }

    @Override
    public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
      throw new AssertionError("an isolated workload has no door");
    }
  }
}
