package dev.atelier.server;

import java.nio.file.Path;

/** Where the program itself lies. */
final class Program {
  private Program() {}

  /** What must live inside Python images; sandboxes see it read-only. */
  static Path python() {
    return Path.of(variable("ATELIER_HOME")).resolve("python");
  }

  /** The built algorithms, in a folder that no later build changes; sandboxes see it read-only. */
  static Path algorithms() {
    return Path.of(variable("ATELIER_ALGORITHMS"));
  }

  /** The built extensions of JupyterLab, in a folder that no later build changes; sandboxes see it read-only. */
  static Path lab() {
    return Path.of(variable("ATELIER_LAB"));
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new CommandFailure(name + " is not set; start Atelier by its launcher: ./atelier");
    }
    return value;
  }
}
