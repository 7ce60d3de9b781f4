package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The content of a lifecycle script as requests carry it. */
final class ScriptContent {
  private ScriptContent() {}

  /** The script of a lifecycle configuration of Studio's. */
  static Optional<String> of(StudioResource config) {
    return config.text("StudioLifecycleConfigContent")
        .map(content -> new String(Base64.getMimeDecoder().decode(content), StandardCharsets.UTF_8));
  }

  /** Throws ValidationException when it is not base64; line ends between its characters are passed over. */
  static void check(String content) {
    try {
      Base64.getDecoder().decode(content.replaceAll("[\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw Fault.validation("The content of the lifecycle configuration must be base64-encoded.");
    }
  }
}
