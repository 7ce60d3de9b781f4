package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the folders that a host's mounts show, and says how each is bound. */
final class HostMounts {

  /** How the machine lets inputs look writable. */
  enum Layering { OVERLAY, COPY_OR_READ_ONLY }

  private final LocalComputeConfig config;
  private final HostFolder folder;
  private final HostSpec host;
  private final int uid;
  private final Layering layering;
  private final List<String> notes = new ArrayList<>();
  private final List<Integer> readOnly = new ArrayList<>();

  HostMounts(LocalComputeConfig config, HostFolder folder, HostSpec host, int uid, Layering layering) {
    this.config = config;
    this.folder = folder;
    this.host = host;
    this.uid = uid;
    this.layering = layering;
  }

  /** The folder on disk of the mount that holds a path inside, with what is left of the path. */
  static Optional<Place> placeOf(HostFolder folder, Path volumes, HostSpec host, String inside) {
    Path wanted = Inside.absolute(inside);
    Place best = null;
    int depth = -1;
    for (int i = 0; i < host.mounts().size(); i++) {
      Mount mount = host.mounts().get(i);
      Path at = Path.of(mount.inside());
      if (!(mount instanceof Mount.Files || mount instanceof Mount.Packed || mount instanceof Mount.Feeds
          || mount instanceof Mount.Folder)
          && wanted.startsWith(at) && at.getNameCount() > depth) {
        best = new Place(mount instanceof Mount.Volume volume ? Volumes.files(volumes, volume.name())
            : folder.work().resolve("m").resolve(Integer.toString(i)), at.relativize(wanted));
        depth = at.getNameCount();
      }
    }
    return Optional.ofNullable(best);
  }

  /** A folder of the server and a path below it that nobody has checked. */
  record Place(Path folder, Path below) {}

  Layering layering() {
    return layering;
  }

  Path own(int mount) {
    return folder.work().resolve("m").resolve(Integer.toString(mount));
  }

  void make() throws IOException {
    Files.createDirectory(folder.work());
    Files.setPosixFilePermissions(folder.work(), PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String name : List.of("m", "f", "u", "w")) {
      open(folder.work().resolve(name), false);
    }
    for (int i = 0; i < host.mounts().size(); i++) {
      make(i, host.mounts().get(i));
    }
    nested();
  }

  private void make(int i, Mount mount) throws IOException {
    Inside.mountPoint(mount.inside());
    open(own(i), true);
    switch (mount) {
      case Mount.Scratch scratch -> { }
      case Mount.Unpacked unpacked -> { }
      case Mount.Volume volume -> { }
      case Mount.Folder shared -> { }
      case Mount.Feeds feeds -> new FeedPlan(uid, config.copyLimitBytes()).lay(folder.work(), feeds.feeds());
      case Mount.Texts texts -> write(own(i), texts.texts());
      case Mount.Files files -> lay(i, files);
      case Mount.Packed packed -> layer(i, packed.files());
      case Mount.Copies copies -> copy(own(i), copies);
    }
  }

  private void copy(Path top, Mount.Copies copies) throws IOException {
    long bytes = FileFarm.size(copies.files());
    long room = HostRecipe.foldersBytes(host);
    if (bytes > room) {
      throw new ComputeException("the files for " + copies.inside() + " have " + bytes
          + " bytes, and the host's disk has room for " + room);
    }
    new FileFarm(uid, room).lay(top, copies.files(), true);
  }

  private void write(Path top, Map<String, String> texts) throws IOException {
    FileFarm farm = new FileFarm(uid, 0);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Path file = top.resolve(Inside.relative(text.getKey()));
      farm.folders(top, file.getParent());
      Files.write(file, text.getValue().getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      Machine.give(file, uid);
    }
  }

  private void lay(int i, Mount.Files files) throws IOException {
    if (layering == Layering.OVERLAY) {
      layer(i, files.files());
      return;
    }
    FileFarm farm = new FileFarm(uid, config.copyLimitBytes());
    if (FileFarm.size(files.files()) <= config.copyLimitBytes()) {
      farm.lay(own(i), files.files(), true);
    } else {
      readOnly.add(i);
      notes.add(files.inside() + " is read-only: no layer can be put above it on this machine, and it is larger than "
          + config.copyLimitBytes() + " bytes");
      farm.lay(own(i), files.files(), false);
    }
  }

  private void layer(int i, Map<String, Path> files) throws IOException {
    for (String name : List.of("f/", "u/", "w/")) {
      open(folder.work().resolve(name + i), true);
    }
    new FileFarm(uid, config.copyLimitBytes()).lay(folder.work().resolve("f/" + i), files, false);
  }

  private boolean layered(Mount mount) {
    return mount instanceof Mount.Packed || mount instanceof Mount.Files && layering == Layering.OVERLAY;
  }

