package dev.atelier.models;

import dev.atelier.kernel.Fault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks a document against its model's constraints and words the answer as AWS does: every violation in one message.
 * Members of lists of structures are named {@code list.1.member.name}, those of maps {@code map.key.member.name}; a
 * bad element of a list or map of plain values is reported at the collection, with all constraints of the element.
 */
public final class ConstraintCheck {
  private static final int MAX_CLAUSES = 100;
  private static final int MAX_VALUE = 4096;

  private final List<String> clauses = new ArrayList<>();
  private int count;

  private ConstraintCheck() {}

  /** Throws a ValidationException that lists every violation in {@code document}. */
  public static void check(Shape input, Map<String, Object> document) {
    check(input, document, "ValidationException");
  }

  /** Throws a fault with the given code: Query services and runtimes say {@code ValidationError}. */
  public static void check(Shape input, Map<String, Object> document, String code) {
    ConstraintCheck check = new ConstraintCheck();
    check.value(input, document, "");
    if (check.count > 0) {
      throw new Fault(code, 400, check.message());
    }
  }

  /** The clauses that {@link #check} would join, at most 100 of them. */
  public static List<String> violations(Shape input, Map<String, Object> document) {
    ConstraintCheck check = new ConstraintCheck();
    check.value(input, document, "");
    return List.copyOf(check.clauses);
  }

  private String message() {
    return count + (count == 1 ? " validation error detected: " : " validation errors detected: ")
        + String.join("; ", clauses);
  }

  private void value(Shape shape, Object value, String path) {
    switch (shape) {
      case StructureShape structure -> structure(structure, value, path);
      case ListShape list -> list(list, (List<?>) value, path);
      case MapShape map -> map(map, (Map<?, ?>) value, path);
      case StringShape string -> unmet(string, value).forEach(ending -> add(shape, value, path, ending));
      case NumberShape number -> unmet(number, value).forEach(ending -> add(shape, value, path, ending));
      case BlobShape blob -> unmet(blob, value).forEach(ending -> add(shape, value, path, ending));
      case BooleanShape ignored -> { }
      case TimestampShape ignored -> { }
    }
  }

