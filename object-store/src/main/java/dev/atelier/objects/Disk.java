package dev.atelier.objects;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What changes the files of a store. Content is on disk once its channel was forced, a name once its folder was. */
interface Disk {
  /** The file system. */
  Disk REAL = new Disk() {};

  FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** A new file, to be written and read. */
  default FileChannel create(Path file) throws IOException {
    return FileChannel.open(file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ));
  }

  /** A folder that is the owner's alone, with those above it, where they are not there. */
  default void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, FOLDER);
  }

  /** Gives a file its name at once or not at all. */
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  default void link(Path name, Path existing) throws IOException {
    Files.createLink(name, existing);
  }

  default void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Puts the names in a folder on disk. */
  default void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
