package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Mount;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Checks of paths that come with a specification. */
final class Inside {
  private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

  private Inside() {}

  /** An absolute path inside that a mount may take. */
  static Path mountPoint(String text) {
    Path path = absolute(text);
    if (path.getNameCount() == 0 || Mount.SYSTEM.stream().anyMatch(path::startsWith)) {
      throw new ComputeException("nothing can be mounted at " + text);
    }
    return path;
  }

  static Path absolute(String text) {
    if (!text.startsWith("/") || text.indexOf('\0') >= 0 || !Path.of(text).equals(Path.of(text).normalize())) {
      throw new ComputeException("not an absolute, plain path inside: " + text);
    }
    return Path.of(text);
  }

  /** A relative path that stays below its folder. */
  static Path relative(String text) {
    if (text.isEmpty() || text.startsWith("/") || text.indexOf('\0') >= 0) {
      throw new ComputeException("not a relative path: " + text);
    }
    Path path = Path.of(text);
    for (Path part : path) {
      if (part.toString().equals("..") || part.toString().equals(".")) {
        throw new ComputeException("not a plain relative path: " + text);
      }
    }
    return path;
  }

  static String hostName(String text) {
    if (!HOST_NAME.matcher(text).matches()) {
      throw new ComputeException("not a host name: " + text);
    }
    return text;
  }
}
