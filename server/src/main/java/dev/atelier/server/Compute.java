package dev.atelier.server;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.local.LocalComputeBackend;
import dev.atelier.compute.local.LocalComputeConfig;
import dev.atelier.compute.local.RunFolder;
import dev.atelier.compute.oci.Engine;
import dev.atelier.compute.oci.OciComputeBackend;
import dev.atelier.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Where and how workloads of a data folder run. */
final class Compute {
  private static final System.Logger LOG = System.getLogger(Compute.class.getName());

  private Compute() {}

  static LocalComputeConfig config(Path run, ServerConfig config) {
    return config(run.resolve("work"), run.resolveSibling("volumes"), config);
  }

  private static LocalComputeConfig config(Path work, Path volumes, ServerConfig config) {
    String[] uids = config.sandboxUids().split("-");
    return LocalComputeConfig.of(work).withVolumes(volumes)
        .withUids(Integer.parseInt(uids[0]), Integer.parseInt(uids[1]))
        .withOrphanTimeout(Duration.ofHours(config.capacity().orphanTimeoutHours()));
  }

  /**
   * The container engine of the configuration; none where {@code auto} finds none, or the server is no root.
   *
   * @throws ComputeException the configuration names one that does not answer
   */
  static Optional<Engine> engine(ServerConfig config) {
    String engine = config.containers().engine();
    return switch (engine) {
      case "none" -> Optional.empty();
      case "auto" -> "root".equals(System.getProperty("user.name")) ? Engine.find() : Optional.empty();
      default -> Optional.of(Engine.open(Path.of(engine)));
    };
  }

  /** Sandboxes, and containers where there is an engine. */
  static ComputeBackend open(Path run, ServerConfig config, Optional<Engine> engine, SandboxDoor door, Clock clock) {
    LocalComputeConfig sandboxes = config(run, config);
    if (engine.isEmpty()) {
      return LocalComputeBackend.open(sandboxes, door, clock);
    }
    // the first user id is that of all containers
    ComputeBackend local = LocalComputeBackend.open(
        sandboxes.withUids(sandboxes.firstUid() + 1, sandboxes.lastUid()), door, clock);
    try {
      return new RoutedBackend(local, OciComputeBackend.open(
          config(run.resolve("containers"), run.resolveSibling("volumes-of-containers"), config), door, clock,
          engine.get()));
    } catch (ComputeException e) {
      LOG.log(System.Logger.Level.ERROR, "containers cannot be run", e);
      local.close();
      throw e;
    }
  }

  /** The workloads of a data folder, seen from outside its server. */
  static RunFolder runFolder(Path data) {
    return new RunFolder(config(data.resolve("run"), ServerConfig.defaults()));
  }
}
