package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Starts a script of a host folder and talks the two lines with it that make the start safe against any crash. */
final class Launch {
  private Launch() {}

  /**
   * Returns when the script said that all is made and it now becomes the sandbox.
   *
   * @throws ComputeException it ended before; the log tells why
   */
  static void start(HostFolder folder, String script, Path identity) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setsid", "sh", folder.path().resolve(script).toString(), "outer");
    Machine.plainEnvironment(builder.environment());
    builder.directory(folder.path().toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        OutputStream word = process.getOutputStream()) {
      if (!"ready".equals(answers.readLine()) || Identity.read(identity).isEmpty()) {
        throw new ComputeException("the sandbox could not be started: its script did not begin");
      }
      word.write("go\n".getBytes(StandardCharsets.UTF_8));
      word.flush();
      if (!"started".equals(answers.readLine())) {
        throw new ComputeException("the sandbox could not be started: " + folder.lastLogLine());
      }
    }
  }
}
