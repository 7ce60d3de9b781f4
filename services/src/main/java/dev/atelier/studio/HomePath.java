package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.List;

/** Paths in a home that pages send. */
public final class HomePath {
  private static final int LONGEST = 1_024;

  private HomePath() {}

  /**
   * A path relative to the home, as it was sent.
   *
   * @throws Fault ValidationException: it could lead out of the home
   */
  public static String checked(String path) {
    boolean leads = path.isEmpty() || path.length() > LONGEST || path.chars().anyMatch(c -> c < ' ' || c == 0x7f)
        || List.of(path.split("/", -1)).stream().anyMatch(part -> part.isEmpty() || part.matches("\\.{1,2}"));
    if (leads) {
      throw Fault.validation("The path is none of a file in the home folder.");
    }
    return path;
  }

  /** The same for a notebook. @throws Fault ValidationException: it is none, or leads out of the home */
  public static String notebook(String path) {
    if (!checked(path).endsWith(".ipynb")) {
      throw Fault.validation("The file is no notebook: its name does not end in .ipynb.");
    }
    return path;
  }

  /** The last part of a path. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** What comes before the last part; empty for the home itself. */
  public static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
