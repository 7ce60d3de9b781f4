package dev.atelier.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.List;

/** The certificates that clients are told to trust: Atelier's authority and the machine's public ones. */
public final class TrustBundle {
  /** The bundle's name in the data folder. */
  public static final String FILE = "ca-bundle.pem";

  private static final List<Path> SYSTEM_BUNDLES = List.of(
      Path.of("/etc/ssl/certs/ca-certificates.crt"),
      Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
      Path.of("/etc/ssl/cert.pem"));

  private TrustBundle() {}

  /** Writes the bundle anew, since the machine's certificates change. */
  public static void write(Path file, CertificateAuthority authority) throws IOException, GeneralSecurityException {
    StringBuilder bundle = new StringBuilder(authority.pem());
    for (Path system : SYSTEM_BUNDLES) {
      if (Files.isReadable(system)) {
        bundle.append(Files.readString(system));
        break;
      }
    }
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(half, bundle);
    Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
