package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.Base64;

/** The content of a lifecycle script as requests carry it. */
final class ScriptContent {
  private ScriptContent() {}

  /** Throws ValidationException when it is not base64; line ends between its characters are passed over. */
  static void check(String content) {
    try {
      Base64.getDecoder().decode(content.replaceAll("[\r\n]", ""));
    } catch (IllegalArgumentException e) {
      throw Fault.validation("The content of the lifecycle configuration must be base64-encoded.");
    }
  }
}
