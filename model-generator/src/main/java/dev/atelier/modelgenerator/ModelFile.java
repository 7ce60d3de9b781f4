package dev.atelier.modelgenerator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * The resource that is read at run time. Each line is a letter (M metadata, O operation, S shape, A authorisation), a
 * name and one JSON object, separated by tabs; the reader keeps offsets and parses a line when it is first asked for.
 */
final class ModelFile {
  private ModelFile() {}

  static String of(Service service, JsonNode model, JsonNode pages, JsonNode rights) {
    StringBuilder out = new StringBuilder();
    line(out, 'M', "metadata", model.path("metadata"));
    for (Map.Entry<String, JsonNode> operation : model.path("operations").properties()) {
      ObjectNode body = operation.getValue().deepCopy();
      body.remove("name");
      body.remove("staticContextParams");
      if (pages.has(operation.getKey())) {
        body.set("pagination", pages.get(operation.getKey()));
      }
      line(out, 'O', operation.getKey(), body);
      if (!rights.has(operation.getKey())) {
        throw new IllegalStateException(service.id() + ":" + operation.getKey() + " has no authorisation entry");
      }
      line(out, 'A', operation.getKey(), rights.get(operation.getKey()));
    }
    for (Map.Entry<String, JsonNode> shape : model.path("shapes").properties()) {
      line(out, 'S', shape.getKey(), shape.getValue());
    }
    return out.toString();
  }

  private static void line(StringBuilder out, char kind, String name, JsonNode body) {
    out.append(kind).append('\t').append(name).append('\t').append(body).append('\n');
  }
}
