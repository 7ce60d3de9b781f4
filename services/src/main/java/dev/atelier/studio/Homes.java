package dev.atelier.studio;

import dev.atelier.compute.ComputeBackend;

/**
 * Where Studio stores files: on the file system of a domain a home for each profile and space, and the volume of a space
 * that has one of its own. Each is a volume of the backend, which apps mount and nothing here looks into.
 */
final class Homes {
  private final ComputeBackend backend;

  Homes(ComputeBackend backend) {
    this.backend = backend;
  }

  /** The volume's name of a home. @param fileSystem such as {@code fs-0123456789abcdef0} */
  static String home(String fileSystem, int uid) {
    return fileSystem + "-" + uid;
  }

  /** The volume's name of a space's own volume. */
  static String volume(String domain, int uid) {
    return domain + "-" + uid;
  }

  void make(String volume) {
    backend.makeVolume(volume);
  }

  void remove(String volume) {
    backend.removeVolume(volume);
  }

  /** Removes all volumes of a domain or of its file system. */
  void removeAll(String of) {
    backend.volumes().stream().filter(volume -> volume.startsWith(of + "-")).forEach(backend::removeVolume);
  }
}
