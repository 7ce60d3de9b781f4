package dev.atelier.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The certificates that clients are told to trust: Atelier's authorities and the machine's public ones. */
public final class TrustBundle {
  private static final String FILE = "trust/ca-bundle.pem";

  private static final List<Path> SYSTEM_BUNDLES = List.of(
      Path.of("/etc/ssl/certs/ca-certificates.crt"),
      Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
      Path.of("/etc/ssl/cert.pem"));

  private TrustBundle() {}

  /**
   * Writes the bundle anew, since the machine's certificates change.
   *
   * @param own the certificates beside the machine's public ones, PEM
   * @return the folder that holds the bundle and nothing else, which sandboxes may see
   */
  public static Path write(Path data, String own) throws IOException {
    Path file = data.resolve(FILE);
    Files.createDirectories(file.getParent());
    StringBuilder bundle = new StringBuilder(own);
    for (Path system : SYSTEM_BUNDLES) {
      if (Files.isReadable(system)) {
        bundle.append(Files.readString(system));
        break;
      }
    }
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(half, bundle);
    Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return file.getParent();
  }
}
