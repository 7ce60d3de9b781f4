package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders that outlive workloads. Each has a host user id of its own for as long as it exists: every host that mounts the
 * volume runs under it. The server makes and deletes a volume's folder, and never opens a path below it.
 */
final class Volumes {
  private static final String FILES = "files";
  private static final String UID = "uid";

  private final Path root;
  private final SandboxUids uids;
  private final boolean sized;

  private Volumes(Path root, SandboxUids uids, boolean sized) {
    this.root = root;
    this.uids = uids;
    this.sized = sized;
  }

  /**
   * Opens the folder of all volumes; their users are nobody else's from now on.
   *
   * @param sized whether this machine holds volumes to their sizes
   */
  static Volumes open(Path root, SandboxUids uids, boolean sized) throws IOException {
    if (!Files.isDirectory(root)) {
      Durable.folder(root);
    }
    Volumes volumes = new Volumes(root, uids, sized);
    for (Path volume : volumes.all()) {
      if (Files.exists(volume.resolve(UID))) {
        uids.keep(volumes.uid(volume));
      } else {
        // its making was broken off before anybody saw it
        Deletion.delete(volume);
      }
    }
    return volumes;
  }

  private List<Path> all() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.toList();
    }
  }

  Set<String> names() throws IOException {
    return all().stream().filter(volume -> Files.exists(volume.resolve(UID)))
        .map(volume -> volume.getFileName().toString()).collect(Collectors.toUnmodifiableSet());
  }

  private int uid(Path volume) throws IOException {
    return Integer.parseInt(Files.readString(volume.resolve(UID)).strip());
  }

  /** The volume that a host mounts. */
  static Optional<Mount.Volume> of(HostSpec host) {
    return host.mounts().stream().filter(Mount.Volume.class::isInstance).map(Mount.Volume.class::cast).findFirst();
  }

  /** The folder of a volume's files. */
  static Path files(Path root, String name) {
    return root.resolve(name).resolve(FILES);
  }

  /** Whether the volume, which is there, is held to the size that a mount asks for; true when it asks for none. */
  boolean holds(Mount.Volume mount) throws IOException {
    return VolumeImage.size(files(root, mount.name())) >= mount.bytes();
  }

  /** The user of a volume, which is made when it is not there yet, and grows to what the mount asks for. */
  synchronized int user(Mount.Volume mount) throws IOException {
    int uid = user(mount.name());
    if (sized && mount.bytes() > 0) {
      VolumeImage.fit(files(root, mount.name()), mount.bytes(), uid);
    }
    return uid;
  }

  /** The user of a volume, which is made when it is not there yet. */
  synchronized int user(String name) throws IOException {
    Path volume = root.resolve(name);
    if (!Files.exists(volume.resolve(UID))) {
      int uid = Machine.root() ? uids.take() : Machine.userId();
      Durable.folder(volume);
      Path files = files(root, name);
      Durable.folder(files);
      Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxr-x---"));
      Machine.give(files, uid);
      Durable.write(volume.resolve(UID), Integer.toString(uid).getBytes(StandardCharsets.UTF_8));
      uids.keep(uid);
    }
    int uid = uid(volume);
    if (!Machine.root() && uid != Machine.userId()) {
      throw new ComputeException("the volume " + name + " was made by a server of another user");
    }
    return uid;
  }

  /** Deletes a volume that no host mounts. */
  synchronized void remove(String name) throws IOException {
    Path volume = root.resolve(name);
    if (!Files.exists(volume.resolve(UID))) {
      return;
    }
    int uid = uid(volume);
    // first under a name that is never mounted, so that a broken off deletion is gone on with at the next start
    Files.delete(volume.resolve(UID));
    Durable.sync(volume);
    Deletion.delete(volume);
    uids.giveUp(uid);
  }
}
