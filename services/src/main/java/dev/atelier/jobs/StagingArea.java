package dev.atelier.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Folders of links to stored objects, one per attempt of a job, on the store's own file system. Nothing in them is ever
 * written: sandboxes see the links read-only.
 */
public final class StagingArea {
  private final Path root;

  public StagingArea(Path root) {
    this.root = root;
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder that hands out names for links. */
  public static final class Folder {
    private final Path path;
    private int count;

    private Folder(Path path) {
      this.path = path;
    }

    /** A path at which nothing is yet. */
    public Path next() {
      return path.resolve(Integer.toString(count++));
    }
  }

  /** An empty folder of that name; what an interrupted staging left is removed. */
  public Folder fresh(String name) {
    discard(name);
    try {
      return new Folder(Files.createDirectory(root.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes every folder but the wanted ones: what attempts left that ended while nobody could tidy up. */
  public void retain(Predicate<String> wanted) {
    try (Stream<Path> folders = Files.list(root)) {
      folders.map(folder -> folder.getFileName().toString()).filter(name -> !wanted.test(name)).toList()
          .forEach(this::discard);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void discard(String name) {
    Path folder = root.resolve(name);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
