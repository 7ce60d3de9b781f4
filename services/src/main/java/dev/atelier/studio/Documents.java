package dev.atelier.studio;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the documents of requests become those of resources. */
final class Documents {
  private Documents() {}

  /** A request's document without the members that are no part of the resource's own. */
  static Map<String, Object> without(Map<String, Object> request, String... members) {
    Map<String, Object> document = new LinkedHashMap<>(request);
    for (String member : members) {
      document.remove(member);
    }
    return document;
  }

  /**
   * A document with a request's changes. Settings are changed setting by setting: each that the request names is taken
   * whole, so that an empty list empties it, and the others stay.
   */
  static Map<String, Object> changed(Map<String, Object> document, Map<String, Object> request) {
    Map<String, Object> result = new LinkedHashMap<>(document);
    request.forEach((member, value) -> {
      if (value instanceof Map<?, ?> settings && result.get(member) instanceof Map<?, ?> present) {
        Map<Object, Object> merged = new LinkedHashMap<>(present);
        merged.putAll(settings);
        result.put(member, merged);
      } else {
        result.put(member, value);
      }
    });
    return result;
  }
}
