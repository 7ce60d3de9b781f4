package dev.atelier.models;

import java.util.Map;

/** The output of an operation that answers with an empty body. */
public record NoOutput() implements WireRecord {
  @Override
  public Map<String, Object> toDocument() {
    return Map.of();
  }
}
