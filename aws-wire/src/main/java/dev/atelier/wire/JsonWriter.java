package dev.atelier.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a document as JSON, or the same as CBOR, by its shape. */
final class JsonWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();
  private static final JsonFactory CBOR = CBORFactory.builder().build();
  /** CBOR's mark of a time in seconds since 1970. */
  private static final int EPOCH_TAG = 1;

  private final JsonGenerator out;

  private JsonWriter(JsonGenerator out) {
    this.out = out;
  }

  static byte[] write(StructureShape shape, Map<String, Object> document) {
    return write(JSON, out -> new JsonWriter(out).structure(shape, document, Map.of()));
  }

  static byte[] writeCbor(StructureShape shape, Map<String, Object> document) {
    return write(CBOR, out -> new JsonWriter(out).structure(shape, document, Map.of()));
  }

  /** The body of an error: {@code extra} members come first, then those the error's shape knows. */
  static byte[] writeError(Map<String, String> extra, Optional<StructureShape> shape, Map<String, Object> members) {
    return writeError(JSON, extra, shape, members);
  }

  static byte[] writeCborError(Map<String, String> extra, Optional<StructureShape> shape, Map<String, Object> members) {
    return writeError(CBOR, extra, shape, members);
  }

  private static byte[] writeError(JsonFactory format, Map<String, String> extra, Optional<StructureShape> shape,
      Map<String, Object> members) {
    return write(format, out -> {
      JsonWriter writer = new JsonWriter(out);
      if (shape.isPresent()) {
        writer.structure(shape.get(), members, extra);
      } else {
        writer.free(extra);
      }
    });
  }

  private interface Part {
    void to(JsonGenerator out) throws IOException;
  }

  private static byte[] write(JsonFactory format, Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = format.createGenerator(bytes)) {
      part.to(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private void structure(StructureShape shape, Map<?, ?> document, Map<String, String> extra) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, String> entry : extra.entrySet()) {
      out.writeStringField(entry.getKey(), entry.getValue());
    }
    for (Member member : shape.members().values()) {
      Object value = document.get(member.name());
      String name = member.locationName();
      if (value != null && member.location() == Member.Location.BODY && !extra.containsKey(name)) {
        out.writeFieldName(name);
        value(member.shape(), value, member.timestampFormat());
      }
    }
    out.writeEndObject();
  }

  private void value(Shape shape, Object value, Optional<String> timestampFormat) throws IOException {
    if (value == null) {
      out.writeNull();
      return;
    }
    switch (shape) {
      case StructureShape structure -> {
        if (structure.document()) {
          free(value);
        } else {
          structure(structure, (Map<?, ?>) value, Map.of());
        }
      }
      case ListShape list -> {
        out.writeStartArray();
        for (Object item : (List<?>) value) {
          value(list.element().shape(), item, Optional.empty());
        }
        out.writeEndArray();
      }
      case MapShape map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.writeFieldName((String) entry.getKey());
          value(map.value().shape(), entry.getValue(), Optional.empty());
        }
        out.writeEndObject();
      }
      case StringShape string -> out.writeString((String) value);
      case NumberShape number -> number((Number) value);
      case BooleanShape flag -> out.writeBoolean((Boolean) value);
      case BlobShape blob -> out.writeBinary((byte[]) value);
      case TimestampShape time when out instanceof CBORGenerator cbor -> {
        cbor.writeTag(EPOCH_TAG);
        cbor.writeNumber(((Instant) value).toEpochMilli() / 1000.0);
      }
      case TimestampShape time -> {
        String format = timestampFormat.or(time::format).orElse(Timestamps.UNIX);
        if (format.equals(Timestamps.UNIX)) {
          out.writeNumber(Timestamps.seconds((Instant) value));
        } else {
          out.writeString(Timestamps.text((Instant) value, format));
        }
      }
    }
  }

  private void number(Number value) throws IOException {
    switch (value) {
      case Integer whole -> out.writeNumber(whole);
      case Long whole -> out.writeNumber(whole);
      case Float real -> out.writeNumber(real);
      default -> out.writeNumber(value.doubleValue());
    }
  }

  private void free(Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName(entry.getKey().toString());
          free(entry.getValue());
        }
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        for (Object item : list) {
          free(item);
        }
        out.writeEndArray();
      }
      case Boolean flag -> out.writeBoolean(flag);
      case Number number -> out.writeNumber(number.toString());
      default -> out.writeString(value.toString());
    }
  }
}
