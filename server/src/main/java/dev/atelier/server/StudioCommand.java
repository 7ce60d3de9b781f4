package dev.atelier.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier studio}: a link that opens Studio for a user profile, once. */
@Command(name = "studio", mixinStandardHelpOptions = true,
    description = "Prints a link that opens JupyterLab for a user profile, once and within five minutes.")
final class StudioCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin
  private DataOption data;

  @Option(names = "--domain", paramLabel = "NAME", defaultValue = "default",
      description = "the domain, by its name or its id (default: default)")
  private String domain;

  @Option(names = "--profile", paramLabel = "NAME", defaultValue = "default",
      description = "the user profile (default: default)")
  private String profile;

  @Option(names = "--space", paramLabel = "NAME", description = "open the app of this space")
  private String space;

  @Option(names = "--region", defaultValue = "us-east-1", description = "the region (default: us-east-1)")
  private String region;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    URI server = data.requireServer().url();
    AdministratorKey key = AdministratorKey.read(data.folder())
        .orElseThrow(() -> new CommandFailure("the data folder holds no administrator's key"));
    SignedCall calls = new SignedCall(server, PemTrust.of(data.folder().resolve("trust/ca-bundle.pem")), key, region);
    ObjectNode request = JSON.createObjectNode().put("DomainId", domainId(calls)).put("UserProfileName", profile);
    Optional.ofNullable(space).ifPresent(name -> request.put("SpaceName", name));
    // whoever holds the URL gets in: it is printed for the one who asked, and written nowhere
    System.out.println(answer(calls, "CreatePresignedDomainUrl", request).path("AuthorizedUrl").asText());
    return 0;
  }

  private String domainId(SignedCall calls) throws JsonProcessingException {
    List<String> names = new ArrayList<>();
    ObjectNode request = JSON.createObjectNode();
    while (true) {
      JsonNode page = answer(calls, "ListDomains", request);
      for (JsonNode each : page.path("Domains")) {
        if (List.of(each.path("DomainName").asText(), each.path("DomainId").asText()).contains(domain)) {
          return each.path("DomainId").asText();
        }
        names.add(each.path("DomainName").asText());
      }
      if (page.path("NextToken").asText().isEmpty()) {
        throw new CommandFailure("there is no domain " + domain + " in " + region
            + (names.isEmpty() ? "" : "; there are: " + String.join(", ", names)));
      }
      request.put("NextToken", page.path("NextToken").asText());
    }
  }

  private static JsonNode answer(SignedCall calls, String operation, ObjectNode request)
      throws JsonProcessingException {
    SignedCall.Answer answer = calls.sagemaker(operation, JSON.writeValueAsString(request));
    JsonNode body = JSON.readTree(answer.text().isEmpty() ? "{}" : answer.text());
    if (answer.status() != 200) {
      throw new CommandFailure("the server refused " + operation + ": "
          + body.path("message").asText(body.path("Message").asText()));
    }
    return body;
  }
}
