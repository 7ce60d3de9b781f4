package dev.atelier.compute.local;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads folders of a sandbox, and unpacks archives for it, in helper sandboxes. */
final class Collector {
  private static final System.Logger LOG = System.getLogger(Collector.class.getName());
  private static final String TAR = "exec tar --create --file - --format=posix --hard-dereference "
      + "--ignore-failed-read --warning=no-file-changed --one-file-system ";
  // 1: files changed while they were listed, or the program closed a folder to itself, which is its right
  private static final String FIND = "{ find . -xdev %s -printf '" + FileList.FORMAT.replace("%", "%%")
      + "'; [ $? -le 1 ] && printf '" + FileList.END + "\\0'; }";
  /** Each is a word of a command: what is more is left to the reader, which ends at the first that is endless. */
  private static final int MOST_TOO_LARGE = 100;
  private static final int MOST_NAME_BYTES = 16 << 10;
  /** What the program closed to itself. */
  private static final Pattern UNREAD = Pattern.compile("tar: \\./(.+?): (?:Warning: )?Cannot [a-z]+: (.+)");
  private static final byte[] EMPTY_TAR = new byte[1024];
  private static final String NOT_THERE = "atelier-absent";
  private static final int MOST_ERROR_CHARACTERS = 500;

  private final HelperSandbox sandbox;

