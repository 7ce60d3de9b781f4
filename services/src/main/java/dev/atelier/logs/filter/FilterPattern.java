package dev.atelier.logs.filter;

import dev.atelier.kernel.Fault;
import java.util.Map;
import java.util.Optional;

/**
 * A filter pattern: terms, a condition on JSON members, or columns. Source: "Filter pattern syntax" of the CloudWatch
 * Logs user guide.
 */
@FunctionalInterface
public interface FilterPattern {

  /** What a pattern names in a message that it matches: JSON members and columns by their selectors. */
  Optional<Map<String, String>> match(String message);

  default boolean matches(String message) {
    return match(message).isPresent();
  }

  /** A text that every message that matches contains, when there is one. */
  default Optional<String> required() {
    return Optional.empty();
  }

  /** Reads a pattern; an empty one matches everything. @throws Fault InvalidParameterException: it is none */
  static FilterPattern parse(String text) {
    String pattern = text.strip();
    if (pattern.startsWith("{")) {
      return JsonPattern.parse(pattern);
    }
    return pattern.startsWith("[") ? ColumnPattern.parse(pattern) : TermPattern.parse(pattern);
  }

  /** What a selector finds: a column that was matched, or a member of a message that is JSON. */
  static Optional<String> select(String message, String selector, Map<String, String> extracted) {
    String known = extracted.get(selector);
    return known != null ? Optional.of(known)
        : selector.startsWith("$.") ? JsonPattern.select(message, selector) : Optional.empty();
  }

  static Fault invalid() {
    return new Fault("InvalidParameterException", 400, "Invalid filter pattern");
  }
}
