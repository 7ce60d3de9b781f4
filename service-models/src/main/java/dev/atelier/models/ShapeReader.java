package dev.atelier.models;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns a model's line into a shape. */
final class ShapeReader {
  private ShapeReader() {}

  static Shape read(ServiceModel model, String name, ModelLine line) {
    return switch (line.text("type", "")) {
      case "structure" -> structure(model, name, line);
      case "list" -> new ListShape(name, reference(model, line.object("member")),
          line.object("member").text("locationName", "member"), line.flag("flattened"), length(line));
      case "map" -> new MapShape(name, reference(model, line.object("key")), reference(model, line.object("value")),
          line.object("key").text("locationName", "key"), line.object("value").text("locationName", "value"),
          line.flag("flattened"), length(line));
      case "string", "character" -> new StringShape(name, line.texts("enum"),
          line.text("pattern").map(BoundedPattern::new), length(line), line.flag("sensitive"));
      case "integer" -> number(name, NumberShape.Kind.INTEGER, line);
      case "long" -> number(name, NumberShape.Kind.LONG, line);
      case "float" -> number(name, NumberShape.Kind.FLOAT, line);
      case "double" -> number(name, NumberShape.Kind.DOUBLE, line);
      case "boolean" -> new BooleanShape(name);
      case "blob" -> new BlobShape(name, length(line), line.flag("sensitive"), line.flag("streaming"));
      case "timestamp" -> new TimestampShape(name, line.text("timestampFormat"));
      default -> throw new IllegalStateException("the model gives " + name + " an unknown type");
    };
  }

  private static StructureShape structure(ServiceModel model, String name, ModelLine line) {
    List<String> required = line.texts("required");
    Map<String, Member> members = new LinkedHashMap<>();
    ModelLine all = line.object("members");
    for (String member : all.values().keySet()) {
      members.put(member, member(model, member, all.object(member), required.contains(member)));
    }
    ModelLine error = line.object("error");
    boolean exception = line.flag("exception");
    OptionalInt status = error.number("httpStatusCode").map(n -> OptionalInt.of(n.intValue()))
        .orElse(exception && line.flag("fault") ? OptionalInt.of(500) : OptionalInt.empty());
    return new StructureShape(name, Collections.unmodifiableMap(members), line.text("payload"), line.flag("union"),
        line.flag("document"), line.flag("eventstream"), line.flag("event"), exception, error.text("code"), status,
        error.flag("senderFault") || !line.flag("fault"), line.text("locationName"), namespace(line));
  }

  private static Member member(ServiceModel model, String name, ModelLine line, boolean required) {
    return new Member(name, reference(model, line), location(line.text("location", "")),
        line.text("locationName", name), line.has("locationName"), required, line.flag("flattened"),
        line.flag("xmlAttribute"), namespace(line), line.flag("streaming"), line.flag("jsonvalue"),
        line.flag("idempotencyToken"), line.flag("eventpayload"), line.flag("hostLabel"),
        line.text("timestampFormat"));
  }

  private static Member.Location location(String text) {
    return switch (text) {
      case "header" -> Member.Location.HEADER;
      case "headers" -> Member.Location.HEADERS;
      case "uri" -> Member.Location.URI;
      case "querystring" -> Member.Location.QUERY_STRING;
      case "statusCode" -> Member.Location.STATUS_CODE;
      default -> Member.Location.BODY;
    };
  }

  private static ShapeRef reference(ServiceModel model, ModelLine line) {
    return new ShapeRef(model, line.text("shape", ""));
  }

  private static NumberShape number(String name, NumberShape.Kind kind, ModelLine line) {
    return new NumberShape(name, kind, line.number("min"), line.number("max"));
  }

  private static Length length(ModelLine line) {
    return new Length(line.number("min").map(BigDecimal::longValue).orElse(Length.ANY.min()),
        line.number("max").map(BigDecimal::longValue).orElse(Length.ANY.max()));
  }

  private static Optional<XmlNamespace> namespace(ModelLine line) {
    if (!line.has("xmlNamespace")) {
      return Optional.empty();
    }
    ModelLine namespace = line.object("xmlNamespace");
    return Optional.of(new XmlNamespace(namespace.text("prefix", ""),
        namespace.text("uri", line.text("xmlNamespace", ""))));
  }
}
