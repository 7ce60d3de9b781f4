package dev.atelier.compute.local;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeBackendContract;
import java.nio.file.Path;
import java.time.Clock;

final class LocalComputeBackendTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend open(Path folder) {
    return LocalComputeBackend.open(LocalComputeConfig.of(folder.resolve("run")), new NoDoor(), Clock.systemUTC());
  }
}
