package dev.atelier.hosting;

import dev.atelier.hosting.DefinitionStore.Kind;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.search.Searchable;
import dev.atelier.search.TableSearch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Endpoints and models as Search finds them. */
final class HostingSearch {
  private final JobPlatform platform;
  private final DefinitionStore definitions;
  private final EndpointStore endpoints;

  HostingSearch(JobPlatform platform, DefinitionStore definitions, EndpointStore endpoints) {
    this.platform = platform;
    this.definitions = definitions;
    this.endpoints = endpoints;
  }

  Searchable endpoints() {
    return new TableSearch(platform.metadata(), platform.tags(), "Endpoint", "EndpointArn", "hosting_endpoint",
        "endpoint/", caller -> (arn, tags) -> endpoints.find(arn)
            .map(endpoint -> tagged(EndpointApi.described(endpoint).toDocument(), tags)));
  }

  /** Models, each with the endpoints that serve it. */
  Searchable models() {
    return new TableSearch(platform.metadata(), platform.tags(), "Model", "ModelArn", "hosting_definition", "model/",
        caller -> {
          Map<String, List<Map<String, Object>>> serving = serving(caller);
          return (arn, tags) -> model(arn, tags, serving);
        });
  }

  private Optional<Map<String, Object>> model(Arn arn, List<Map<String, String>> tags,
      Map<String, List<Map<String, Object>>> serving) {
    return definitions.find(Kind.MODEL, arn).map(model -> Map.of(
        "Model", tagged(DefinitionApi.described(model).toDocument(), tags),
        "Endpoints", serving.getOrDefault(model.name(), List.of())));
  }

  private Map<String, List<Map<String, Object>>> serving(Caller caller) {
    Map<String, List<Map<String, Object>>> serving = new HashMap<>();
    endpoints.all(caller).forEach(endpoint -> serving
        .computeIfAbsent(endpoint.variant().modelName(), name -> new ArrayList<>()).add(Map.of(
            "EndpointName", endpoint.name(), "EndpointArn", endpoint.arn().toString(),
            "CreationTime", endpoint.createdAt(), "LastModifiedTime", endpoint.modifiedAt(),
            "EndpointStatus", endpoint.state().status())));
    return serving;
  }

  private static Map<String, Object> tagged(Map<String, Object> described, List<Map<String, String>> tags) {
    Map<String, Object> resource = new HashMap<>(described);
    resource.put("Tags", tags);
    return resource;
  }
}
