package dev.atelier.logs.insights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A log event, or what became of it: values by field. The members of messages that are JSON are fields too. */
public final class Row {
  private static final int ROW_BYTES = 120;
  private static final String MESSAGE = "@message";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_FIELDS = 200;
  private static final int LONGEST_NAME = 2_000;

  private final Map<String, Object> values;
  private boolean discovered;
  private Budget budget = Budget.unlimited();
  private long taken;
  private long gained;

  /** A value that is worked out when it is asked for. */
  @FunctionalInterface
  public interface Later {
    Object value();
  }

  /** @param values texts and numbers by field, or {@link Later} ones */
  public Row(Map<String, Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /** From now on, what the row gains is taken from a budget. */
  void chargeTo(Budget other) {
    budget = other;
  }

  /** Takes from the budget also what the row held before: it is to be kept. */
  void keep() {
    long whole = ROW_BYTES;
    for (Map.Entry<String, Object> each : values.entrySet()) {
      boolean again = each.getValue() == values.get(MESSAGE) && !each.getKey().equals(MESSAGE);
      whole += Budget.ENTRY_BYTES + (again ? 0 : Budget.bytes(each.getValue()));
    }
    take(Math.max(0, whole - gained));
  }

  /** Gives back what was taken: the row is not kept. */
  void release() {
    budget.give(taken);
    taken = 0;
    budget = Budget.unlimited();
  }

  private void take(long bytes) {
    taken += bytes;
    budget.take(bytes);
  }

  private void gain(long bytes) {
    gained += bytes;
    take(bytes);
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
      gain(Budget.bytes(value));
      values.put(field, value);
    }
    return value;
  }

  void set(String field, Object value) {
    if (value == null) {
      return;
    }
    Object before = values.get(field);
    boolean held = value == before || value == values.get(MESSAGE);
    gain((before == null ? Budget.ENTRY_BYTES : 0) + (held ? 0 : Budget.bytes(value)));
    values.put(field, value);
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
    if (values.get(MESSAGE) instanceof String message) {
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
    if (values.size() > MOST_FIELDS || name.length() > LONGEST_NAME) {
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
      Object value = node.isNumber() ? (Object) node.asDouble() : node.asText();
      if (values.putIfAbsent(name, value) == null) {
        take(Budget.bytes(name));
        gain(Budget.ENTRY_BYTES + Budget.bytes(value));
      }
    }
  }
}
