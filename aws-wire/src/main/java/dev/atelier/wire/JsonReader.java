package dev.atelier.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.atelier.kernel.Fault;
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
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON, or the same as CBOR, by a shape. Unknown members are skipped and null members are absent, as AWS has it. */
final class JsonReader {
  private static final int MAX_DEPTH = 100;
  private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
      .maxNestingDepth(MAX_DEPTH).maxStringLength(RequestBody.MAX_BYTES).maxNumberLength(400).build();
  private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(BOUNDS).build();
  private static final JsonFactory CBOR = CBORFactory.builder().streamReadConstraints(BOUNDS).build();

  private final JsonParser parser;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The document of a body; an empty body is an empty document. */
  static Map<String, Object> read(StructureShape shape, byte[] body) {
    return read(JSON, "JSON", shape, body);
  }

  /** As {@link #read(StructureShape, byte[])}, of CBOR. */
  static Map<String, Object> readCbor(StructureShape shape, byte[] body) {
    return read(CBOR, "CBOR", shape, body);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> read(JsonFactory format, String name, StructureShape shape, byte[] body) {
    if (body.length == 0) {
      return new LinkedHashMap<>();
    }
    try (JsonParser parser = format.createParser(body)) {
      JsonReader reader = new JsonReader(parser);
      parser.nextToken();
      Object document = reader.value(shape);
      if (document == null || parser.nextToken() != null) {
        throw failure("The request body is not one " + name + " object.");
      }
      return (Map<String, Object>) document;
    } catch (JsonProcessingException malformed) {
      throw failure("The request body is not valid " + name + ".");
    } catch (IOException broken) {
      // the bytes are all here: CBOR's reader says so of ones that break off
      throw failure("The request body is not valid " + name + ".");
    }
  }

  static Fault failure(String message) {
    return new Fault("SerializationException", 400, message);
  }

  private Object value(Shape shape) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.currentToken() == null) {
      throw failure("The request body is not valid JSON.");
    }
    return switch (shape) {
      case StructureShape structure -> structure.document() ? free() : structure(structure);
      case MapShape map -> map(map);
      case ListShape list -> list(list);
      case StringShape string -> text("a String");
      case NumberShape number -> number(number);
      case BooleanShape flag -> flag();
      case BlobShape blob -> blob();
      case TimestampShape time -> time();
    };
  }

  private Map<String, Object> structure(StructureShape shape) throws IOException {
    expect(JsonToken.START_OBJECT, "Expected structure or null");
    Map<String, Member> byWireName = wireNames(shape);
    Map<String, Object> document = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Member member = byWireName.get(parser.currentName());
      parser.nextToken();
      if (member == null) {
        parser.skipChildren();
        continue;
      }
      Object value = value(member.shape());
      if (value != null) {
        document.put(member.name(), value);
      } else {
        document.remove(member.name());
      }
    }
    return document;
  }

  /** The members a body may hold; those that travel in headers, path or query cannot be smuggled in here. */
  private static Map<String, Member> wireNames(StructureShape shape) {
    boolean asNamed = true;
    for (Member member : shape.members().values()) {
      asNamed &= !member.renamed() && member.location() == Member.Location.BODY;
    }
    if (asNamed) {
      return shape.members();
    }
    Map<String, Member> names = new LinkedHashMap<>();
    shape.members().values().stream().filter(member -> member.location() == Member.Location.BODY)
        .forEach(member -> names.put(member.locationName(), member));
    return names;
  }

  private List<Object> list(ListShape shape) throws IOException {
    expect(JsonToken.START_ARRAY, "Expected list or null");
    List<Object> items = new ArrayList<>();
    Shape element = shape.element().shape();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(element));
    }
    return items;
  }

  private Map<String, Object> map(MapShape shape) throws IOException {
    expect(JsonToken.START_OBJECT, "Expected map or null");
    Map<String, Object> entries = new LinkedHashMap<>();
    Shape element = shape.value().shape();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      entries.put(key, value(element));
    }
    return entries;
  }

  private void expect(JsonToken token, String otherwise) {
    if (parser.currentToken() != token) {
      throw failure(parser.currentToken().isScalarValue() ? otherwise : misplaced());
    }
  }

  private String misplaced() {
    return parser.currentToken() == JsonToken.START_ARRAY
        ? "Start of list found where not expected" : "Start of structure or map found where not expected.";
  }

  /** The wording of AWS's own JSON reader: STRING_VALUE can not be converted to an Integer. */
  private Fault mismatch(String wanted) {
    JsonToken token = parser.currentToken();
    String found = switch (token) {
      case VALUE_STRING -> "STRING_VALUE";
      case VALUE_NUMBER_INT -> "NUMBER_VALUE";
      case VALUE_EMBEDDED_OBJECT -> "BLOB_VALUE";
      case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
      case VALUE_TRUE -> "TRUE_VALUE";
      case VALUE_FALSE -> "FALSE_VALUE";
      default -> "";
    };
    return failure(found.isEmpty() ? misplaced() : found + " can not be converted to " + wanted);
  }

  private String text(String wanted) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw mismatch(wanted);
    }
    return parser.getText();
  }

  private Object number(NumberShape shape) throws IOException {
    JsonToken token = parser.currentToken();
    boolean whole = token == JsonToken.VALUE_NUMBER_INT;
    return switch (shape.kind()) {
      case INTEGER -> {
        if (!whole || !(parser.getNumberValue() instanceof Integer value)) {
          throw mismatch("an Integer");
        }
        yield value;
      }
      case LONG -> {
        if (!whole || !(parser.getNumberValue() instanceof Integer || parser.getNumberValue() instanceof Long)) {
          throw mismatch("a Long");
        }
        yield parser.getLongValue();
      }
      case FLOAT -> (float) real("a Float");
      case DOUBLE -> real("a Double");
    };
  }

  private double real(String wanted) throws IOException {
    if (parser.currentToken().isNumeric()) {
      return parser.getDoubleValue();
    }
    String text = text(wanted);
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw mismatch(wanted);
    };
  }

  private Boolean flag() {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw mismatch("a Boolean");
    };
  }

  private byte[] blob() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      return parser.getBinaryValue();
    }
    try {
      return Base64.getDecoder().decode(text("a Blob"));
    } catch (IllegalArgumentException notBase64) {
      throw failure("A blob of the request is not valid Base64.");
    }
  }

  private Object time() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return Timestamps.parse(parser.getText());
    }
    if (!token.isNumeric()) {
      throw mismatch("a Timestamp");
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
      throw mismatch("a Timestamp");
    }
    // CBOR has binary fractions: their shortest decimal form is what was meant
    return Timestamps.ofSeconds(parser instanceof CBORParser && token == JsonToken.VALUE_NUMBER_FLOAT
        ? BigDecimal.valueOf(parser.getDoubleValue()) : parser.getDecimalValue());
  }

  /** Free JSON, for document types. */
  private Object free() throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, free());
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(free());
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING -> parser.getText();
      default -> null;
    };
  }
}
