package dev.atelier.logs.insights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A log event, or what became of it: values by field. The members of messages that are JSON are fields too. */
public final class Row {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_FIELDS = 200;

  private final Map<String, Object> values;
  private boolean discovered;

  /** A value that is worked out when it is asked for. */
  @FunctionalInterface
  public interface Later {
    Object value();
  }

  /** @param values texts and numbers by field, or {@link Later} ones */
  public Row(Map<String, Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /** The value of a field: a String or a Double; null when there is none. */
  Object get(String field) {
    Object value = values.get(field);
    if (value == null && !discovered && !field.startsWith("@")) {
      discover();
      value = values.get(field);
    }
    if (value instanceof Later later) {
      value = later.value();
      values.put(field, value);
    }
    return value;
  }

  void set(String field, Object value) {
    if (value != null) {
      values.put(field, value);
    }
  }

  /** The value of a field as results show it; empty when there is none. */
  public String text(String field) {
    return Evaluation.text(get(field));
  }

  /** The names of all fields, those in a JSON message included. */
  public Set<String> fields() {
    discover();
    return Set.copyOf(values.keySet());
  }

  private void discover() {
    if (discovered) {
      return;
    }
    discovered = true;
    if (values.get("@message") instanceof String message) {
      int start = message.indexOf('{');
      if (start >= 0) {
        try {
          flatten("", JSON.readTree(message.substring(start)));
        } catch (JsonProcessingException e) {
          // a brace in a message that is no JSON names no fields
          return;
        }
      }
    }
  }

  private void flatten(String name, JsonNode node) {
    if (values.size() > MOST_FIELDS) {
      return;
    }
    if (node.isObject()) {
      node.properties().forEach(entry ->
          flatten(name.isEmpty() ? entry.getKey() : name + "." + entry.getKey(), entry.getValue()));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(name + "." + i, node.get(i));
      }
    } else if (!node.isNull() && !name.isEmpty()) {
      values.putIfAbsent(name, node.isNumber() ? (Object) node.asDouble() : node.asText());
    }
  }
}
