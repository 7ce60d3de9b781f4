package dev.atelier.jobs;

import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
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
        requireFirm(top, folder, directoryPath);
        return folder;
      }
    } catch (IOException | InvalidPathException e) {
      // said below, without what lies on the machine
    }
    throw Fault.validation("The directory " + directoryPath + " does not exist in the file system " + id + ".");
  }

  /** The way to a folder must not be one that a job could turn elsewhere between this look and the mount. */
  private static void requireFirm(Path top, Path folder, String directoryPath) throws IOException {
    for (Path above = folder; !above.equals(top); above = above.getParent()) {
      PosixFileAttributes parent = Files.readAttributes(above.getParent(), PosixFileAttributes.class);
      boolean open = parent.permissions().contains(PosixFilePermission.OTHERS_WRITE)
          || parent.permissions().contains(PosixFilePermission.GROUP_WRITE);
      if (open || !parent.owner().getName().equals("root")) {
        throw Fault.validation("The directory " + directoryPath + " can only be mounted from a file system whose folders "
            + "above it belong to root and can be written by nobody else; mount the directory / instead.");
      }
    }
  }
}
