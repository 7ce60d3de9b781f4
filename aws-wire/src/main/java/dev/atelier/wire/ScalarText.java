package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BlobShape;
import dev.atelier.models.BooleanShape;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.NumberShape;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Plain values as text, in headers, paths, queries, forms and XML. */
final class ScalarText {
  private ScalarText() {}

  /** {@code code} is the error's code when the text has not the shape's type. */
  static Object read(Shape shape, String text, String code) {
    try {
      return switch (shape) {
        case StringShape string -> text;
        case NumberShape number -> number(number, text.strip());
        case BooleanShape flag -> flag(text.strip(), code);
        case BlobShape blob -> Base64.getMimeDecoder().decode(text);
        case TimestampShape time -> Timestamps.parse(text.strip());
        case StructureShape s -> throw new IllegalArgumentException(s.name());
        case ListShape s -> throw new IllegalArgumentException(s.name());
        case MapShape s -> throw new IllegalArgumentException(s.name());
      };
    } catch (IllegalArgumentException mistyped) {
      throw mistyped(shape, text, code);
    }
  }

  static Fault mistyped(Shape shape, String text, String code) {
    String shown = shape.sensitive() ? "The value" : "'" + text.substring(0, Math.min(text.length(), 100)) + "'";
    return new Fault(code, 400, shown + " is not a valid " + switch (shape) {
      case NumberShape number -> number.kind().name().toLowerCase(java.util.Locale.ROOT);
      case BooleanShape flag -> "boolean";
      case TimestampShape time -> "timestamp";
      case BlobShape blob -> "Base64 text";
      case StringShape s -> "string";
      case StructureShape s -> "structure";
      case ListShape s -> "list";
      case MapShape s -> "map";
    });
  }

  private static Number number(NumberShape shape, String text) {
    if (text.length() > 400) {
      throw new NumberFormatException();
    }
    return switch (shape.kind()) {
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case FLOAT -> Float.valueOf(real(text));
      case DOUBLE -> Double.valueOf(real(text));
    };
  }

  /** Java's own reader also takes hexadecimal floats and type suffixes, which AWS does not. */
  private static String real(String text) {
    return switch (text) {
      case "NaN", "Infinity", "-Infinity" -> text;
      default -> new BigDecimal(text).toString();
    };
  }

  private static Boolean flag(String text, String code) {
    return switch (text) {
      case "true", "True", "TRUE", "1" -> true;
      case "false", "False", "FALSE", "0" -> false;
      default -> throw new IllegalArgumentException(code);
    };
  }

  static String write(Shape shape, Object value, Optional<String> format, String protocolFormat) {
    return switch (shape) {
      case TimestampShape time -> Timestamps.text((Instant) value, format.or(time::format).orElse(protocolFormat));
      case BlobShape blob -> Base64.getEncoder().encodeToString((byte[]) value);
      case StringShape s -> value.toString();
      case NumberShape n -> value.toString();
      case BooleanShape b -> value.toString();
      case StructureShape s -> throw new IllegalArgumentException(s.name() + " is no plain value");
      case ListShape s -> throw new IllegalArgumentException(s.name() + " is no plain value");
      case MapShape s -> throw new IllegalArgumentException(s.name() + " is no plain value");
    };
  }
}
