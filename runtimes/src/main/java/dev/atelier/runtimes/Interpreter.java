package dev.atelier.runtimes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Asks Python interpreters for their versions, once each. */
final class Interpreter {
  private static final Map<Path, String> VERSIONS = new ConcurrentHashMap<>();

  private Interpreter() {}

  /** The minor version, such as {@code 3.11}. */
  static String version(Path interpreter) {
    return VERSIONS.computeIfAbsent(interpreter, Interpreter::ask);
  }

  private static String ask(Path interpreter) {
    try {
      Process process = new ProcessBuilder(List.of(interpreter.toString(), "-c",
          "import sys; print('%d.%d' % sys.version_info[:2])")).start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0 || !version.matches("\\d+\\.\\d+")) {
        throw new ImageException(interpreter + " is no usable Python interpreter");
      }
      return version;
    } catch (IOException e) {
      throw new ImageException("Python cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted");
    }
  }
}
