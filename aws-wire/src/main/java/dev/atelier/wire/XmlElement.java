package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** An XML element without its namespaces; attributes keep their prefix, as models name {@code xsi:type}. */
record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children, StringBuilder text) {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_ELEMENTS = 200_000;
  private static final XMLInputFactory FACTORY = hardened();

  /** No document type, no entity of one's own, nothing from outside the body. */
  private static XMLInputFactory hardened() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("nothing is resolved");
    });
    return factory;
  }

  static XmlElement parse(byte[] body) {
    try {
      XMLStreamReader reader;
      synchronized (FACTORY) {
        reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
      }
      XmlElement root = read(reader);
      reader.close();
      return root;
    } catch (XMLStreamException | RuntimeException malformed) {
      throw malformed();
    }
  }

  static Fault malformed() {
    return new Fault("MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  }

  private static XmlElement read(XMLStreamReader reader) throws XMLStreamException {
    Deque<XmlElement> open = new ArrayDeque<>();
    XmlElement root = null;
    int count = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++count > MAX_ELEMENTS || open.size() >= MAX_DEPTH) {
            throw malformed();
          }
          XmlElement element = new XmlElement(reader.getLocalName(), attributes(reader), new ArrayList<>(),
              new StringBuilder());
          if (open.isEmpty()) {
            root = element;
          } else {
            open.peek().children().add(element);
          }
          open.push(element);
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            open.peek().text().append(reader.getText());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
        default -> { }
      }
    }
    return Optional.ofNullable(root).orElseThrow(XmlElement::malformed);
  }

  private static Map<String, String> attributes(XMLStreamReader reader) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String prefix = reader.getAttributePrefix(i);
      String name = reader.getAttributeLocalName(i);
      attributes.put(prefix == null || prefix.isEmpty() ? name : prefix + ":" + name, reader.getAttributeValue(i));
    }
    return attributes;
  }

  List<XmlElement> all(String child) {
    return children.stream().filter(element -> element.name().equals(child)).toList();
  }

  Optional<XmlElement> first(String child) {
    return children.stream().filter(element -> element.name().equals(child)).findFirst();
  }
}
