package dev.atelier.studio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folders that stand for what Studio stores files on: the file system of a domain with a home for each profile and
 * space, and the volume of a space that has one of its own. Apps write into homes and volumes; nothing here opens what
 * they wrote, and what is deleted is deleted without following a link, when no app runs any more.
 */
final class HomeFolders {
  private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

  private final Path root;

  /** @param root the folder of them all */
  HomeFolders(Path root) {
    this.root = root;
  }

  /** The file system of a domain. @param id such as {@code fs-0123456789abcdef0} */
  Path fileSystem(String id) {
    return root.resolve("homes").resolve(id);
  }

  /** The home of a profile or space on a file system. */
  Path home(String fileSystem, int uid) {
    return fileSystem(fileSystem).resolve(Integer.toString(uid));
  }

  /** The volumes of a domain's spaces. */
  Path volumes(String domain) {
    return root.resolve("volumes").resolve(domain);
  }

  Path volume(String domain, int uid) {
    return volumes(domain).resolve(Integer.toString(uid));
  }

  /** Makes a folder, closed to others, where it is not there yet; on disk when this returns. */
  void make(Path folder) {
    if (!folder.startsWith(root) || Files.isSymbolicLink(folder)) {
      throw new IllegalArgumentException("not a folder of Studio: " + folder);
    }
    try {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
      for (Path each = folder.getParent(); each.startsWith(root.getParent()); each = each.getParent()) {
        try (FileChannel entries = FileChannel.open(each, StandardOpenOption.READ)) {
          entries.force(true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that is in it; links are removed, not followed. */
  void delete(Path folder) {
    if (!folder.startsWith(root)) {
      throw new IllegalArgumentException("not a folder of Studio: " + folder);
    }
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens folders that a program closed to its own user before it looks into them. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          || Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).containsAll(OWNER)) {
        throw failure;
      }
      Files.setPosixFilePermissions(file, OWNER);
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      delete(folder);
      return FileVisitResult.CONTINUE;
    }

    private static void delete(Path path) throws IOException {
      try {
        Files.delete(path);
      } catch (AccessDeniedException e) {
        // its folder can be read and not written
        Files.setPosixFilePermissions(path.getParent(), OWNER);
        Files.delete(path);
      }
    }
  }
}
