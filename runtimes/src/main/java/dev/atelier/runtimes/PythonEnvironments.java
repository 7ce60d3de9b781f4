package dev.atelier.runtimes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Cached Python environments, one per locked list of packages and interpreter. Built beside their place and moved there
 * whole, bytecode compiled, so that a broken build leaves nothing and a built one is complete; relocatable, since
 * sandboxes see them at a path of their own.
 */
public final class PythonEnvironments {
  private static final String UV = "0.13.8";
  private static final int LAST_LINES = 15;

  private final Path cache;
  private final Path interpreter;
  private final List<String> indexes;
  private final Map<String, ReentrantLock> building = new ConcurrentHashMap<>();

  /**
   * @param cache the folder of environments; safe to delete while nothing runs
   * @param interpreter the machine's Python, which sandboxes see at the same path
   * @param indexes further package indexes, asked before the default one
   */
  public PythonEnvironments(Path cache, Path interpreter, List<String> indexes) {
    this.cache = cache;
    this.interpreter = interpreter;
    this.indexes = List.copyOf(indexes);
  }

  /**
   * The environment of a locked list of packages, built when it is not there.
   *
   * @throws ImageException the build failed; the message holds its last lines
   */
  public Path require(String name, String requirements, Consumer<String> progress) {
    Path place = cache.resolve("environments").resolve(name + "-" + digest(requirements + "\n" + pythonVersion()));
    if (Files.isDirectory(place)) {
      return place;
    }
    ReentrantLock lock = building.computeIfAbsent(place.toString(), key -> new ReentrantLock());
    lock.lock();
    try {
      return Files.isDirectory(place) ? place : buildAlone(place, name, requirements, progress);
    } finally {
      lock.unlock();
    }
  }

  /** Other servers and tests share the cache: a lock on a file keeps a second process from building the same. */
  private Path buildAlone(Path place, String name, String requirements, Consumer<String> progress) {
    try {
      Files.createDirectories(place.getParent());
      Path lockFile = place.resolveSibling(place.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.isDirectory(place)) {
          build(place, name, requirements, progress);
        }
        return place;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(Path place, String name, String requirements, Consumer<String> progress) throws IOException {
    progress.accept("Building the environment " + name + " (once; packages are downloaded)");
    Path uv = uv(progress);
    Path fresh = place.resolveSibling(place.getFileName() + ".building");
    FileTree.delete(fresh);
    Path list = Files.createTempFile("requirements", ".txt");
    try {
      Files.writeString(list, requirements);
      run(List.of(uv.toString(), "venv", "--quiet", "--relocatable", "--python", interpreter.toString(),
          fresh.toString()), name, progress);
      List<String> install = new ArrayList<>(List.of(uv.toString(), "pip", "install", "--python",
          fresh.resolve("bin/python").toString(), "--compile-bytecode", "--requirement", list.toString()));
      for (String index : indexes) {
        install.add("--index");
        install.add(index);
      }
      run(install, name, progress);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
      progress.accept("The environment " + name + " is ready");
    } finally {
      Files.delete(list);
      FileTree.delete(fresh);
    }
  }

  private Path uv(Consumer<String> progress) throws IOException {
    Path tools = cache.resolve("tools").resolve("uv-" + UV);
    Path program = tools.resolve("bin/uv");
    if (!Files.isExecutable(program)) {
      Path fresh = tools.resolveSibling("uv-" + UV + ".building-" + ProcessHandle.current().pid());
      FileTree.delete(fresh);
      Files.createDirectories(fresh.getParent());
      run(List.of(interpreter.toString(), "-m", "venv", fresh.toString()), "uv", progress);
      run(List.of(fresh.resolve("bin/python").toString(), "-m", "pip", "install", "--quiet",
          "--disable-pip-version-check", "uv==" + UV), "uv", progress);
      if (Files.isDirectory(tools)) {
        FileTree.delete(fresh);
      } else {
        Files.move(fresh, tools, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return program;
  }

  private void run(List<String> command, String name, Consumer<String> progress) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // uv uses its own certificates unless told; packages compiled here must not depend on the starter's settings
    builder.environment().put("UV_SYSTEM_CERTS", "1");
    builder.environment().put("UV_NO_PROGRESS", "1");
    builder.environment().put("UV_LINK_MODE", "copy");
    builder.environment().keySet().removeAll(List.of("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"));
    Process process = builder.start();
    process.getOutputStream().close();
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last.addLast(line);
        if (last.size() > LAST_LINES) {
          last.removeFirst();
        }
        progress.accept(line);
      }
      int exit = process.waitFor();
      if (exit != 0) {
        throw new ImageException("The environment " + name + " could not be built (exit code " + exit + "): "
            + String.join("\n", last));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new ImageException("The build of the environment " + name + " was interrupted");
    }
  }

  /** The interpreter's minor version, such as {@code 3.11}. */
  public String pythonVersion() {
    return Interpreter.version(interpreter);
  }

  /** The text of a locked list of packages that ships with Atelier. */
  static String requirements(String name) {
    try (InputStream in = PythonEnvironments.class.getResourceAsStream("requirements/" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
