package dev.atelier.compute.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the engine has of images. */
final class EngineTest {
  private static final int EMPTY_TAR_BYTES = 1024;

  @Test
  void imagesGoByNameUnlessAContainerHasThem() throws IOException {
    Engine engine = TestEngine.require();
    String name = "localhost/atelier-test-" + UUID.randomUUID();
    assertThat(engine.tags(name)).isEmpty();
    engine.makeImage(new byte[EMPTY_TAR_BYTES], name, "one");
    engine.client().tagImageCmd(name + ":one", name + "-other", "two").exec();
    assertThat(engine.tags(name)).contains("one").doesNotContain("two");
    assertThat(engine.remove(name + "-other:two")).isTrue();
    // Podman has given it this name, too
    assertThat(engine.remove(name + ":latest")).isTrue();
    assertThat(engine.tags(name)).containsExactly("one");
    String container = engine.client().createContainerCmd(name + ":one").withCmd("none").exec().getId();
    try {
      assertThat(engine.remove(name + ":one")).isFalse();
      assertThat(engine.has(name + ":one")).isTrue();
    } finally {
      engine.removeContainer(container);
    }
    assertThat(engine.remove(name + ":one")).isTrue();
    assertThat(engine.tags(name)).isEmpty();
    assertThat(engine.remove(name + ":one")).isTrue();
  }
}
