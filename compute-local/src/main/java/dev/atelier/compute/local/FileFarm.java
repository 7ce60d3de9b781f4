package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Lays files out in one folder: by hard link where the sandbox's user can read the source, else by copy. Small files are
 * always copied, within a budget: a link keeps the server's owner, and programs change the mode of scripts they are given.
 */
final class FileFarm {
  private static final long SMALL_FILE = 256 << 10;
  private static final long SMALL_BUDGET = 64L << 20;

  private final int uid;
  private final long copyLimit;
  private long copied;
  private long smallCopied;

  FileFarm(int uid, long copyLimit) {
    this.uid = uid;
    this.copyLimit = copyLimit;
  }

  void lay(Path folder, Map<String, Path> files, boolean alwaysCopy) throws IOException {
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Path target = folder.resolve(Inside.relative(file.getKey()));
      folders(folder, target.getParent());
      if (Files.exists(target)) {
        throw new ComputeException(file.getKey() + " is the name of a file and of a folder");
      }
      if (!copiedAsSmall(file.getValue(), target) && (alwaysCopy || !linked(file.getValue(), target))) {
        copy(file.getValue(), target);
      }
    }
  }

  private boolean copiedAsSmall(Path source, Path target) throws IOException {
    long size = Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS) ? Files.size(source) : Long.MAX_VALUE;
    if (size > SMALL_FILE || smallCopied + size > SMALL_BUDGET) {
      return false;
    }
    smallCopied += size;
    own(source, target);
    return true;
  }

  /** Makes a folder and its missing parents up to {@code top}, as the sandbox's own. */
  void folders(Path top, Path folder) throws IOException {
    if (folder.equals(top) || Files.isDirectory(folder)) {
      return;
    }
    folders(top, folder.getParent());
    if (Files.exists(folder)) {
      throw new ComputeException(top.relativize(folder) + " is the name of a file and of a folder");
    }
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Machine.give(folder, uid);
  }

  static long size(Map<String, Path> files) throws IOException {
    long sum = 0;
    for (Path file : files.values()) {
      sum += Files.size(file);
    }
    return sum;
  }

  private static boolean linked(Path source, Path target) throws IOException {
    if (Files.isSymbolicLink(source) || !Files.isRegularFile(source)) {
      throw new ComputeException("an input is not a regular file any more");
    }
    if (Machine.root() && !Files.getPosixFilePermissions(source).contains(PosixFilePermission.OTHERS_READ)) {
      return false;
    }
    try {
      Files.createLink(target, source);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false; // another file system, or too many links: the copy below says what fails
    }
  }

  private void copy(Path source, Path target) throws IOException {
    copied += Files.size(source);
    if (copied > copyLimit) {
      throw new ComputeException("inputs cannot be linked on this machine and are larger than the copy limit of "
          + copyLimit + " bytes");
    }
    own(source, target);
  }

  private void own(Path source, Path target) throws IOException {
    Files.copy(source, target, LinkOption.NOFOLLOW_LINKS);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
    // as a link would show it
    Files.setLastModifiedTime(target, Files.getLastModifiedTime(source, LinkOption.NOFOLLOW_LINKS));
    Machine.give(target, uid);
  }
}
