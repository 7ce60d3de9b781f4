package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bucket's configuration as it is stored: the document of its record in JSON, times under {@code Date} as text. */
final class StoredDocument {
  private static final String TIME = "Date";
  private static final ObjectMapper JSON = new ObjectMapper()
      .registerModule(new SimpleModule().addSerializer(Instant.class, new ToStringSerializer(Instant.class)));

  private StoredDocument() {}

  static String write(Map<String, Object> document) {
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, Object> read(String json) {
    try {
      Map<String, Object> document = JSON.readValue(json, new TypeReference<>() {});
      Map<String, Object> timed = new HashMap<>();
      document.forEach((name, value) -> timed.put(name, timed(name, value)));
      return timed;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable configuration of a bucket", e);
    }
  }

  private static Object timed(String name, Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, Object> timed = new HashMap<>();
        map.forEach((key, each) -> timed.put(key.toString(), timed(key.toString(), each)));
        yield timed;
      }
      case List<?> list -> list.stream().map(each -> timed("", each)).toList();
      case String text when name.equals(TIME) -> Instant.parse(text);
      default -> value;
    };
  }
}
