package dev.atelier.models;

import java.util.Map;

/** The input of an operation that takes none. */
public record NoInput() implements WireRecord {
  public static NoInput fromDocument(Map<String, Object> document) {
    return new NoInput();
  }

  @Override
  public Map<String, Object> toDocument() {
    return Map.of();
  }
}
