package dev.atelier.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.models.ServiceModel;
import dev.atelier.operation.OperationTable;
import dev.atelier.server.http.TestPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/operations.md} says which operations work; {@code -Datelier.write=true} writes it anew. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "operations.md");

  @TempDir
  private Path folder;

  @Test
  void pageIsWhatIsRegistered() throws Exception {
    try (TestPlatform platform = new TestPlatform(folder.resolve("data"))) {
      String page = page(platform.operations());
      if (Boolean.getBoolean("atelier.write")) {
        Files.createDirectories(PAGE.getParent());
        Files.writeString(PAGE, page);
      }
      assertThat(Files.readString(PAGE))
          .as("stale; write it anew: ./mvnw -pl server -am test -Dtest=OperationsPageTest "
              + "-Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.args=-Datelier.write=true")
          .isEqualTo(page);
    }
  }

  private static String page(OperationTable operations) throws IOException {
    StringBuilder page = new StringBuilder("# Operations\n\nGenerated from the operation table; do not edit. An operation "
        + "that does not work yet parses, authorises and validates its\ninput and then answers `UnsupportedOperation` "
        + "(S3: `NotImplemented`), naming itself. One that always refuses, since what it is about cannot be had here,\n"
        + "does not work either; it answers as AWS does where there is nothing of the kind, and is listed apart.\n\n"
        + "| service | works | of |\n|---|---|---|\n");
    StringBuilder lists = new StringBuilder();
    for (String service : ServiceModel.SERVICES) {
      ServiceModel model = ServiceModel.load(service);
      Map<Boolean, List<String>> answered = model.operationNames().stream().sorted()
          .filter(operation -> operations.find(service, operation).isPresent())
          .collect(Collectors.partitioningBy(operation -> operations.find(service, operation).orElseThrow().works()));
      List<String> working = answered.get(true);
      List<String> refused = answered.get(false);
      page.append("| ").append(service).append(" | ").append(working.size()).append(" | ")
          .append(model.operationNames().size()).append(" |\n");
      lists.append("\n## ").append(service).append("\n\n")
          .append(working.isEmpty() ? "None yet." : String.join(", ", working) + ".").append('\n')
          .append(refused.isEmpty() ? "" : "\nAlways refused: " + String.join(", ", refused) + ".\n");
    }
    return page.append(lists).toString();
  }
}
