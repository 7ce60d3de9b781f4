package dev.atelier.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the body of a dashboard must be. */
final class Dashboards {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Set<String> TYPES = Set.of("metric", "text", "log", "alarm", "explorer", "custom");

  private Dashboards() {}

  /** What is wrong with a body, and where; empty when nothing is. */
  record Problem(String path, String message) {}

  static boolean isJson(String text) {
    try {
      return !JSON.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  static List<Problem> problems(String body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return List.of(new Problem("/", "The dashboard body is invalid, there is a JSON syntax error"));
    }
    if (!root.isObject()) {
      return List.of(new Problem("/", "Should be an object"));
    }
    JsonNode widgets = root.path("widgets");
    if (!widgets.isArray()) {
      return List.of(new Problem("/widgets", widgets.isMissingNode()
          ? "Should have required property 'widgets'" : "Should be an array"));
    }
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < widgets.size(); i++) {
      JsonNode widget = widgets.get(i);
      String at = "/widgets/" + i;
      if (!TYPES.contains(widget.path("type").asText())) {
        problems.add(new Problem(at + "/type", "Should be one of the allowed types: " + String.join(", ",
            TYPES.stream().sorted().toList())));
      }
      if (!widget.path("properties").isObject()) {
        problems.add(new Problem(at, "Should have required property 'properties'"));
      }
    }
    return problems;
  }
}
