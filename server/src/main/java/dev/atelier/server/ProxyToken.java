package dev.atelier.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;

/** What clients of the CONNECT proxy send as password; stable for a data folder. */
final class ProxyToken {
  private ProxyToken() {}

  static String open(Path keys) throws IOException {
    return HexFormat.of().formatHex(KeyFile.open(keys, "proxy-key"));
  }
}
