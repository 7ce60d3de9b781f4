package dev.atelier.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the generated records use to read and write documents. Null stands for an absent member on both sides. The
 * casts are unchecked: a document comes from a protocol that followed the same model.
 */
public final class Documents {
  private Documents() {}

  @SuppressWarnings("unchecked")
  public static <T> T value(Object value) {
    return (T) value;
  }

  @SuppressWarnings("unchecked")
  public static <T> T read(Object value, Function<Map<String, Object>, T> reader) {
    return value == null ? null : reader.apply((Map<String, Object>) value);
  }

  @SuppressWarnings("unchecked")
  public static <T> List<T> list(Object value) {
    return value == null ? null : Collections.unmodifiableList(new ArrayList<>((List<T>) value));
  }

  @SuppressWarnings("unchecked")
  public static <T> List<T> list(Object value, Function<Object, T> reader) {
    if (value == null) {
      return null;
    }
    List<T> result = new ArrayList<>(((List<Object>) value).size());
    ((List<Object>) value).forEach(item -> result.add(reader.apply(item)));
    return Collections.unmodifiableList(result);
  }

  /** Keeps the order of the entries, which AWS's answers keep too. */
  @SuppressWarnings("unchecked")
  public static <T> Map<String, T> map(Object value) {
    return value == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>((Map<String, T>) value));
  }

  @SuppressWarnings("unchecked")
  public static <T> Map<String, T> map(Object value, Function<Object, T> reader) {
    if (value == null) {
      return null;
    }
    Map<String, T> result = new LinkedHashMap<>();
    ((Map<String, Object>) value).forEach((key, item) -> result.put(key, reader.apply(item)));
    return Collections.unmodifiableMap(result);
  }

  /** Puts a component into a document, records inside it turned into documents; null is left out. */
  public static void put(Map<String, Object> document, String member, Object value) {
    if (value != null) {
      document.put(member, plain(value));
    }
  }

  private static Object plain(Object value) {
    return switch (value) {
      case WireRecord structure -> structure.toDocument();
      case List<?> list -> {
        List<Object> result = new ArrayList<>(list.size());
        list.forEach(item -> result.add(plain(item)));
        yield result;
      }
      case Map<?, ?> map -> {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((key, item) -> result.put((String) key, plain(item)));
        yield result;
      }
      case null -> null;
      default -> value;
    };
  }
}