  Collector(HelperSandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * A clean tar of {@code below} in the folder, which its owner may be changing. What is larger than all may be
   * together is not even read: a file with holes can be endless.
   */
  InputStream collect(HostMounts.Place place, CollectionLimits limits) {
    List<String> tooLarge = tooLarge(place, limits);
    try {
      return clean(sandbox.start(bind(place), script(TAR + "--sort=name --anchored --no-wildcards \"$@\" .", place,
          tooLarge.stream().map(name -> "--exclude=./" + name).toList())), limits, tooLarge);
    } catch (IOException e) {
      throw new ComputeException("the folder cannot be read: " + e.getMessage(), e);
    }
  }

  private List<String> tooLarge(HostMounts.Place place, CollectionLimits limits) {
    return list(place, "-type f -size +" + limits.maxBytes() + "c",
        new ListingLimits(MOST_TOO_LARGE, MOST_NAME_BYTES, more -> { })).stream().map(HostFile::name).toList();
  }

  /** As {@link #collect}, of files that were listed before; what became a folder since is left out. */
  InputStream collect(HostMounts.Place place, List<String> names, CollectionLimits limits) {
    try {
      Process process = sandbox.startReading(bind(place),
          script(TAR + "--no-recursion --no-unquote --null --verbatim-files-from --files-from=-", place, List.of()));
      Thread.ofVirtual().start(() -> tell(process, names));
      return clean(process, limits, List.of());
    } catch (IOException e) {
      throw new ComputeException("the files cannot be read: " + e.getMessage(), e);
    }
  }

  private static void tell(Process process, List<String> names) {
    try (OutputStream input = process.getOutputStream()) {
      for (String name : names) {
        input.write(("./" + name + '\0').getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the collector ended before it knew all names", e);
    }
  }

  /** The regular files below the place: all of them, or as many as the limits allow. */
  List<HostFile> files(HostMounts.Place place, ListingLimits limits) {
    return list(place, "! -type d", limits);
  }

  private List<HostFile> list(HostMounts.Place place, String tests, ListingLimits limits) {
    try {
      Process process = sandbox.start(bind(place), script(FIND.formatted(tests), place, List.of()));
      CompletableFuture<String> problems = problems(process);
      try (FileList list = new FileList(process.getInputStream())) {
        return list.read(limits);
      } catch (EOFException e) {
        String problem = problems.join();
        if (absent(problem)) {
          return List.of();
        }
        throw new ComputeException("the folder cannot be read: " + e.getMessage() + " " + problem, e);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new ComputeException("the folder cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<HelperSandbox.Bind> bind(HostMounts.Place place) {
    return List.of(new HelperSandbox.Bind(place.folder(), "/c", false));
  }

  /** Runs a tool in the folder, whose path was chosen by the program: inside the helper nothing else can be found. */
  private static List<String> script(String tool, HostMounts.Place place, List<String> words) {
    String script = "cd /c && { [ -d \"$1\" ] && [ ! -h \"$1\" ] || { echo " + NOT_THERE
        + " >&2; exit 4; }; } && cd \"$1\" && shift && " + tool;
    String below = place.below().toString().isEmpty() ? "." : "./" + place.below();
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh", below));
    command.addAll(words);
    return command;
  }

  /**
   * What the process writes, made clean; the process ends with the stream, or with this when it cannot be read.
   *
   * @param tooLarge what it does not write, told of last: whether something hides the rest is to be heard before
   */
  static InputStream clean(Process process, CollectionLimits limits, List<String> tooLarge) {
    try {
      CompletableFuture<String> problems = problems(process);
      PushbackInputStream first = new PushbackInputStream(process.getInputStream(), 1);
      int head = first.read();
      if (head < 0) {
        return nothing(process, problems.join());
      }
      first.unread(head);
      return new CleanTar(first, limits, extent -> {
        if (finish(process, problems, limits, extent)) {
          tooLarge.forEach(name -> limits.exceeded().accept(limits.overBytes(name)));
        }
      });
    } catch (IOException e) {
      process.destroyForcibly();
      throw new ComputeException("the folder cannot be read: " + e.getMessage(), e);
    }
  }

  private static InputStream nothing(Process process, String problem) {
    process.destroyForcibly();
    if (absent(problem)) {
      return new ByteArrayInputStream(EMPTY_TAR);
    }
    throw new ComputeException("the folder cannot be read: " + problem);
  }

  private static boolean absent(String problem) {
    return problem.lines().anyMatch(NOT_THERE::equals);
  }

  /** False when nobody asks any more how it went. */
  private static boolean finish(Process process, CompletableFuture<String> problems, CollectionLimits limits,
      CleanTar.Extent extent) throws IOException {
    switch (extent) {
      case UNKNOWN -> {
        process.destroyForcibly();
        return false;
      }
      // unlike the process, its handle leaves what it complained of to be read
      case UP_TO_A_LIMIT -> {
        process.toHandle().destroyForcibly();
        process.getInputStream().close();
      }
      case ALL -> {
        process.getInputStream().transferTo(OutputStream.nullOutputStream());
        // 1: files changed while they were read, which is the program's right.
        if (exitCode(process) > 1) {
          throw new IOException("the folder could not be read to its end: " + problems.join());
        }
      }
    }
    problems.join().lines().map(UNREAD::matcher).filter(Matcher::matches).forEach(unread ->
        limits.leftOut().accept(unread.group(1) + ": cannot be read: " + unread.group(2)));
    return true;
  }

  /**
   * Unpacks an archive into a folder of the sandbox.
   *
   * @throws ComputeException the archive was refused or is broken; the message says why
   */
  void unpack(Path archive, Path folder, Path program, List<String> python, long maxBytes, long maxEntries)
      throws IOException {
    List<HelperSandbox.Bind> binds = new ArrayList<>(List.of(new HelperSandbox.Bind(archive, "/a", false),
        new HelperSandbox.Bind(folder, "/o", true), new HelperSandbox.Bind(program, "/unpack.py", false)));
    python.stream().skip(1).forEach(home -> binds.add(new HelperSandbox.Bind(Path.of(home), home, false)));
    Process process = sandbox.start(binds, List.of(python.getFirst(), "-I", "-S", "-B", "/unpack.py", "/a", "/o",
        Long.toString(maxBytes), Long.toString(maxEntries)));
    CompletableFuture<String> problems = problems(process);
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (exitCode(process) != 0) {
      throw new ComputeException(problems.join());
    }
  }

  private static CompletableFuture<String> problems(Process process) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> {
      try (InputStream errors = process.getErrorStream()) {
        String all = new String(errors.readNBytes(4 * MOST_ERROR_CHARACTERS), StandardCharsets.UTF_8).strip();
        errors.transferTo(OutputStream.nullOutputStream());
        text.complete(all.substring(0, Math.min(all.length(), MOST_ERROR_CHARACTERS)));
      } catch (IOException e) {
        text.complete(String.valueOf(e.getMessage()));
      }
    });
    return text;
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }
}