  // bwrap makes missing mount points itself, but not in folders bound read-only.
  private void nested() throws IOException {
    for (int i = 0; i < host.mounts().size(); i++) {
      Path outer = Path.of(host.mounts().get(i).inside());
      Path top = layered(host.mounts().get(i)) ? folder.work().resolve("u/" + i) : own(i);
      for (Mount mount : host.mounts()) {
        Path inner = Path.of(mount.inside());
        // in a volume, whose files are its user's, bwrap makes them
        if (inner.startsWith(outer) && !inner.equals(outer) && !(mount instanceof Mount.Unpacked)
            && !(host.mounts().get(i) instanceof Mount.Volume)) {
          new FileFarm(uid, 0).folders(top, top.resolve(outer.relativize(inner)));
        }
      }
    }
  }

  private void open(Path made, boolean give) throws IOException {
    Files.createDirectory(made);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (give) {
      Machine.give(made, uid);
    }
  }

  /** Adds the binds, outer folders first. */
  void bind(SandboxArguments arguments, Stage stage) {
    Path work = stage.bind(folder.work());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < host.mounts().size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(i -> Path.of(host.mounts().get(i).inside()).getNameCount()));
    for (int i : order) {
      Mount mount = host.mounts().get(i);
      Path source = work.resolve("m/" + i);
      if (layered(mount)) {
        List<Path> lower = new ArrayList<>(List.of(work.resolve("f/" + i)));
        if (mount instanceof Mount.Packed packed) {
          lower.add(stage.packed(packed.image()));
        }
        source = stage.overlay(lower, work.resolve("u/" + i), work.resolve("w/" + i));
      } else if (mount instanceof Mount.Volume volume) {
        source = stage.bind(Volumes.files(config.volumeFolder(), volume.name()));
      } else if (mount instanceof Mount.Folder shared) {
        source = stage.bind(shared.source());
      }
      arguments.add(isReadOnly(i) ? "--ro-bind" : "--bind", source, mount.inside());
    }
  }

  /** The binds of a container, whose engine sorts them. */
  List<ContainerRuntime.Bind> binds() {
    List<ContainerRuntime.Bind> binds = new ArrayList<>();
    for (int i = 0; i < host.mounts().size(); i++) {
      Path source = switch (host.mounts().get(i)) {
        case Mount.Volume volume -> Volumes.files(config.volumeFolder(), volume.name());
        case Mount.Folder shared -> shared.source();
        default -> own(i);
      };
      binds.add(new ContainerRuntime.Bind(source, host.mounts().get(i).inside(), isReadOnly(i)));
    }
    return binds;
  }

  private boolean isReadOnly(int i) {
    return readOnly.contains(i) || switch (host.mounts().get(i)) {
      case Mount.Feeds feeds -> true;
      case Mount.Folder shared -> shared.readOnly();
      default -> false;
    };
  }

  /** The folder of FIFOs, where the host has one. */
  Optional<Path> feeds(Stage stage) {
    for (int i = 0; i < host.mounts().size(); i++) {
      if (host.mounts().get(i) instanceof Mount.Feeds) {
        return Optional.of(stage.bind(folder.work()).resolve("m/" + i));
      }
    }
    return Optional.empty();
  }

  /** What the user should know, for the log. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  static void check(HostSpec host) {
    List<Path> seen = new ArrayList<>();
    for (Mount mount : host.mounts()) {
      Path at = Inside.mountPoint(mount.inside());
      if (seen.contains(at)) {
        throw new ComputeException(at + " is mounted twice");
      }
      seen.add(at);
      switch (mount) {
        case Mount.Scratch scratch -> { }
        case Mount.Volume volume -> {
          if (!Volumes.of(host).orElseThrow().equals(volume)) {
            throw new ComputeException("a host mounts one volume at most");
          }
        }
        case Mount.Feeds feeds -> {
          if (host.mounts().stream().anyMatch(other -> other instanceof Mount.Feeds && !other.equals(mount))) {
            throw new ComputeException("a host mounts one folder of feeds at most");
          }
        }
        case Mount.Folder shared -> {
          if (!Files.isDirectory(shared.source())) {
            throw new ComputeException("the folder for " + shared.inside() + " is not there");
          }
        }
        case Mount.Texts texts -> texts.texts().keySet().forEach(Inside::relative);
        case Mount.Files files -> files.files().keySet().forEach(Inside::relative);
        case Mount.Packed packed -> {
          if (!Files.isRegularFile(packed.image())) {
            throw new ComputeException("the files packed for " + packed.inside() + " are not there");
          }
          packed.files().keySet().forEach(Inside::relative);
        }
        case Mount.Copies copies -> copies.files().keySet().forEach(Inside::relative);
        case Mount.Unpacked unpacked -> {
          if (!Files.isRegularFile(unpacked.archive())) {
            throw new ComputeException("the archive for " + unpacked.inside() + " is not there");
          }
        }
      }
    }
  }
}
