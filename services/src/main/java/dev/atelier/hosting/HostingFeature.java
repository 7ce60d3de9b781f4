package dev.atelier.hosting;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.operation.OperationTable;
import dev.atelier.search.Searchable;
import dev.atelier.usage.Use;
import java.util.List;
import java.util.Optional;

/** Hosting, assembled. */
public final class HostingFeature implements AutoCloseable {
  private final DefinitionStore definitions;
  private final EndpointStore endpoints;
  private final ModelServers servers;
  private final EndpointRuns runs;
  private final EndpointMetrics metrics;
  private final List<Searchable> searchables;

  /** Builds the feature and registers its operations; nothing runs before {@link #resume}. */
  public HostingFeature(JobPlatform platform, OperationTable table) throws Exception {
    definitions = new DefinitionStore(platform.metadata(), platform.tags(), platform.clock());
    endpoints = new EndpointStore(platform.metadata(), platform.tags());
    servers = new ModelServers(platform.backend());
    runs = new EndpointRuns(platform, endpoints, servers);
    new DefinitionApi(definitions, platform.sessions()).register(table);
    new EndpointApi(definitions, endpoints, runs, platform.clock()).register(table);
    metrics = new EndpointMetrics(platform.metrics(), platform.clock());
    new InvocationApi(endpoints, servers, metrics).register(table);
    HostingSearch search = new HostingSearch(platform, definitions, endpoints);
    searchables = List.of(search.endpoints(), search.models());
  }

  /** Endpoints and models as Search finds them. */
  public List<Searchable> searchables() {
    return searchables;
  }

  /** Counts the capacity of what still runs, as every feature must before any of them {@link #resume}s. */
  public void adopt() {
    runs.adopt();
  }

  /** Takes up the endpoints. */
  public void resume() {
    runs.resume();
  }

  /** Takes in what the backend tells of a host. */
  public void observed(WorkloadEvent event) {
    runs.observed(event);
  }

  /** The variant of an endpoint. */
  public Optional<String> variant(Arn arn) {
    return endpoints.find(arn).map(endpoint -> endpoint.variant().variantName());
  }

  /** Whether a model, endpoint configuration or endpoint of this ARN exists. */
  public boolean exists(Arn arn) {
    return definitions.exists(arn) || endpoints.find(arn).isPresent();
  }

  /** What an endpoint uses while it runs. */
  public Optional<Use> use(Arn arn) {
    return endpoints.find(arn).map(endpoint -> Use.own("Endpoint", arn, endpoint.account(), endpoint.region(),
        endpoint.variant().instanceType(), endpoint.hosts()));
  }

  @Override
  public void close() throws Exception {
    runs.close();
    metrics.close();
    servers.close();
  }
}
