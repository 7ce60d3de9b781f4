package dev.atelier.compute.oci;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.local.LocalComputeBackend;
import dev.atelier.compute.local.LocalComputeConfig;
import java.io.IOException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;

/** Runs workloads as containers of an engine of this machine. */
public final class OciComputeBackend {
  private OciComputeBackend() {}

  /**
   * Opens a run folder and adopts what an earlier server left in it. Containers that belong to nothing there are ended.
   *
   * @param config as of sandboxes; {@code firstUid} to {@code lastUid} are the containers' users
   * @param engine stays the caller's, to be closed after the backend
   * @throws ComputeException the server is not root, or another one has the folder
   */
  public static ComputeBackend open(LocalComputeConfig config, SandboxDoor door, Clock clock, Engine engine) {
    return open(config, door, clock, engine, engine.isPodman());
  }

  /** @param namespaces whether containers get user namespaces; Docker makes none for one container alone */
  static ComputeBackend open(
      LocalComputeConfig config, SandboxDoor door, Clock clock, Engine engine, boolean namespaces) {
    String run = HexFormat.of().toHexDigits(config.runFolder().hashCode());
    try {
      Containers containers = new Containers(engine, namespaces, run, config.firstUid(),
          config.lastUid() - config.firstUid() + 1);
      LocalComputeBackend backend = LocalComputeBackend.open(config, door, clock, containers);
      List<String> kept = backend.list().entrySet().stream().flatMap(workload -> workload.getValue().entrySet().stream()
          .filter(host -> !host.getValue().ended())
          .map(host -> "atelier-" + run + "-" + workload.getKey() + "." + host.getKey())).toList();
      engine.containers(containers.labels()).stream().filter(name -> !kept.contains(name))
          .forEach(engine::removeContainer);
      return backend;
    } catch (IOException e) {
      throw new ComputeException("the limits of this process cannot be read: " + e.getMessage(), e);
    }
  }
}
