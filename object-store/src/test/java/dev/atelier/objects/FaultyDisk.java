package dev.atelier.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A disk that fails at a chosen point, or of which nothing after that point is kept: the files are copied there as a
 * kill leaves them, or as a power cut may, which forgets any name and any content that was not flushed.
 */
final class FaultyDisk implements Disk {
  /** Points at which it can fail or stop; "before" and "after" are the moments around the deed. */
  enum Point {
    CREATE, BEFORE_WRITE, AFTER_WRITE, BEFORE_FORCE, AFTER_FORCE, BEFORE_MOVE, AFTER_MOVE, BEFORE_FLUSH, AFTER_FLUSH,
    MAKE_FOLDER, BEFORE_LINK, AFTER_LINK, BEFORE_DELETE, AFTER_DELETE;

    boolean fails() {
      return this == CREATE || name().startsWith("BEFORE") || this == MAKE_FOLDER;
    }
  }

  /** What happens there. */
  enum Event { STOP, BROKEN, FULL, TORN }

  /** Lies that a disk may tell, for planted faults: it says that something was flushed that was not. */
  enum Lie { NONE, CONTENT, NAMES }

  /** Ends the work of a store whose files were copied. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private record Unflushed(Path folder, Undo undo) {}

  private interface Undo {
    void in(Path copy) throws IOException;
  }

  private final Path root;
  private final Path graves;
  private final Lie lie;
  /** Content on disk for certain, of files that have more than that. */
  private final Map<Path, Long> flushedSizes = new HashMap<>();
  private final List<Unflushed> unflushed = new ArrayList<>();
  final Map<String, Integer> reached = new TreeMap<>();
  private Point point;
  private Event event;
  private int occurrence;
  private Runnable onStop = () -> { };
  private boolean stopped;
  private boolean happened;
  private boolean deleted;

  FaultyDisk(Path root, Path graves, Lie lie) throws IOException {
    this.root = root;
    this.graves = Files.createDirectories(graves);
    this.lie = lie;
  }

  /** Arms the disk: the {@code count}-th time it comes to the point. */
  synchronized void arm(Point at, int count, Event what, Runnable stop) {
    point = at;
    occurrence = count;
    event = what;
    onStop = stop;
    happened = false;
    deleted = false;
  }

  synchronized boolean disarm() {
    point = null;
    return happened;
  }

  /** Disarms the disk when it failed. */
  synchronized boolean disarmIfHappened() {
    return happened && disarm();
  }

  /** The disk under a copy of its files that a kill left: what was not flushed still may be lost. */
  synchronized FaultyDisk takenOver(Path copy) throws IOException {
    FaultyDisk next = new FaultyDisk(copy, graves, lie);
    unflushed.forEach(each ->
        next.unflushed.add(new Unflushed(copy.resolve(root.relativize(each.folder)).normalize(), each.undo)));
    return next;
  }

  synchronized boolean stopped() {
    return stopped;
  }

  /** Whether a file was deleted since the disk was armed: what came before that is committed. */
  synchronized boolean deletedSince() {
    return deleted;
  }

