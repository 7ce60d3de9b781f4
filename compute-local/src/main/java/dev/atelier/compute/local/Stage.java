package dev.atelier.compute.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a sandbox's user finds the sources of its mounts. Folders of the server lie below private ones that the user
 * cannot pass, so each source is mounted on a name of the stage, in a mount namespace that ends with the sandbox.
 */
final class Stage {
  /** The words before an image of packed files and the folder that shows it. */
  static final String PACKED = "mount -t erofs -o loop,ro,nosuid,nodev ";

  private final Path folder;
  private final StringBuilder script = new StringBuilder();
  private final Map<Path, Path> bound = new LinkedHashMap<>();
  private int overlays;

  Stage(Path folder) {
    this.folder = folder;
    String at = Shell.quote(folder);
    script.append("mount -t tmpfs -o mode=0711,size=16m,nosuid,nodev atelier ").append(at).append('\n');
  }

  /** The path on the stage of a source; sources are bound once. */
  Path bind(Path source) {
    return bound.computeIfAbsent(source, fresh -> {
      Path at = folder.resolve(Integer.toString(bound.size()));
      Optional<Path> image = VolumeImage.of(fresh);
      if (image.isPresent()) {
        script.append(VolumeImage.mount(image.get(), at));
        return VolumeImage.files(at);
      }
      String make = Files.isDirectory(fresh) ? "mkdir " : ": > ";
      script.append(make).append(Shell.quote(at)).append('\n');
      script.append("mount --rbind ").append(Shell.quote(fresh)).append(' ').append(Shell.quote(at)).append('\n');
      return at;
    });
  }

  /** The folder on the stage in which an image of packed files is seen. */
  Path packed(Path image) {
    Path at = folder.resolve("p" + overlays++);
    script.append("mkdir ").append(Shell.quote(at)).append('\n')
        .append(VolumeImage.locked(image, PACKED + Shell.quote(image) + " " + Shell.quote(at))).append('\n');
    return at;
  }

  /**
   * Puts a layer that takes all writes over folders; all lie on the stage already.
   *
   * @param lower each hides what those after it have of the same name
   */
  Path overlay(List<Path> lower, Path upper, Path scratch) {
    Path at = folder.resolve("o" + overlays++);
    String option = Machine.root() ? "" : ",userxattr";
    script.append("mkdir ").append(Shell.quote(at)).append('\n');
    script.append("mount -t overlay -o lowerdir=")
        .append(lower.stream().map(Shell::quote).collect(Collectors.joining(":"))).append(",upperdir=")
        .append(Shell.quote(upper)).append(",workdir=").append(Shell.quote(scratch)).append(option)
        .append(" overlay ").append(Shell.quote(at)).append('\n');
    return at;
  }

  /** Shows one folder above another, both to be read only. */
  Path above(Path top, Path base) {
    Path upper = bind(top);
    Path at = folder.resolve("o" + overlays++);
    script.append("mkdir ").append(Shell.quote(at)).append('\n');
    script.append("mount -t overlay -o ro,lowerdir=").append(Shell.quote(upper)).append(':')
        .append(Shell.quote(base)).append(" overlay ").append(Shell.quote(at)).append('\n');
    return at;
  }

  String script() {
    return script.toString();
  }
}
