package dev.atelier.compute;

import java.nio.file.Path;
import java.time.Clock;

final class FakeComputeBackendTest extends ComputeBackendContract {
  @Override
  protected ComputeBackend open(Path folder) {
    return new FakeComputeBackend(Program::script, Clock.systemUTC());
  }
}
