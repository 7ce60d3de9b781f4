package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file system of a volume that has a size: ext4 in a file beside the volume's folder, all of whose blocks are taken at
 * once, so that no write in it finds the disk below full. Each sandbox mounts it in its own namespace over the one loop
 * device of the file, which the kernel frees with the last of them; so nothing is left mounted by a server that is killed.
 * Needs root.
 */
final class VolumeImage {
  private static final String IMAGE = "image";
  private static final String SIZE = "size";
  private static final String FILES = "files";
  private static final long TRIAL_BYTES = 32L << 20;

  private VolumeImage() {}

  /** The image that holds a volume's files in place of their folder; empty for any other folder. */
  static Optional<Path> of(Path files) {
    return Optional.of(files.resolveSibling(IMAGE))
        .filter(image -> files.endsWith(FILES) && Files.isRegularFile(image.resolveSibling(SIZE)));
  }

  /** Where the files lie below the place that an image is mounted on. */
  static Path files(Path mounted) {
    return mounted.resolve(FILES);
  }

  /**
   * Gives an empty volume an image, and lets the image of another grow, where that leaves the disk half of its room. A
   * volume that has files and no image stays as it is, and none shrinks.
   *
   * @throws ComputeException the tools cannot, or something still mounts a volume that is to grow
   */
  static void fit(Path files, long bytes, int uid) throws IOException {
    Path image = files.resolveSibling(IMAGE);
    Path size = files.resolveSibling(SIZE);
    long had = size(files);
    if (had >= bytes) {
      return;
    }
    if (had > 0) {
      if (noRoom(files, bytes - had)) {
        return;
      }
      grow(image, bytes);
    } else {
      try (Stream<Path> entries = Files.list(files)) {
        if (entries.findAny().isPresent()) {
          return;
        }
      }
      Files.deleteIfExists(image);
      if (noRoom(files, bytes)) {
        return;
      }
      make(files, image, bytes, uid);
    }
    // last: what a crash leaves without it is begun anew
    Durable.write(size, Long.toString(bytes).getBytes(StandardCharsets.UTF_8));
  }

  /** The size that a volume is held to; 0 when it is held to none. */
  static long size(Path files) throws IOException {
    return of(files).isPresent() ? Long.parseLong(Files.readString(files.resolveSibling(SIZE))) : 0;
  }

  private static boolean noRoom(Path files, long bytes) throws IOException {
    return Files.getFileStore(files).getUsableSpace() / 2 < bytes;
  }

  // What mkfs leaves as holes is taken after it.
  private static void make(Path files, Path image, long bytes, int uid) throws IOException {
    Path template = files.resolveSibling("template");
    Deletion.delete(template);
    Files.createDirectory(template);
    Path inner = Files.createDirectory(template.resolve(FILES));
    Files.setPosixFilePermissions(inner, Files.getPosixFilePermissions(files));
    Machine.give(inner, uid);
    String take = "fallocate -l " + bytes + " " + Shell.quote(image);
    tool("made", take + "; mkfs.ext4 -q -F -b 4096 -m 0 -J size=8 -E lazy_itable_init=0,lazy_journal_init=0 -d "
        + Shell.quote(template) + " " + Shell.quote(image) + "; " + take);
    Deletion.delete(template);
  }

  private static void grow(Path image, long bytes) throws IOException {
    String take = "fallocate -l " + bytes + " " + Shell.quote(image);
    tool("enlarged", locked(image, waiting("[ -z \"$(losetup -j " + Shell.quote(image) + ")\" ]") + "e2fsck -fp "
        + Shell.quote(image) + " || [ $? -le 1 ]; " + take + "; resize2fs " + Shell.quote(image) + "; " + take));
  }

  private static void tool(String what, String script) throws IOException {
    Opening.Tool.Answer answer = Opening.Tool.run(List.of("sh", "-ec", script));
    if (answer.code() != 0) {
      throw new ComputeException("the volume's file system cannot be " + what + ": " + answer.text());
    }
  }

  /** What tries until it holds, for five seconds: a device of a sandbox that just ended goes an instant later. */
  private static String waiting(String condition) {
    return "n=0; until " + condition + "; do n=$((n+1)); [ $n -lt 50 ]; sleep 0.1; done; ";
  }

  /** One at a time: two loop devices of one file would not know of each other. */
  static String locked(Path image, String script) {
    return "flock " + Shell.quote(image.getParent()) + " sh -ec " + Shell.quote(script);
  }

  /** The script that mounts an image on a new folder. */
  static String mount(Path image, Path at) {
    return "mkdir " + Shell.quote(at) + "\n"
        + locked(image, waiting("mount -o loop,nosuid,nodev " + Shell.quote(image) + " " + Shell.quote(at))) + "\n";
  }

  /** Whether this machine can: tried in a folder that is then gone, in a namespace that ends with the trial. */
  static boolean works(Path trial) throws IOException {
    if (!Machine.root()) {
      return false;
    }
    Deletion.delete(trial);
    Path files = Files.createDirectories(trial.resolve(FILES));
    try {
      fit(files, TRIAL_BYTES, Machine.userId());
      List<String> words = new ArrayList<>(List.of(HostScript.unshare().split(" ")));
      words.addAll(List.of("sh", "-c", "mkdir " + Shell.quote(trial.resolve("at")) + " && mount -o loop "
          + Shell.quote(trial.resolve(IMAGE)) + " " + Shell.quote(trial.resolve("at")) + " && : > "
          + Shell.quote(files(trial.resolve("at")).resolve("x"))));
      return Opening.Tool.run(words).code() == 0;
    } catch (ComputeException e) {
      return false;
    } finally {
      Deletion.delete(trial);
    }
  }
}
