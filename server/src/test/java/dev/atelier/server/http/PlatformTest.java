package dev.atelier.server.http;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that ask a platform of their own, on an empty data folder. */
abstract class PlatformTest {
  TestPlatform platform;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    platform = new TestPlatform(folder.resolve("data"));
  }

  @AfterEach
  void close() throws Exception {
    platform.close();
  }
}
