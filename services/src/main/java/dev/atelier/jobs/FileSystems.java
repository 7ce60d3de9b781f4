package dev.atelier.jobs;

import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * File systems that are mounted on this machine, by the ids under which requests name them.
 *
 * @param mounted where each lies
 */
public record FileSystems(Map<String, Path> mounted) {
  public FileSystems {
    mounted = Map.copyOf(mounted);
  }

  /**
   * A folder of a file system.
   *
   * @throws Fault ValidationException when there is no such file system or folder, or the path leads out of it
   */
  public Path folder(String id, String directoryPath) {
    Path root = mounted.get(id);
    if (root == null) {
      throw Fault.validation("The file system " + id + " does not exist: fileSystems of the configuration names those "
          + "that are mounted here.");
    }
    try {
      Path top = root.toRealPath();
      Path folder = top.resolve(directoryPath.replaceAll("^/+", "")).toRealPath();
      if (folder.startsWith(top) && Files.isDirectory(folder)) {
        return folder;
      }
    } catch (IOException e) {
      // said below, without what lies on the machine
    }
    throw Fault.validation("The directory " + directoryPath + " does not exist in the file system " + id + ".");
  }
}
