package dev.atelier.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.models.BlobShape;
import dev.atelier.models.BooleanShape;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.Member;
import dev.atelier.models.NumberShape;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import dev.atelier.models.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An accepted request as JSON text for a database column, and back by the service model's shapes. */
public final class StoredDocument {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredDocument() {}

  public static String write(WireRecord accepted) {
    try {
      return JSON.writeValueAsString(node(accepted.toDocument()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case Map<?, ?> map -> {
        ObjectNode object = nodes.objectNode();
        map.forEach((key, each) -> object.set((String) key, node(each)));
        yield object;
      }
      case List<?> list -> {
        var array = nodes.arrayNode();
        list.forEach(each -> array.add(node(each)));
        yield array;
      }
      case Instant time -> nodes.numberNode(time.toEpochMilli());
      case byte[] bytes -> nodes.binaryNode(bytes);
      case null -> nodes.nullNode();
      default -> JSON.valueToTree(value);
    };
  }

  /** The document of a structure, with the Java types that the shapes ask for. */
  public static Map<String, Object> read(StructureShape shape, String json) {
    try {
      return structure(shape, JSON.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> structure(StructureShape shape, JsonNode node) {
    Map<String, Object> document = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Member member = shape.members().get(entry.getKey());
      if (member != null && !entry.getValue().isNull()) {
        document.put(entry.getKey(), value(member.shape(), entry.getValue()));
      }
    }
    return document;
  }

  private static Object value(Shape shape, JsonNode node) {
    return switch (shape) {
      case StructureShape structure when structure.document() -> JSON.convertValue(node, Object.class);
      case StructureShape structure -> structure(structure, node);
      case ListShape list -> {
        List<Object> items = new ArrayList<>(node.size());
        node.forEach(each -> items.add(value(list.element().shape(), each)));
        yield items;
      }
      case MapShape map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        node.properties().forEach(entry -> entries.put(entry.getKey(), value(map.value().shape(), entry.getValue())));
        yield entries;
      }
      case StringShape text -> node.asText();
      case BooleanShape flag -> node.asBoolean();
      case NumberShape number -> switch (number.kind()) {
        case INTEGER -> node.asInt();
        case LONG -> node.asLong();
        case FLOAT -> (float) node.asDouble();
        case DOUBLE -> node.asDouble();
      };
      case TimestampShape time -> Instant.ofEpochMilli(node.asLong());
      case BlobShape blob -> {
        try {
          yield node.binaryValue();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