  private void structure(StructureShape shape, Object value, String path) {
    if (!(value instanceof Map<?, ?> document) || shape.document() || shape.eventStream()) {
      return;
    }
    for (Member member : shape.members().values()) {
      Object inner = document.get(member.name());
      String at = path.isEmpty() ? lowerCamel(member.name()) : path + "." + lowerCamel(member.name());
      if (inner != null) {
        value(member.shape(), inner, at);
      } else if (member.required()) {
        add("Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
      }
    }
  }

  private void list(ListShape shape, List<?> items, String path) {
    lengthEndings(shape.length(), items.size()).forEach(ending -> add(shape, items, path, ending));
    Shape element = shape.element().shape();
    boolean plain = plain(element);
    boolean broken = false;
    for (int i = 0; i < items.size(); i++) {
      Object item = items.get(i);
      String at = path + "." + (i + 1) + ".member";
      if (item == null) {
        add("Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
      } else if (plain) {
        broken |= !unmet(element, item).isEmpty();
      } else {
        value(element, item, at);
      }
    }
    if (broken) {
      add(shape, items, path, "Member must satisfy constraint: [" + constraints(element) + "]");
    }
  }

  private void map(MapShape shape, Map<?, ?> entries, String path) {
    lengthEndings(shape.length(), entries.size()).forEach(ending -> add(shape, entries, path, ending));
    Shape key = shape.key().shape();
    Shape element = shape.value().shape();
    boolean plain = plain(element);
    boolean brokenValue = false;
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      Object item = entry.getValue();
      String at = path + "." + shown(key, entry.getKey()) + ".member";
      if (item == null) {
        add("Value null at '" + at + "' failed to satisfy constraint: Member must not be null");
      } else if (plain) {
        brokenValue |= !unmet(element, item).isEmpty();
      } else {
        value(element, item, at);
      }
    }
    if (entries.keySet().stream().anyMatch(name -> !unmet(key, name).isEmpty())) {
      add(shape, entries, path, "Map keys must satisfy constraint: [" + constraints(key) + "]");
    }
    if (brokenValue) {
      add(shape, entries, path, "Map value must satisfy constraint: [" + constraints(element) + "]");
    }
  }

  private static boolean plain(Shape shape) {
    return switch (shape) {
      case StringShape s -> true;
      case NumberShape n -> true;
      case BlobShape b -> true;
      case BooleanShape b -> true;
      case TimestampShape t -> true;
      case StructureShape s -> false;
      case ListShape l -> false;
      case MapShape m -> false;
    };
  }

  /** The endings of the clauses that a plain value gives rise to. */
  private static List<String> unmet(Shape shape, Object value) {
    return switch (shape) {
      case StringShape string -> stringEndings(string, (String) value);
      case NumberShape number -> {
        List<String> endings = new ArrayList<>();
        BigDecimal actual = decimal((Number) value);
        number.max().filter(max -> actual == null || actual.compareTo(max) > 0)
            .ifPresent(max -> endings.add(atMost("value", max)));
        number.min().filter(min -> actual == null || actual.compareTo(min) < 0)
            .ifPresent(min -> endings.add(atLeast("value", min)));
        yield endings;
      }
      case BlobShape blob -> value instanceof byte[] bytes ? lengthEndings(blob.length(), bytes.length) : List.of();
      case StructureShape s -> List.of();
      case ListShape l -> List.of();
      case MapShape m -> List.of();
      case BooleanShape b -> List.of();
      case TimestampShape t -> List.of();
    };
  }

  /** The number, or null for NaN and the infinities, which no bound admits. */
  private static BigDecimal decimal(Number value) {
    double approximate = value.doubleValue();
    return Double.isFinite(approximate) ? new BigDecimal(value.toString()) : null;
  }

  private static List<String> stringEndings(StringShape shape, String value) {
    List<String> endings = new ArrayList<>();
    if (!shape.values().isEmpty() && !shape.values().contains(value)) {
      endings.add(enumEnding(shape));
    }
    endings.addAll(lengthEndings(shape.length(), value.codePointCount(0, value.length())));
    shape.pattern().filter(pattern -> !pattern.matches(capped(value, shape.length())))
        .ifPresent(pattern -> endings.add(patternEnding(pattern)));
    return endings;
  }

  /** An overlong value is refused anyway; matching only its head keeps the cost bounded by the model. */
  private static String capped(String value, Length length) {
    return value.length() > 2 * length.max() && length.max() < Integer.MAX_VALUE / 2
        ? value.substring(0, (int) (2 * length.max())) : value;
  }

  private static List<String> lengthEndings(Length length, long actual) {
    if (actual > length.max()) {
      return List.of(atMost("length", BigDecimal.valueOf(length.max())));
    }
    return actual < length.min() ? List.of(atLeast("length", BigDecimal.valueOf(length.min()))) : List.of();
  }

  /** All constraints of a plain shape, as AWS lists them for a bad element. */
  private static String constraints(Shape shape) {
    List<String> all = new ArrayList<>();
    switch (shape) {
      case StringShape string -> {
        if (!string.values().isEmpty()) {
          all.add(enumEnding(string));
        }
        bounds(string.length(), all);
        string.pattern().ifPresent(pattern -> all.add(patternEnding(pattern)));
      }
      case NumberShape number -> {
        number.max().ifPresent(max -> all.add(atMost("value", max)));
        number.min().ifPresent(min -> all.add(atLeast("value", min)));
      }
      case BlobShape blob -> bounds(blob.length(), all);
      case StructureShape s -> { }
      case ListShape l -> { }
      case MapShape m -> { }
      case BooleanShape b -> { }
      case TimestampShape t -> { }
    }
    return String.join(", ", all);
  }

  private static void bounds(Length length, List<String> all) {
    if (length.max() != Length.ANY.max()) {
      all.add(atMost("length", BigDecimal.valueOf(length.max())));
      all.add(atLeast("length", BigDecimal.valueOf(length.min())));
    } else if (length.min() != Length.ANY.min()) {
      all.add(atLeast("length", BigDecimal.valueOf(length.min())));
    }
  }

  private static String enumEnding(StringShape shape) {
    return "Member must satisfy enum value set: [" + String.join(", ", shape.values()) + "]";
  }

  private static String patternEnding(BoundedPattern pattern) {
    return "Member must satisfy regular expression pattern: " + pattern.text();
  }

  private static String atMost(String what, BigDecimal bound) {
    return "Member must have " + what + " less than or equal to " + bound.toPlainString();
  }

  private static String atLeast(String what, BigDecimal bound) {
    return "Member must have " + what + " greater than or equal to " + bound.toPlainString();
  }

  private void add(Shape shape, Object value, String path, String ending) {
    String shown = shape.sensitive() ? "" : " '" + shown(shape, value) + "'";
    add("Value" + shown + " at '" + path + "' failed to satisfy constraint: " + ending);
  }

  private void add(String clause) {
    count++;
    if (clauses.size() < MAX_CLAUSES) {
      clauses.add(clause);
    }
  }

  private static String shown(Shape shape, Object value) {
    String text = rendered(shape, value);
    return text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "...";
  }

  private static String rendered(Shape shape, Object value) {
    if (value == null) {
      return "null";
    }
    if (shape.sensitive()) {
      return "***Sensitive Data Redacted***";
    }
    return switch (shape) {
      case ListShape list -> ((List<?>) value).stream().limit(MAX_CLAUSES)
          .map(item -> rendered(list.element().shape(), item)).collect(Collectors.joining(", ", "[", "]"));
      case MapShape map -> ((Map<?, ?>) value).entrySet().stream().limit(MAX_CLAUSES)
          .map(e -> rendered(map.key().shape(), e.getKey()) + "=" + rendered(map.value().shape(), e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
      case StructureShape structure -> structure.members().values().stream()
          .filter(member -> ((Map<?, ?>) value).containsKey(member.name()))
          .map(member -> member.name() + "=" + rendered(member.shape(), ((Map<?, ?>) value).get(member.name())))
          .collect(Collectors.joining(", ", structure.name() + "(", ")"));
      case BlobShape blob -> value instanceof byte[] bytes ? bytes.length + " bytes" : "stream";
      case StringShape s -> value.toString();
      case NumberShape n -> value.toString();
      case BooleanShape b -> value.toString();
      case TimestampShape t -> value.toString();
    };
  }

  /** AWS lowers the first letter only: KMSKeyArn is reported at {@code kMSKeyArn}. */
  private static String lowerCamel(String member) {
    return Character.toLowerCase(member.charAt(0)) + member.substring(1);
  }
}
