package dev.atelier.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A property of a resource by its name in filters: members joined by dots, {@code HyperParameters.rate} and
 * {@code Environment.KEY}, {@code Tags.key}, and {@code Metrics.name} for a final metric. Source:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Filter.html
 *
 * @param name as the request has it
 */
record Property(String name, Kind kind) {
  private static final String TAGS = "Tags.";
  private static final String METRICS = "Metrics.";

  /** What values a property has, by the model; those of maps and tags are texts that may be numbers. */
  enum Kind { TEXT, NUMBER, TIME, TRUTH, ANY }

  /** Every value that the resource has under the name: several where a list lies on the way. */
  List<Object> values(Map<String, Object> resource) {
    if (name.startsWith(TAGS)) {
      return ofList(resource.get("Tags"), "Key", name.substring(TAGS.length()), "Value");
    }
    if (name.startsWith(METRICS)) {
      return ofList(resource.get("FinalMetricDataList"), "MetricName", name.substring(METRICS.length()), "Value");
    }
    List<Object> values = new ArrayList<>();
    collect(resource, name, values);
    return values;
  }

  /** The values of the tags whose key is this in whatever case, as keys of policies' conditions are compared. */
  List<Object> valuesOfTags(Map<String, Object> resource) {
    String key = name.substring(TAGS.length());
    return !(resource.get("Tags") instanceof List<?> tags) ? List.of() : tags.stream().map(each -> (Map<?, ?>) each)
        .filter(each -> key.equalsIgnoreCase(String.valueOf(each.get("Key")))).map(each -> (Object) each.get("Value"))
        .toList();
  }

  private static List<Object> ofList(Object list, String key, String wanted, String value) {
    return !(list instanceof List<?> entries) ? List.of() : entries.stream().map(each -> (Map<?, ?>) each)
        .filter(each -> wanted.equals(each.get(key))).map(each -> (Object) each.get(value)).toList();
  }

  /** Keys of maps may have dots, so the whole rest of a path is tried as one first. */
  private static void collect(Object node, String path, List<Object> values) {
    switch (node) {
      case null -> { }
      case List<?> list -> list.forEach(each -> collect(each, path, values));
      case Map<?, ?> map -> {
        if (map.containsKey(path)) {
          add(map.get(path), values);
          return;
        }
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
          if (map.containsKey(path.substring(0, dot))) {
            collect(map.get(path.substring(0, dot)), path.substring(dot + 1), values);
          }
        }
      }
      default -> { }
    }
  }

  private static void add(Object value, List<Object> values) {
    switch (value) {
      case null -> { }
      case List<?> list -> list.forEach(each -> add(each, values));
      default -> values.add(value);
    }
  }

  /** A value as text, as filters compare it. */
  static String text(Object value) {
    return value instanceof Boolean truth ? truth.toString().toLowerCase(Locale.ROOT) : String.valueOf(value);
  }

  /** A value as a number: times by their milliseconds. */
  static Optional<Double> number(Object value) {
    return switch (value) {
      case Number number -> Optional.of(number.doubleValue());
      case Instant time -> Optional.of((double) time.toEpochMilli());
      case String text -> parsed(text);
      default -> Optional.empty();
    };
  }

  private static Optional<Double> parsed(String text) {
    try {
      return Optional.of(Double.valueOf(text.strip()));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
