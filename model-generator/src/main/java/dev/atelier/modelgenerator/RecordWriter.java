package dev.atelier.modelgenerator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes one record per structure. Errors get none: a Fault carries them. */
final class RecordWriter {
  private static final String OBJECT_MAP = "Map<String, Object>";

  private final Service service;
  private final JsonNode shapes;
  private final Outputs outputs;

  private record Component(String member, String name, String type, String reader, Kind kind) {}

  private enum Kind { PLAIN, LIST, MAP }

  RecordWriter(Service service, JsonNode shapes, Outputs outputs) {
    this.service = service;
    this.shapes = shapes;
    this.outputs = outputs;
  }

  void write() throws IOException {
    Set<String> types = new HashSet<>();
    for (Map.Entry<String, JsonNode> shape : shapes.properties()) {
      JsonNode body = shape.getValue();
      if (!hasRecord(body)) {
        continue;
      }
      String type = JavaNames.type(service, shape.getKey());
      if (!types.add(type)) {
        throw new IllegalStateException("two structures of " + service.id() + " are called " + type);
      }
      outputs.write(service.fileOf(type), source(type, components(shape.getKey(), body)));
    }
    outputs.write(service.fileOf("package-info"), "/** Generated from the service model of " + service.id()
        + "; {@link dev.atelier.models.WireRecord} says what its records promise. */\npackage "
        + service.packageName() + ";\n");
  }

  static boolean hasRecord(JsonNode shape) {
    return shape.path("type").asText().equals("structure") && !shape.path("exception").asBoolean()
        && !shape.path("eventstream").asBoolean() && !shape.path("document").asBoolean();
  }

  private List<Component> components(String shape, JsonNode body) {
    List<Component> components = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Map.Entry<String, JsonNode> member : body.path("members").properties()) {
      String name = JavaNames.member(member.getKey());
      if (!names.add(name)) {
        throw new IllegalStateException("two members of " + shape + " are called " + name);
      }
      JsonNode target = shapes.path(member.getValue().path("shape").asText());
      boolean streams = member.getValue().path("streaming").asBoolean() || target.path("streaming").asBoolean();
      String targetName = member.getValue().path("shape").asText();
      String type = streams ? "java.io.InputStream" : type(targetName);
      String value = "d.get(\"" + member.getKey() + "\")";
      String reader = reader(targetName, value, 0);
      Kind kind = switch (target.path("type").asText()) {
        case "list" -> Kind.LIST;
        case "map" -> Kind.MAP;
        default -> Kind.PLAIN;
      };
      components.add(new Component(member.getKey(), name, type, streams ? "Documents.value(" + value + ")" : reader,
          kind));
    }
    return components;
  }

  private String type(String name) {
    JsonNode shape = shapes.path(name);
    return switch (shape.path("type").asText()) {
      case "string", "character" -> "String";
      case "integer" -> "Integer";
      case "long" -> "Long";
      case "float" -> "Float";
      case "double" -> "Double";
      case "boolean" -> "Boolean";
      case "timestamp" -> "java.time.Instant";
      case "blob" -> "byte[]";
      case "list" -> "List<" + type(shape.path("member").path("shape").asText()) + ">";
      case "map" -> "Map<String, " + type(shape.path("value").path("shape").asText()) + ">";
      case "structure" -> {
        if (hasRecord(shape)) {
          yield JavaNames.type(service, name);
        }
        yield shape.path("eventstream").asBoolean() ? "Iterable<" + OBJECT_MAP + ">" : "Object";
      }
      default -> throw new IllegalStateException("unknown type of shape " + name);
    };
  }

  /** An expression that turns the document value {@code value} into the component's type; null stays null. */
  private String reader(String name, String value, int depth) {
    JsonNode shape = shapes.path(name);
    String item = "e" + depth;
    return switch (shape.path("type").asText()) {
      case "list" -> collection("list", shape.path("member").path("shape").asText(), value, item, depth);
      case "map" -> collection("map", shape.path("value").path("shape").asText(), value, item, depth);
      case "structure" -> hasRecord(shape)
          ? "Documents.read(" + value + ", " + JavaNames.type(service, name) + "::fromDocument)"
          : "Documents.value(" + value + ")";
      default -> "Documents.value(" + value + ")";
    };
  }

  private String collection(String kind, String element, String value, String item, int depth) {
    JsonNode shape = shapes.path(element);
    boolean nested = Set.of("list", "map").contains(shape.path("type").asText()) || hasRecord(shape);
    if (!nested) {
      return "Documents." + kind + "(" + value + ")";
    }
    return "Documents." + kind + "(" + value + ", " + item + " -> " + reader(element, item, depth + 1) + ")";
  }

  private String source(String type, List<Component> components) {
    StringBuilder out = new StringBuilder(4096);
    out.append("package ").append(service.packageName()).append(";\n\n")
        .append("import dev.atelier.models.Documents;\nimport dev.atelier.models.WireRecord;\n")
        .append("import java.util.List;\nimport java.util.Map;\n\n")
        .append("public record ").append(type).append('(')
        .append(joined(components, c -> c.type() + " " + c.name())).append(") implements WireRecord {\n");
    for (Component c : components) {
      if (c.kind() != Kind.PLAIN) {
        out.append("  public ").append(c.type()).append(' ').append(c.name()).append("() { return ").append(c.name())
            .append(" == null ? ").append(c.kind() == Kind.LIST ? "List" : "Map").append(".of() : ").append(c.name())
            .append("; }\n");
      }
    }
    conversion(out, type, components);
    builder(out, type, components);
    return out.append("}\n").toString();
  }

  private static void conversion(StringBuilder out, String type, List<Component> components) {
    out.append("  public static ").append(type).append(" fromDocument(").append(OBJECT_MAP).append(" d) {\n    return new ")
        .append(type).append('(').append(joined(components, Component::reader)).append(");\n  }\n")
        .append("  @Override public ").append(OBJECT_MAP).append(" toDocument() {\n    ").append(OBJECT_MAP)
        .append(" d = new java.util.LinkedHashMap<>();\n");
    for (Component c : components) {
      out.append("    Documents.put(d, \"").append(c.member()).append("\", ").append(c.name()).append(");\n");
    }
    out.append("    return d;\n  }\n");
  }

  private static void builder(StringBuilder out, String type, List<Component> components) {
    out.append("  public static Builder builder() { return new Builder(); }\n")
        .append("  public Builder toBuilder() {\n    Builder b = new Builder();\n");
    for (Component c : components) {
      out.append("    b.").append(c.name()).append(" = ").append(c.name()).append(";\n");
    }
    out.append("    return b;\n  }\n  public static final class Builder {\n");
    for (Component c : components) {
      out.append("    private ").append(c.type()).append(' ').append(c.name()).append(";\n");
    }
    out.append("    private Builder() {}\n");
    for (Component c : components) {
      String value = switch (c.kind()) {
        case LIST -> "Documents.list(v)";
        case MAP -> "Documents.map(v)";
        case PLAIN -> "v";
      };
      out.append("    public Builder ").append(c.name()).append('(').append(c.type()).append(" v) { ")
          .append(c.name()).append(" = ").append(value).append("; return this; }\n");
    }
    out.append("    public ").append(type).append(" build() { return new ").append(type).append('(')
        .append(joined(components, Component::name)).append("); }\n  }\n");
  }

  private static String joined(List<Component> components, java.util.function.Function<Component, String> part) {
    return components.stream().map(part).collect(Collectors.joining(", "));
  }
}
