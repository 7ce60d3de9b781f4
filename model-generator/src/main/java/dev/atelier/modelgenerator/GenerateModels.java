package dev.atelier.modelgenerator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** {@code GenerateModels SOURCES TARGET}: SOURCES holds models/ and authorisation/, TARGET gets java/ and resources/. */
public final class GenerateModels {
  private GenerateModels() {}

  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments[0]);
    Path target = Path.of(arguments[1]);
    ObjectMapper json = new ObjectMapper();
    Outputs java = new Outputs(target.resolve("java"));
    Outputs resources = new Outputs(target.resolve("resources"));
    for (Service service : Service.values()) {
      Path folder = sources.resolve("models").resolve(service.id());
      JsonNode model = json.readTree(folder.resolve("service-2.json").toFile());
      JsonNode pages = json.readTree(folder.resolve("paginators-1.json").toFile()).path("pagination");
      JsonNode rights =
          json.readTree(sources.resolve("authorisation").resolve(service.id() + ".json").toFile());
      new RecordWriter(service, model.path("shapes"), java).write();
      new OperationsWriter(service, model, java).write();
      resources.write("dev/atelier/models/" + service.id() + ".model", ModelFile.of(service, model, pages, rights));
    }
    java.removeOthers();
    resources.removeOthers();
  }
}
