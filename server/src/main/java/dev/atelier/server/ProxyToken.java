package dev.atelier.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What clients of the CONNECT proxy send as password; stable for a data folder, readable by its owner alone. */
final class ProxyToken {
  static final String FILE = "proxy-token";

  private ProxyToken() {}

  static String open(Path keys) throws IOException {
    Path file = keys.resolve(FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Path half = file.resolveSibling(FILE + ".new");
      Files.deleteIfExists(half);
      Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(half, HexFormat.of().formatHex(random));
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file).strip();
  }
}
