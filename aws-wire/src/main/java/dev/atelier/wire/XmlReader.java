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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads XML by a shape. Unknown elements are skipped. */
final class XmlReader {
  private static final String CODE = "MalformedXML";

  private XmlReader() {}

  static Map<String, Object> structure(StructureShape shape, XmlElement element) {
    Map<String, Object> document = new LinkedHashMap<>();
    for (Member member : shape.members().values()) {
      if (member.location() != Member.Location.BODY) {
        continue;
      }
      String name = localName(member);
      if (member.xmlAttribute()) {
        Optional.ofNullable(element.attributes().get(member.locationName()))
            .ifPresent(text -> document.put(member.name(), ScalarText.read(member.shape(), text, CODE)));
      } else if (flattened(member)) {
        List<XmlElement> items = element.all(XmlWriter.flatName(member));
        if (!items.isEmpty()) {
          document.put(member.name(), flat(member.shape(), items));
        }
      } else {
        element.first(name).ifPresent(child -> document.put(member.name(), value(member.shape(), child)));
      }
    }
    return document;
  }

  private static String localName(Member member) {
    String name = member.locationName();
    return name.substring(name.indexOf(':') + 1);
  }

  static boolean flattened(Member member) {
    return switch (member.shape()) {
      case ListShape list -> member.flattened() || list.flattened();
      case MapShape map -> member.flattened() || map.flattened();
      case StructureShape s -> false;
      case StringShape s -> false;
      case NumberShape n -> false;
      case BooleanShape b -> false;
      case BlobShape b -> false;
      case TimestampShape t -> false;
    };
  }

  private static Object value(Shape shape, XmlElement element) {
    return switch (shape) {
      case StructureShape structure -> structure(structure, element);
      case ListShape list -> flat(list, element.all(list.elementName()));
      case MapShape map -> flat(map, element.all("entry"));
      case StringShape s -> scalar(shape, element);
      case NumberShape n -> scalar(shape, element);
      case BooleanShape b -> scalar(shape, element);
      case BlobShape b -> scalar(shape, element);
      case TimestampShape t -> scalar(shape, element);
    };
  }

  /** What the schema lists no value for is malformed, and so is what has not the value's type. */
  private static Object scalar(Shape shape, XmlElement element) {
    String text = element.text().toString();
    if (shape instanceof StringShape words && !words.values().isEmpty() && !words.values().contains(text)) {
      throw XmlElement.malformed();
    }
    if (shape instanceof TimestampShape && !Timestamps.isDate(text.strip())) {
      throw XmlElement.malformed();
    }
    return ScalarText.read(shape, text, CODE);
  }

  private static Object flat(Shape shape, List<XmlElement> elements) {
    if (shape instanceof MapShape map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      for (XmlElement entry : elements) {
        XmlElement key = entry.first(map.keyName()).orElseThrow(XmlElement::malformed);
        XmlElement item = entry.first(map.valueName()).orElseThrow(XmlElement::malformed);
        entries.put(key.text().toString(), value(map.value().shape(), item));
      }
      return entries;
    }
    List<Object> items = new ArrayList<>(elements.size());
    Shape item = ((ListShape) shape).element().shape();
    elements.forEach(element -> items.add(value(item, element)));
    return items;
  }
}
