package dev.atelier.modelgenerator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Writes a service's operations class: one static method each, so that an operation nobody asks for costs nothing. */
final class OperationsWriter {
  private final Service service;
  private final JsonNode model;
  private final Outputs outputs;

  OperationsWriter(Service service, JsonNode model, Outputs outputs) {
    this.service = service;
    this.model = model;
    this.outputs = outputs;
  }

  void write() throws IOException {
    String type = service.prefix() + "Operations";
    StringBuilder out = new StringBuilder("package " + service.packageName() + ";\n\n"
        + "import dev.atelier.models.NoInput;\nimport dev.atelier.models.NoOutput;\nimport dev.atelier.models.Operation;\n\n"
        + "/** The operations of " + service.id() + ". */\npublic final class " + type + " {\n  private " + type + "() {}\n");
    for (JsonNode operation : model.path("operations")) {
      String name = operation.path("name").asText();
      String input = record(operation.path("input"), "NoInput");
      String output = record(operation.path("output"), "NoOutput");
      out.append("\n  public static Operation<").append(input).append(", ").append(output).append("> ")
          .append(JavaNames.member(name)).append("() {\n    return new Operation<>(\"").append(service.id())
          .append("\", \"").append(name).append("\", ").append(input).append("::fromDocument);\n  }\n");
    }
    outputs.write(service.fileOf(type), out.append("}\n").toString());
  }

  private String record(JsonNode reference, String absent) {
    return reference.has("shape") ? JavaNames.type(service, reference.path("shape").asText()) : absent;
  }
}
