package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BlobShape;
import dev.atelier.models.BooleanShape;
import dev.atelier.models.ErrorModel;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.Member;
import dev.atelier.models.NumberShape;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceMetadata;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** AWS Query: a form with Action, Version and members by dotted names in, XML out. */
public final class QueryProtocol implements Protocol {
  private static final String CODE = "MalformedInput";
  private static final int MAX_PAIRS = 20_000;
  private static final int MAX_DEPTH = 60;

  private final ServiceMetadata metadata;

  public QueryProtocol(ServiceModel model) {
    this.metadata = model.metadata();
  }

  /** A form's names as a tree: each part between dots is a step. */
  private static final class Node {
    private String value;
    private final Map<String, Node> children = new LinkedHashMap<>();

    /** Children with whole numbers as names, in the numbers' order. */
    List<Node> numbered() {
      TreeMap<Integer, Node> byNumber = new TreeMap<>();
      children.forEach((name, child) -> {
        if (!name.matches("\\d{1,6}")) {
          throw new Fault(CODE, 400, "A list has the index " + (name.matches("-?\\d{1,18}") ? name : "of no number")
              + " where a whole number was expected.");
        }
        byNumber.put(Integer.valueOf(name), child);
      });
      return List.copyOf(byNumber.values());
    }

    Optional<Node> child(String name) {
      return Optional.ofNullable(children.get(name));
    }
  }

  /** A request whose form has been read: the operation is in the form itself. */
  public record Form(Optional<String> action, Optional<String> version, byte[] body) {}

  /**
   * Reads the form of a request far enough to know its operation. The body is read, and unpacked; go on with {@code
   * body}, without its encoding.
   */
  public Form form(WireRequest request) {
    return form(request, RequestBody.MAX_DOCUMENT_BYTES);
  }

  /** As {@link #form(WireRequest)}, of a form of at most so many bytes. */
  public Form form(WireRequest request, int most) {
    byte[] body = RequestBody.form(request, most);
    Query pairs = pairs(request, body);
    return new Form(pairs.first("Action"), pairs.first("Version"), body);
  }

  private static Query pairs(WireRequest request, byte[] body) {
    Query inUrl = Query.parse(request.rawQuery());
    Query inBody = Query.parse(new String(body, StandardCharsets.UTF_8).strip());
    List<Query.Pair> all = new ArrayList<>(inUrl.pairs());
    all.addAll(inBody.pairs());
    if (all.size() > MAX_PAIRS) {
      throw new Fault(CODE, 400, "The request has more than " + MAX_PAIRS + " parameters.");
    }
    return new Query(all);
  }

  @Override
  public Map<String, Object> decode(OperationModel operation, WireRequest request, Map<String, String> labels) {
    Node root = tree(pairs(request, RequestBody.bytes(operation, request)));
    return operation.input().map(shape -> structure(shape, root)).orElseGet(LinkedHashMap::new);
  }

  private static Node tree(Query form) {
    Node root = new Node();
    for (Query.Pair pair : form.pairs()) {
      String[] steps = pair.name().split("\\.");
      if (steps.length > MAX_DEPTH) {
        throw new Fault(CODE, 400, "A parameter's name has too many parts.");
      }
      Node node = root;
      for (String step : steps) {
        node = node.children.computeIfAbsent(step, s -> new Node());
      }
      node.value = pair.value();
    }
    return root;
  }

  private static Map<String, Object> structure(StructureShape shape, Node node) {
    Map<String, Object> document = new LinkedHashMap<>();
    for (Member member : shape.members().values()) {
      boolean flattened = XmlReader.flattened(member);
      String name = flattened ? XmlWriter.flatName(member) : member.locationName();
      node.child(name).ifPresent(child -> document.put(member.name(), value(member.shape(), child, flattened)));
    }
    return document;
  }

  private static Object value(Shape shape, Node node, boolean flattened) {
    return switch (shape) {
      case StructureShape structure -> structure(structure, node);
      case ListShape list -> list(list, node, flattened);
      case MapShape map -> map(map, node, flattened);
      case StringShape s -> scalar(shape, node);
      case NumberShape n -> scalar(shape, node);
      case BooleanShape b -> scalar(shape, node);
      case BlobShape b -> scalar(shape, node);
      case TimestampShape t -> scalar(shape, node);
    };
  }

  private static Object scalar(Shape shape, Node node) {
    if (node.value == null) {
      throw new Fault(CODE, 400, "Start of structure or map found where not expected.");
    }
    return ScalarText.read(shape, node.value, CODE);
  }

  /** An empty list is sent as the bare name with no value. */
  private static List<Object> list(ListShape shape, Node node, boolean flattened) {
    List<Object> items = new ArrayList<>();
    Node holder = flattened ? node
        : node.child(shape.elementName()).or(() -> node.child("member")).orElseGet(Node::new);
    for (Node item : holder.numbered()) {
      items.add(value(shape.element().shape(), item, false));
    }
    return items;
  }

  private static Map<String, Object> map(MapShape shape, Node node, boolean flattened) {
    Map<String, Object> entries = new LinkedHashMap<>();
    Node holder = flattened ? node : node.child("entry").orElseGet(Node::new);
    for (Node entry : holder.numbered()) {
      Node key = entry.child(shape.keyName()).orElseThrow(() -> new Fault(CODE, 400, "A map entry has no key."));
      Node item = entry.child(shape.valueName()).orElseThrow(() -> new Fault(CODE, 400, "A map entry has no value."));
      entries.put(key.value == null ? "" : key.value, value(shape.value().shape(), item, false));
    }
    return entries;
  }

  @Override
  public WireResponse encode(OperationModel operation, Map<String, Object> output, String requestId) {
    String root = operation.name() + "Response";
    XmlWriter xml = new XmlWriter().open(root, metadata.xmlNamespace());
    operation.output().ifPresent(shape -> {
      String wrapper = operation.resultWrapper().orElse(operation.name() + "Result");
      xml.open(wrapper, Optional.empty()).members(shape, output).close(wrapper);
    });
    xml.open("ResponseMetadata", Optional.empty()).text("RequestId", requestId).close("ResponseMetadata").close(root);
    return answer(operation.responseCode(), requestId, xml);
  }

  @Override
  public WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation) {
    Optional<ErrorModel> known = ErrorShape.of(fault, operation);
    XmlWriter xml = new XmlWriter().open("ErrorResponse", metadata.xmlNamespace()).open("Error", Optional.empty())
        .text("Type", fault.status() < 500 ? "Sender" : "Receiver")
        .text("Code", known.map(ErrorModel::code).orElse(fault.code())).text("Message", ErrorShape.message(fault));
    known.ifPresent(error -> xml.members(error.shape(), fault.members()));
    xml.close("Error").text("RequestId", requestId).close("ErrorResponse");
    return answer(fault.status(), requestId, xml);
  }

  private static WireResponse answer(int status, String requestId, XmlWriter xml) {
    return new WireResponse(status, Headers.of("x-amzn-RequestId", requestId, "Content-Type", "text/xml"),
        new WireResponse.Bytes(xml.bytes()));
  }
}
