package dev.atelier.objects;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of {@code objects/}: immutable once kept, named by 32 random hexadecimal digits in 256 folders of 16. The
 * folder is the owner's alone; the files are readable by all, so that a link to one can be shown to a sandbox.
 */
final class ObjectFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectFiles.class);
  static final Set<PosixFilePermission> KEPT = PosixFilePermissions.fromString("r--r--r--");

  private final Path root;
  private final Path drafts;
  private final Disk disk;
  private final SecureRandom random = new SecureRandom();
  /** Files that are written, but whose row is not committed: the sweep leaves them alone. */
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();

  /** Folders whose own names are on disk for certain: one that is there may be another writer's, or an earlier run's. */
  private final Set<Path> flushed = ConcurrentHashMap.newKeySet();

  private ObjectFiles(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
    this.drafts = root.resolve("tmp");
  }

  /** Opens the folder and clears away what earlier runs left unfinished. */
  static ObjectFiles open(Path root, Disk disk) throws IOException {
    ObjectFiles files = new ObjectFiles(root, disk);
    disk.makeFolder(files.drafts);
    disk.flush(root);
    disk.flush(root.toAbsolutePath().getParent());
    try (Stream<Path> left = Files.list(files.drafts)) {
      for (Path path : left.toList()) {
        disk.delete(path);
      }
    }
    return files;
  }

  /** A file being written. Closing it unkept leaves nothing behind. */
  final class Draft implements AutoCloseable {
    private final String id = newId();
    private final Path temporary = drafts.resolve(id);
    private final FileChannel channel;
    private boolean kept;

    private Draft() throws IOException {
      channel = disk.create(temporary);
    }

    String id() {
      return id;
    }

    FileChannel channel() {
      return channel;
    }

    /** Puts the content on disk under its id; the caller settles it once its row is committed, or deletes it. */
    void keep() throws IOException {
      Files.setPosixFilePermissions(temporary, KEPT);
      channel.force(true);
      unsettled.add(id);
      Path folder = folder(id);
      disk.move(temporary, folder.resolve(id));
      disk.flush(folder);
      kept = true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
      if (!kept) {
        unsettled.remove(id);
        disk.delete(temporary);
        disk.delete(path(id));
      }
    }
  }

  Draft draft() throws IOException {
    return new Draft();
  }

  /** A second name for a kept file's content, on disk; to be settled or deleted. */
  String link(String id) throws IOException {
    String copy = newId();
    unsettled.add(copy);
    Path folder = folder(copy);
    try {
      disk.link(folder.resolve(copy), path(id));
      disk.flush(folder);
    } catch (IOException | RuntimeException e) {
      delete(copy);
      throw e;
    }
    return copy;
  }

  /** The row of this file is committed. */
  void settled(String id) {
    unsettled.remove(id);
  }

  /** Deletes a file that no row has; what cannot be deleted is left to the sweep, for no answer depends on it. */
  void delete(String id) {
    try {
      disk.delete(path(id));
    } catch (IOException e) {
      LOG.warn("content file {} is left until the next start: {}", id, e.getMessage());
    } finally {
      unsettled.remove(id);
    }
  }

  Path path(String id) {
    return root.resolve(id.substring(0, 2)).resolve(id.substring(2, 3)).resolve(id);
  }

  /**
   * Deletes every file that no row knows.
   *
   * @param known whether the index has a row for an id, asked after the file was seen
   * @return how many were deleted
   */
  int sweep(Predicate<String> known) throws IOException {
    int deleted = 0;
    for (String first : names(root, 2)) {
      for (String second : names(root.resolve(first), 1)) {
        for (String id : names(root.resolve(first).resolve(second), 32)) {
          if (!unsettled.contains(id) && !known.test(id)) {
            delete(id);
            deleted++;
          }
        }
      }
    }
    return deleted;
  }

  private static Iterable<String> names(Path folder, int length) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).filter(name -> name.length() == length).toList();
    } catch (NoSuchFileException e) {
      return Set.of();
    }
  }

  private String newId() {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** The folder of an id, on disk. */
  private Path folder(String id) throws IOException {
    Path outer = root.resolve(id.substring(0, 2));
    Path folder = outer.resolve(id.substring(2, 3));
    if (!flushed.contains(folder)) {
      make(outer, root);
      make(folder, outer);
      flushed.add(folder);
    }
    return folder;
  }

  private void make(Path folder, Path parent) throws IOException {
    disk.makeFolder(folder);
    disk.flush(parent);
  }
}
