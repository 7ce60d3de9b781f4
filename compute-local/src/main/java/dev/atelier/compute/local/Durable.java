package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and folders that are there after a power cut once the call returned, readable by the server alone. */
final class Durable {
  static final Set<PosixFilePermission> OWN_FILE = PosixFilePermissions.fromString("rw-------");
  static final Set<PosixFilePermission> OWN_FOLDER = PosixFilePermissions.fromString("rwx------");

  private Durable() {}

  /** Replaces the file as a whole. */
  static void write(Path file, byte[] content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (FileChannel channel = FileChannel.open(fresh, options, PosixFilePermissions.asFileAttribute(OWN_FILE))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.getParent());
  }

  static void folder(Path folder) throws IOException {
    privateFolder(folder);
    sync(folder.getParent());
  }

  /** Makes the folder with mode 0700 from its first moment on. */
  static void privateFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWN_FOLDER));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(folder, OWN_FOLDER);
    }
  }

  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