  private synchronized boolean at(Point now) throws IOException {
    if (stopped) {
      throw new Stopped();
    }
    if (now != point || --occurrence > 0) {
      return false;
    }
    point = null;
    happened = true;
    reached.merge(event + " " + now, 1, Integer::sum);
    switch (event) {
      case STOP -> {
        stopped = true;
        onStop.run();
        throw new Stopped();
      }
      case BROKEN -> throw new IOException("Input/output error");
      case FULL -> throw new IOException("No space left on device");
      case TORN -> {
        return true;
      }
    }
    throw new IllegalStateException(event.name());
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    at(Point.CREATE);
    FileChannel real = Disk.REAL.create(file);
    synchronized (this) {
      flushedSizes.put(file, 0L);
    }
    return new FaultyChannel(real, new FaultyChannel.Watch() {
      @Override
      public boolean before(boolean force) throws IOException {
        return at(force ? Point.BEFORE_FORCE : Point.BEFORE_WRITE);
      }

      @Override
      public void after(boolean force, long size) throws IOException {
        if (force && lie != Lie.CONTENT) {
          synchronized (FaultyDisk.this) {
            flushedSizes.computeIfPresent(file, (path, old) -> size);
          }
        }
        at(force ? Point.AFTER_FORCE : Point.AFTER_WRITE);
      }
    });
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    at(Point.MAKE_FOLDER);
    Path top = folder;
    while (!Files.exists(top.getParent())) {
      top = top.getParent();
    }
    boolean there = Files.exists(top);
    Disk.REAL.makeFolder(folder);
    Path lost = root.relativize(top);
    if (!there) {
      later(top.getParent(), copy -> deleteTree(copy.resolve(lost)));
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    at(Point.BEFORE_MOVE);
    Disk.REAL.move(from, to);
    synchronized (this) {
      Long size = flushedSizes.remove(from);
      if (size != null && size < Files.size(to)) {
        flushedSizes.put(to, size);
      }
    }
    Path name = root.relativize(to);
    later(to.getParent(), copy -> Files.deleteIfExists(copy.resolve(name)));
    at(Point.AFTER_MOVE);
  }

  @Override
  public void link(Path name, Path existing) throws IOException {
    at(Point.BEFORE_LINK);
    Disk.REAL.link(name, existing);
    later(name.getParent(), copy -> Files.deleteIfExists(copy.resolve(root.relativize(name))));
    at(Point.AFTER_LINK);
  }

  @Override
  public void delete(Path file) throws IOException {
    boolean there = Files.exists(file);
    if (there) {
      at(Point.BEFORE_DELETE);
      Path grave = graves.resolve(file.getFileName());
      Files.deleteIfExists(grave);
      Files.createLink(grave, file);
      later(file.getParent(), copy -> restore(grave, copy.resolve(root.relativize(file))));
    }
    synchronized (this) {
      deleted |= there;
      flushedSizes.remove(file);
    }
    Disk.REAL.delete(file);
    if (there) {
      at(Point.AFTER_DELETE);
    }
  }

  @Override
  public void flush(Path folder) throws IOException {
    at(Point.BEFORE_FLUSH);
    synchronized (this) {
      if (lie != Lie.NAMES) {
        unflushed.removeIf(each -> each.folder.equals(folder));
      }
    }
    at(Point.AFTER_FLUSH);
  }

  private synchronized void later(Path folder, Undo undo) {
    unflushed.add(new Unflushed(folder, undo));
  }

  private static void restore(Path grave, Path name) throws IOException {
    if (!Files.exists(name) && Files.isDirectory(name.getParent())) {
      Files.createLink(name, grave);
    }
  }

  /** Copies the files as they would be found; after a power cut any of what was not flushed is gone. */
  synchronized void copyTo(Path copy, boolean powerCut, Random random) {
    try (Stream<Path> paths = Files.walk(root.resolve("objects"))) {
      for (Path path : paths.toList()) {
        Path to = copy.resolve(root.relativize(path));
        if (Files.isDirectory(path)) {
          continue;
        }
        Files.createDirectories(to.getParent());
        if (powerCut && flushedSizes.containsKey(path)) {
          cut(path, to, flushedSizes.get(path), random);
        } else if (path.getParent().endsWith("tmp")) {
          Files.copy(path, to);
        } else {
          Files.createLink(to, path);
        }
      }
      if (powerCut) {
        for (Unflushed each : unflushed.reversed()) {
          if (random.nextBoolean()) {
            each.undo.in(copy);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void cut(Path from, Path to, long least, Random random) throws IOException {
    byte[] content = Files.readAllBytes(from);
    int size = (int) (least + random.nextLong(content.length - Math.min(least, content.length) + 1));
    Files.write(to, Arrays.copyOf(content, Math.min(size, content.length)));
  }

  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList().reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (FileAlreadyExistsException | UncheckedIOException e) {
      throw new IOException(e);
    }
  }
}
