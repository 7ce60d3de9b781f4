package dev.atelier.compute.local;

import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadSpec;
import java.nio.file.Path;
import java.util.Map;

/** For workloads that are isolated: asking for a door is a defect. */
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
