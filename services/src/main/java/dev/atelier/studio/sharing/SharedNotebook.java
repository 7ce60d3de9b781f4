package dev.atelier.studio.sharing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What of a notebook others get to see. */
final class SharedNotebook {
  private SharedNotebook() {}

  /**
   * A copy that claims no trust: a cell's mark of it would let outputs run scripts at whoever opens it.
   *
   * @param outputs whether what cells put out stays
   */
  static ObjectNode of(ObjectNode notebook, boolean outputs) {
    ObjectNode shared = notebook.deepCopy();
    JsonNode metadata = shared.path("metadata");
    if (metadata instanceof ObjectNode object) {
      object.remove("signature");
      if (!outputs) {
        object.remove("widgets");
      }
    }
    for (JsonNode each : shared.path("cells")) {
      if (each.path("metadata") instanceof ObjectNode object) {
        object.remove("trusted");
      }
      if (!outputs && each instanceof ObjectNode cell && cell.path("cell_type").asText().equals("code")) {
        cell.putArray("outputs");
        cell.putNull("execution_count");
      }
    }
    return shared;
  }

  /** The instance type that a notebook asks for. */
  static Optional<String> instanceType(ObjectNode notebook) {
    return text(notebook.path("metadata").path("instance_type"));
  }

  /** The name of the kernel that it asks for. */
  static Optional<String> kernel(ObjectNode notebook) {
    return text(notebook.path("metadata").path("kernelspec").path("name"));
  }

  /** What people call that kernel. */
  static Optional<String> kernelName(ObjectNode notebook) {
    return text(notebook.path("metadata").path("kernelspec").path("display_name"));
  }

  private static Optional<String> text(JsonNode value) {
    return Optional.of(value.asText("")).filter(found -> !found.isEmpty() && found.length() <= 512);
  }
}
