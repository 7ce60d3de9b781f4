package dev.atelier.wire;

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
import dev.atelier.models.XmlNamespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes documents as XML by their shapes. */
final class XmlWriter {
  private final StringBuilder out = new StringBuilder(512).append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  XmlWriter open(String name, Optional<String> namespace) {
    out.append('<').append(name);
    namespace.ifPresent(uri -> attribute("xmlns", uri));
    out.append('>');
    return this;
  }

  XmlWriter close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  XmlWriter text(String name, String text) {
    open(name, Optional.empty());
    escape(text, false);
    return close(name);
  }

  /** Text inside the element that is open. */
  XmlWriter content(String text) {
    escape(text, false);
    return this;
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"");
    escape(value, true);
    out.append('"');
  }

  /** The name of a flattened collection's elements. */
  static String flatName(Member member) {
    boolean ownElement = member.shape() instanceof ListShape list && !list.elementName().equals("member")
        && !member.renamed();
    return ownElement ? ((ListShape) member.shape()).elementName() : member.locationName();
  }

  /** The body members of a structure, without an element around them. */
  XmlWriter members(StructureShape shape, Map<?, ?> document) {
    for (Member member : shape.members().values()) {
      Object value = document.get(member.name());
      if (value != null && member.location() == Member.Location.BODY && !member.xmlAttribute()) {
        if (XmlReader.flattened(member)) {
          flat(member.shape(), flatName(member), value);
        } else {
          element(member.locationName(), member.shape(), value, member.xmlNamespace(), member.timestampFormat());
        }
      }
    }
    return this;
  }

  XmlWriter element(String name, Shape shape, Object value, Optional<XmlNamespace> namespace,
      Optional<String> timestampFormat) {
    out.append('<').append(name);
    namespace.ifPresent(n -> attribute(n.prefix().isEmpty() ? "xmlns" : "xmlns:" + n.prefix(), n.uri()));
    if (shape instanceof StructureShape structure) {
      for (Member member : structure.members().values()) {
        if (member.xmlAttribute() && ((Map<?, ?>) value).get(member.name()) instanceof Object text) {
          attribute(member.locationName(), text.toString());
        }
      }
    }
    out.append('>');
    content(shape, value, timestampFormat);
    return close(name);
  }

  private void content(Shape shape, Object value, Optional<String> timestampFormat) {
    switch (shape) {
      case StructureShape structure -> members(structure, (Map<?, ?>) value);
      case ListShape list -> flat(list, list.elementName(), value);
      case MapShape map -> flat(map, "entry", value);
      case StringShape s -> scalar(shape, value, timestampFormat);
      case NumberShape n -> scalar(shape, value, timestampFormat);
      case BooleanShape b -> scalar(shape, value, timestampFormat);
      case BlobShape b -> scalar(shape, value, timestampFormat);
      case TimestampShape t -> scalar(shape, value, timestampFormat);
    }
  }

  private void scalar(Shape shape, Object value, Optional<String> timestampFormat) {
    escape(ScalarText.write(shape, value, timestampFormat, Timestamps.ISO), false);
  }

  private void flat(Shape shape, String name, Object value) {
    if (shape instanceof MapShape map) {
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        open(name, Optional.empty());
        text(map.keyName(), (String) entry.getKey());
        element(map.valueName(), map.value().shape(), entry.getValue(), Optional.empty(), Optional.empty());
        close(name);
      }
      return;
    }
    Shape item = ((ListShape) shape).element().shape();
    for (Object element : (List<?>) value) {
      element(name, item, element, Optional.empty(), Optional.empty());
    }
  }

  /** Characters that XML 1.0 cannot hold become question marks; line ends are kept by writing carriage returns out. */
  private void escape(String text, boolean attribute) {
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\r' -> out.append("&#xD;");
        case '"' -> out.append(attribute ? "&quot;" : "\"");
        default -> {
          boolean allowed = c == '\t' || c == '\n' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD
              || c >= 0x10000;
          out.appendCodePoint(allowed ? c : '?');
        }
      }
    });
  }
}
