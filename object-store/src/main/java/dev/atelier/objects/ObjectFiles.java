package dev.atelier.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of {@code objects/}: immutable once kept, named by 32 random hexadecimal digits in 256 folders of 16. The
 * folder is the owner's alone; the files are readable by all, so that a link to one can be shown to a sandbox.
 */
final class ObjectFiles {
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  static final Set<PosixFilePermission> KEPT = PosixFilePermissions.fromString("r--r--r--");

  private final Path root;
  private final Path drafts;
  private final SecureRandom random = new SecureRandom();
  /** Files that are written, but whose row is not committed: the sweep leaves them alone. */
  private final Set<String> unsettled = ConcurrentHashMap.newKeySet();

  private ObjectFiles(Path root) {
    this.root = root;
    this.drafts = root.resolve("tmp");
  }

  /** Opens the folder and clears away what earlier runs left unfinished. */
  static ObjectFiles open(Path root) throws IOException {
    ObjectFiles files = new ObjectFiles(root);
    Files.createDirectories(files.drafts, FOLDER);
    try (Stream<Path> left = Files.list(files.drafts)) {
      for (Path path : left.toList()) {
        Files.delete(path);
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
      channel = FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
          StandardOpenOption.READ));
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
      Files.move(temporary, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
      flush(folder);
      kept = true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
      if (!kept) {
        unsettled.remove(id);
        Files.deleteIfExists(temporary);
        Files.deleteIfExists(path(id));
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
      Files.createLink(folder.resolve(copy), path(id));
      flush(folder);
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

  void delete(String id) {
    try {
      Files.deleteIfExists(path(id));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete a content file", e);
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
    if (!Files.isDirectory(folder)) {
      make(outer, root);
      make(folder, outer);
    }
    return folder;
  }

  /** Flushes the parent even when another writer made the folder, which may not have done so yet. */
  private static void make(Path folder, Path parent) throws IOException {
    Files.createDirectories(folder, FOLDER);
    flush(parent);
  }

  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
