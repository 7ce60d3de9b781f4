package dev.atelier.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The folder that holds everything a server keeps: {@code FORMAT}, {@code meta.db}, {@code objects.db}, {@code objects/},
 * {@code registry/}, {@code logs/}, {@code run/}, {@code keys/}, {@code backups/}. Locked while it
 * is open; folders are the owner's alone.
 */
public final class DataFolder implements AutoCloseable {
  /** The format that this build reads and writes. Every released change of a database or of the layout raises it. */
  static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERVER = "run/server.json";

  private final Path root;
  private final FileChannel lockChannel;
  private final FileLock lock;

  private DataFolder(Path root, FileChannel lockChannel, FileLock lock) {
    this.root = root;
    this.lockChannel = lockChannel;
    this.lock = lock;
  }

  /** The server that last announced itself in a folder; it may be gone. */
  public record Server(long pid, URI url, String version) {}

  /** Brings a folder from one format to the next; the databases are closed, and run again after a crash it ends well. */
  interface Step {
    void migrate(Path root) throws IOException;
  }

  /**
   * Opens the folder, making it when it is not there. A folder of an older format is migrated after its databases were
   * copied to {@code backups/}.
   *
   * @throws DataFolderException another server has it open, or its format is newer than this build's
   */
  public static DataFolder open(Path root) {
    return open(root, FORMAT, new TreeMap<>());
  }

  /** @param steps by the format that each leads to */
  static DataFolder open(Path root, int format, SortedMap<Integer, Step> steps) {
    try {
      Path real = PrivateFiles.folder(root.toAbsolutePath().normalize()).toRealPath();
      for (String part : new String[] {"objects", "registry", "logs", "metrics", "run", "keys"}) {
        PrivateFiles.folder(real.resolve(part));
      }
      FileChannel channel = FileChannel.open(PrivateFiles.file(real.resolve("lock")),
          StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        DataFolder folder = new DataFolder(real, channel, lock(real, channel));
        // left by a server that was killed
        Files.deleteIfExists(real.resolve(SERVER));
        folder.bringTo(format, steps);
        return folder;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the data folder " + root, e);
    }
  }

  /** The server that announced itself last, whether or not it still runs. */
  public static Optional<Server> server(Path root) {
    Path file = root.resolve(SERVER);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      JsonNode server = JSON.readTree(Files.readAllBytes(file));
      return Optional.of(new Server(server.path("pid").longValue(), URI.create(server.path("url").asText()),
          server.path("version").asText()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new DataFolderException("unreadable: " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether a server has the folder open. For other processes than the server's own, whose lock a look would give up.
   */
  public static boolean held(Path root) {
    Path file = root.resolve("lock");
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at the data folder " + root, e);
    }
  }

  /** Writes {@code run/server.json} for clients on this machine, until the folder is closed. */
  public void announce(URI url, String version) {
    try {
      PrivateFiles.replace(root.resolve(SERVER), JSON.writeValueAsBytes(
          Map.of("pid", ProcessHandle.current().pid(), "url", url.toString(), "version", version)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path root() {
    return root;
  }

  public Path metaDatabase() {
    return root.resolve("meta.db");
  }

  /** The folder of {@code objects.db} and {@code objects/}. */
  public Path objectRoot() {
    return root;
  }

  /** The folder of the store of container images' layers. */
  public Path registry() {
    return root.resolve("registry");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path metrics() {
    return root.resolve("metrics");
  }

  public Path run() {
    return root.resolve("run");
  }

  public Path keys() {
    return root.resolve("keys");
  }

  @Override
  public void close() {
    try (lockChannel; lock) {
      Files.deleteIfExists(root.resolve(SERVER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileLock lock(Path root, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      ByteBuffer pid = ByteBuffer.allocate(32);
      int length = Math.max(channel.read(pid, 0), 0);
      throw new DataFolderException("the data folder " + root + " is in use by the server with process id "
          + new String(pid.array(), 0, length, StandardCharsets.US_ASCII).strip());
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(
        StandardCharsets.US_ASCII)), 0);
    return lock;
  }

  private void bringTo(int format, SortedMap<Integer, Step> steps) throws IOException {
    Path file = root.resolve("FORMAT");
    if (!Files.exists(file)) {
      if (Files.exists(metaDatabase())) {
        throw new DataFolderException("the data folder " + root + " has databases but no FORMAT file");
      }
      writeFormat(file, format);
      return;
    }
    int found = readFormat(file);
    if (found > format) {
      throw new DataFolderException("the data folder " + root + " has format " + found
          + ", written by a newer version of Atelier; this version reads formats up to " + format);
    }
    if (found < format) {
      backUp(found);
      for (Map.Entry<Integer, Step> step : steps.subMap(found + 1, format + 1).entrySet()) {
        step.getValue().migrate(root);
        writeFormat(file, step.getKey());
      }
      writeFormat(file, format);
    }
  }

  private int readFormat(Path file) throws IOException {
    String text = Files.readString(file).strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataFolderException(file + " holds no number: " + text, e);
    }
  }

  private void writeFormat(Path file, int format) throws IOException {
    PrivateFiles.replace(file, (format + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Copies the databases with their write-ahead logs: nobody has them open, since this process holds the lock. */
  private void backUp(int format) throws IOException {
    Path backups = PrivateFiles.folder(root.resolve("backups"));
    Path target = Files.createTempDirectory(backups, "format-" + format + "-",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (String database : new String[] {"meta.db", "objects.db", "registry/objects.db"}) {
      for (String suffix : new String[] {"", "-wal"}) {
        Path source = root.resolve(database + suffix);
        if (Files.exists(source)) {
          Path copy = Files.copy(source, target.resolve((database + suffix).replace('/', '-')));
          PrivateFiles.flush(copy);
        }
      }
    }
    PrivateFiles.flush(target);
    PrivateFiles.flush(backups);
  }
}
