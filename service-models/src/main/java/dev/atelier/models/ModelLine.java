package dev.atelier.models;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One parsed JSON object of a model resource. */
record ModelLine(Map<String, Object> values) {
  private static final JsonFactory JSON = new JsonFactory();

  static ModelLine parse(byte[] bytes, int offset, int length) {
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      parser.nextToken();
      return new ModelLine(castMap(tree(parser)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the packaged service model is damaged", unreadable);
    }
  }

  private static Object tree(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, tree(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(tree(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> parser.getText();
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> castMap(Object value) {
    return (Map<String, Object>) value;
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(Object::toString);
  }

  String text(String key, String absent) {
    return text(key).orElse(absent);
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(values.get(key));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Optional<BigDecimal> number(String key) {
    return Optional.ofNullable((BigDecimal) values.get(key));
  }

  /** The object under {@code key}, empty when absent. */
  ModelLine object(String key) {
    Object value = values.get(key);
    return new ModelLine(value instanceof Map<?, ?> ? castMap(value) : Map.of());
  }

  /** The strings under {@code key}; a lone string counts as a list of one. */
  List<String> texts(String key) {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list -> list.stream().map(Object::toString).toList();
      case Object single -> List.of(single.toString());
    };
  }

  List<ModelLine> objects(String key) {
    return values.get(key) instanceof List<?> list
        ? list.stream().map(item -> new ModelLine(castMap(item))).toList() : List.of();
  }
}
