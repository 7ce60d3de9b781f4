package dev.atelier.processing;

import dev.atelier.kernel.Fault;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A {@code LocalPath} of an input or output: a folder as the program sees it, below the one that the contract gives. */
final class LocalPath {
  static final String ROOT = "/opt/ml/processing";

  private LocalPath() {}

  /**
   * The folder, absolute and plain.
   *
   * @param where names the member in an error, such as {@code the ProcessingInput code}
   * @throws Fault ValidationException when there is none, or it can be no such folder
   */
  static String require(String text, String where) {
    if (text == null || text.isEmpty()) {
      throw Fault.validation("LocalPath is required for " + where + " unless AppManaged is true.");
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw invalid(text, where);
    }
    if (!text.startsWith(ROOT + "/") || path.equals(Path.of(ROOT)) || !path.equals(path.normalize())) {
      throw invalid(text, where);
    }
    return path.toString();
  }

  /** The folder of a path that was accepted. */
  static String plain(String accepted) {
    return Path.of(accepted).toString();
  }

  /** Whether a folder is another one or lies below it. */
  static boolean within(String folder, String other) {
    return Path.of(folder).startsWith(Path.of(other));
  }

  private static Fault invalid(String text, String where) {
    return Fault.validation("Invalid LocalPath \"" + text + "\" of " + where
        + ": it must be an absolute path that begins with " + ROOT + "/.");
  }
}
