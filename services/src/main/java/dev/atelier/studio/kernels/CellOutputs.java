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
  private static final String DISPLAY = "display_id";

  private ArrayNode outputs = JsonNodeFactory.instance.arrayNode();
  private Optional<Integer> count = Optional.empty();
  private final Room room;
  private boolean clearFirst;
  private long kept;
  private long lost;

  /** What a file can bear of all its cells together. */
  static final class Room {
    private long left;

    /** @param characters of outputs */
    Room(long characters) {
      left = characters;
    }
  }

  CellOutputs(Room room) {
    this.room = room;
  }

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
    room.left += kept;
    kept = 0;
    lost = 0;
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
    if (lost > 0 || !fits(more)) {
      lost += more;
      return true;
    }
    return false;
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
      if (!output.path(DISPLAY).equals(id)) {
        continue;
      }
      long more = size(content) - size(output);
      if (fits(more)) {
        ((ObjectNode) output).set("data", object(content.get("data")));
        ((ObjectNode) output).set("metadata", object(content.get("metadata")));
      } else {
        lost += more;
      }
    }
  }

  private static long size(JsonNode display) {
    return display.path("data").toString().length() + display.path("metadata").toString().length();
  }

  /** Whether an output may grow by as much; what it gives back is room for others. */
  private boolean fits(long more) {
    if (more > room.left) {
      return false;
    }
    room.left -= more;
    kept += more;
    return true;
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
    if (lost > 0) {
      told.addObject().put("output_type", "stream").put("name", "stderr").put("text",
          "[" + lost + " characters of output are not kept in the notebook]\n");
    }
    cell.set("outputs", told);
    count.ifPresentOrElse(number -> cell.put("execution_count", number), () -> cell.putNull("execution_count"));
  }
}
