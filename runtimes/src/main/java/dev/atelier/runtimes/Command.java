package dev.atelier.runtimes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the programs that environments are built with. */
final class Command {
  /** What must not reach them: settings of the starter's own Python, and credentials. */
  private static final List<String> WITHHELD = List.of("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE",
      "VIRTUAL_ENV", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

  private Command() {}

  static int run(List<String> command, Map<String, String> variables, Consumer<String> output) throws IOException {
    return run(command, variables, Path.of("/"), output);
  }

  /** Runs a program in a folder, tells each line of its output, and returns its exit code. */
  static int run(List<String> command, Map<String, String> variables, Path folder, Consumer<String> output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().putAll(variables);
    builder.environment().keySet().removeAll(WITHHELD);
    Process process = builder.start();
    process.getOutputStream().close();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.accept(line);
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.getFirst() + " ran");
    }
  }
}
