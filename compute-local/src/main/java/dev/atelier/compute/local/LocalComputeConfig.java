package dev.atelier.compute.local;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How sandboxes run on this machine.
 *
 * @param runFolder holds one folder per workload; private to the server
 * @param volumeFolder holds one folder per volume; private to the server
 * @param stageFolder where a sandbox's sources are mounted in its own mount namespace when the server is root
 * @param firstUid first host user id of sandboxes when the server is root
 * @param lastUid last such id, inclusive
 * @param orphanTimeout without a server for so long, a sandbox ends itself
 * @param python an interpreter of version 3.9 or newer for the keeper; user code never runs in it
 * @param apiPort the TCP port on 127.0.0.1 inside that leads to Atelier
 * @param copyLimitBytes inputs up to this size are copied where no layer can be put above them
 * @param maxArchiveEntries more entries than this in an archive end the start
 * @param devices the folder with the device nodes of GPUs
 */
public record LocalComputeConfig(
    Path runFolder,
    Path volumeFolder,
    Path stageFolder,
    int firstUid,
    int lastUid,
    Duration orphanTimeout,
    String python,
    int apiPort,
    long copyLimitBytes,
    long maxArchiveEntries,
    Path devices) {
  public LocalComputeConfig {
    if (firstUid < 1000 || lastUid < firstUid) {
      throw new IllegalArgumentException("sandboxUids " + firstUid + "-" + lastUid + " is not a range above 1000");
    }
  }

  /** The defaults, over a folder of the server. */
  public static LocalComputeConfig of(Path runFolder) {
    Path run = runFolder.toAbsolutePath().normalize();
    return new LocalComputeConfig(run, run.resolve(".volumes"), Path.of("/run/atelier/stage"), 200_000, 265_535,
        Duration.ofHours(24), "/usr/bin/python3", 2780, 4L << 30, 1_000_000, Path.of("/dev"));
  }

  public LocalComputeConfig withVolumes(Path folder) {
    return new LocalComputeConfig(runFolder, folder.toAbsolutePath().normalize(), stageFolder, firstUid, lastUid,
        orphanTimeout, python, apiPort, copyLimitBytes, maxArchiveEntries, devices);
  }

  public LocalComputeConfig withOrphanTimeout(Duration timeout) {
    return new LocalComputeConfig(runFolder, volumeFolder, stageFolder, firstUid, lastUid, timeout, python, apiPort,
        copyLimitBytes, maxArchiveEntries, devices);
  }

  public LocalComputeConfig withUids(int first, int last) {
    return new LocalComputeConfig(runFolder, volumeFolder, stageFolder, first, last, orphanTimeout, python, apiPort,
        copyLimitBytes, maxArchiveEntries, devices);
  }

  LocalComputeConfig withDevices(Path folder) {
    return new LocalComputeConfig(runFolder, volumeFolder, stageFolder, firstUid, lastUid, orphanTimeout, python,
        apiPort, copyLimitBytes, maxArchiveEntries, folder);
  }

  /** How many GPUs this machine has for sandboxes. */
  public int gpus() {
    return Gpus.found(devices).size();
  }
}
