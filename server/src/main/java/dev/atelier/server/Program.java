package dev.atelier.server;

import java.nio.file.Path;

/** Where the program itself lies. */
final class Program {
  private Program() {}

  /** The checkout that the launcher started; sandboxes see parts of it read-only. */
  static Path home() {
    String home = System.getenv("ATELIER_HOME");
    if (home == null) {
      throw new CommandFailure("ATELIER_HOME is not set; start Atelier by its launcher: ./atelier");
    }
    return Path.of(home);
  }
}
