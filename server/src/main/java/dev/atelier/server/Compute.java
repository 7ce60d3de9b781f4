package dev.atelier.server;

import dev.atelier.compute.local.LocalComputeConfig;
import dev.atelier.compute.local.RunFolder;
import dev.atelier.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;

/** Where and how the local backend runs the workloads of a data folder. */
final class Compute {
  private Compute() {}

  static LocalComputeConfig config(Path run, ServerConfig config) {
    String[] uids = config.sandboxUids().split("-");
    return LocalComputeConfig.of(run.resolve("work")).withVolumes(run.resolveSibling("volumes"))
        .withUids(Integer.parseInt(uids[0]), Integer.parseInt(uids[1]))
        .withOrphanTimeout(Duration.ofHours(config.capacity().orphanTimeoutHours()));
  }

  /** The workloads of a data folder, seen from outside its server. */
  static RunFolder runFolder(Path data) {
    return new RunFolder(config(data.resolve("run"), ServerConfig.defaults()));
  }
}
