package dev.atelier.compute.oci;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The engine of all tests: this machine's, or a Podman that is started for them. */
final class TestEngine {
  private static Optional<Engine> engine;

  private TestEngine() {}

  /** The engine; a test that asks is skipped where there is none. */
  static synchronized Engine require() {
    if (engine == null) {
      engine = Engine.find().or(TestEngine::started);
    }
    return engine.orElseGet(() -> abort("containers: no engine answers here, and there is no podman to start"));
  }

  private static Optional<Engine> started() {
    try {
      Path folder = Files.createTempDirectory("atelier-engine");
      Path socket = folder.resolve("podman.sock");
      Process service = new ProcessBuilder("podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc", "system",
          "service", "--time=0", "unix://" + socket).redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(service::destroy));
      for (int i = 0; i < 100 && !Files.exists(socket); i++) {
        if (service.waitFor(100, TimeUnit.MILLISECONDS)) {
          return Optional.empty();
        }
      }
      return Optional.of(Engine.open(socket));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
