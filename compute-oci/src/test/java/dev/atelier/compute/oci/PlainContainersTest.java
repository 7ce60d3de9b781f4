package dev.atelier.compute.oci;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeBackendContract;
import dev.atelier.compute.local.LocalComputeConfig;
import java.nio.file.Path;
import java.time.Clock;

/** Containers without user namespaces, as Docker's are: by Docker's protocol alone, and started in one step. */
final class PlainContainersTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend open(Path folder) {
    return OciComputeBackend.open(LocalComputeConfig.of(folder.resolve("run")), new OciComputeBackendTest.NoDoor(),
        Clock.systemUTC(), TestEngine.require(), false);
  }
}
