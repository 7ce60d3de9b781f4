package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The outputs of one run of a cell, put together from what the kernel published. Source: Jupyter's messaging
 * specification 5.4 and notebook format 4.5.
 */
final class CellOutputs {
  /** What a file can bear of one cell. */
  private static final long MOST_CHARACTERS = 50L << 20;
  private static final String DISPLAY = "display_id";

  private ArrayNode outputs = JsonNodeFactory.instance.arrayNode();
  private Optional<Integer> count = Optional.empty();
  private boolean clearFirst;
  private long size;

  /** Takes a message. @param type such as {@code stream} */
  void take(String type, JsonNode content) {
    switch (type) {
      case "execute_input" -> count = Optional.of(content.path("execution_count").asInt());
      case "stream" -> stream(content.path("name").asText("stdout"), content.path("text").asText());
      case "display_data", "execute_result" -> add(display(type, content));
      case "update_display_data" -> update(content);
      case "error" -> add(error(content));
      case "clear_output" -> {
        if (content.path("wait").asBoolean()) {
          clearFirst = true;
        } else {
          clear();
        }
      }
      default -> { }
    }
  }

  private void clear() {
    outputs = JsonNodeFactory.instance.arrayNode();
    clearFirst = false;
    size = 0;
  }

  private void stream(String name, String text) {
    if (clearFirst) {
      clear();
    }
    if (full(text.length())) {
      return;
    }
    JsonNode last = outputs.isEmpty() ? JsonNodeFactory.instance.objectNode() : outputs.get(outputs.size() - 1);
    if (last.path("output_type").asText().equals("stream") && last.path("name").asText().equals(name)) {
      ((ArrayNode) last.get("text")).add(text);
    } else {
      ObjectNode output = JsonNodeFactory.instance.objectNode().put("output_type", "stream").put("name", name);
      output.putArray("text").add(text);
      outputs.add(output);
    }
  }

  private boolean full(long more) {
    boolean fits = size + more <= MOST_CHARACTERS;
    size += more;
    return !fits;
  }

  private void add(ObjectNode output) {
    if (clearFirst) {
      clear();
    }
    if (!full(output.toString().length())) {
      outputs.add(output);
    }
  }

  private static ObjectNode display(String type, JsonNode content) {
    ObjectNode output = JsonNodeFactory.instance.objectNode().put("output_type", type);
    output.set("data", object(content.get("data")));
    output.set("metadata", object(content.get("metadata")));
    if (type.equals("execute_result")) {
      output.put("execution_count", content.path("execution_count").asInt());
    }
    // kept until the outputs are given away: an update names it
    Optional.ofNullable(content.path("transient").get(DISPLAY)).ifPresent(id -> output.set(DISPLAY, id));
    return output;
  }

  private void update(JsonNode content) {
    JsonNode id = content.path("transient").path(DISPLAY);
    for (JsonNode output : outputs) {
      if (output.path(DISPLAY).equals(id)) {
        ((ObjectNode) output).set("data", object(content.get("data")));
        ((ObjectNode) output).set("metadata", object(content.get("metadata")));
      }
    }
  }

  private static ObjectNode error(JsonNode content) {
    ObjectNode output = JsonNodeFactory.instance.objectNode().put("output_type", "error")
        .put("ename", content.path("ename").asText()).put("evalue", content.path("evalue").asText());
    output.set("traceback", content.path("traceback").isArray() ? content.get("traceback")
        : JsonNodeFactory.instance.arrayNode());
    return output;
  }

  private static JsonNode object(JsonNode node) {
    return node instanceof ObjectNode ? node : JsonNodeFactory.instance.objectNode();
  }

  /** Puts them into a cell of a notebook. */
  void into(ObjectNode cell) {
    ArrayNode told = outputs.deepCopy();
    for (JsonNode output : told) {
      ((ObjectNode) output).remove(DISPLAY);
      if (output.get("text") instanceof ArrayNode parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.asText()));
        ((ObjectNode) output).put("text", text.toString());
      }
    }
    if (size > MOST_CHARACTERS) {
      told.addObject().put("output_type", "stream").put("name", "stderr").put("text",
          "[" + (size - MOST_CHARACTERS) + " characters of output are not kept in the notebook]\n");
    }
    cell.set("outputs", told);
    count.ifPresentOrElse(number -> cell.put("execution_count", number), () -> cell.putNull("execution_count"));
  }
}
