package dev.atelier.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder as a host sees it; {@code inside} is absolute. */
public sealed interface Mount {
  /** Folders of every host's system, at or below which nothing can be mounted. */
  List<Path> SYSTEM = Stream.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sys", "/dev",
      "/etc").map(Path::of).toList();

  String inside();

  /** A fresh, empty folder that the host may write and that the collector can read after it ended. */
  record Scratch(String inside) implements Mount {}

  /**
   * Files of the server seen read-only, each at its relative path. The host sees them as writable when the backend can
   * put a scratch layer above; the sources never change.
   *
   * @param files relative path (no {@code ..}, no leading slash) to an immutable file of this machine
   */
  record Files(String inside, Map<String, Path> files) implements Mount {
    public Files {
      files = Map.copyOf(files);
    }
  }

  /**
   * As {@link Files}, most of which lie in an image that {@link PackedFiles} wrote; for backends that mount one.
   *
   * @param image an immutable file of this machine
   * @param files those that lie elsewhere, of which the image has none
   */
  record Packed(String inside, Path image, Map<String, Path> files) implements Mount {
    public Packed {
      files = Map.copyOf(files);
    }
  }

  /**
   * Copies of the server's files in a folder of the host's own: the host may change them, and the collector can read
   * the folder as it can a {@link Scratch}. Each copy keeps its source's time of modification.
   *
   * @param files relative path (no {@code ..}, no leading slash) to an immutable file of this machine
   */
  record Copies(String inside, Map<String, Path> files) implements Mount {
    public Copies {
      files = Map.copyOf(files);
    }
  }

  /** Small texts that the server writes before the start, such as {@code hyperparameters.json}; the host may write. */
  record Texts(String inside, Map<String, String> texts) implements Mount {
    public Texts {
      texts = Map.copyOf(texts);
    }
  }

  /**
   * An archive of the store (tar, gzip-compressed tar or zip) that is unpacked before the start by a collector sandbox
   * with the host's own identity; hostile entries end the start with an explanation. The host may write the result.
   */
  record Unpacked(String inside, Path archive) implements Mount {}

  /**
   * A folder of FIFOs, which the host can only read. Whoever fills them lives beside the host and outlives the server;
   * when it dies, so does the host's program: an epoch never ends early.
   */
  record Feeds(String inside, List<Feed> feeds) implements Mount {
    public Feeds {
      feeds = List.copyOf(feeds);
    }
  }

  /**
   * A folder of this machine as it is, such as one of a file system that is mounted here. The host's user has the rights
   * there that its modes give to others.
   */
  record Folder(String inside, Path source, boolean readOnly) implements Mount {}

  /**
   * A folder that outlives workloads, such as a user's home; made when it is first mounted, and shared by all hosts that
   * mount it, which so have the same user outside. A host mounts one at most.
   *
   * @param name 1 to 64 lower-case letters, digits and hyphens
   * @param bytes how large it is, 0 when it may fill the disk. Counts from the first mount that says so on, and grows by
   *     a later one; a backend that can hold no volume to a size says so in the host's log
   */
  record Volume(String inside, String name, long bytes) implements Mount {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    public Volume(String inside, String name) {
      this(inside, name, 0);
    }

    public Volume {
      if (bytes < 0) {
        throw new IllegalArgumentException("no size: " + bytes);
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("not a volume's name: " + name);
      }
    }
  }
}
