package dev.atelier.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Arn;
import dev.atelier.models.sagemaker.CreateEndpointConfigInput;
import dev.atelier.models.sagemaker.CreateModelInput;
import dev.atelier.operation.StoredDocument;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointRunsTest {
  @TempDir Path root;
  private final FakeComputeBackend backend =
      new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());

  /** Stores an endpoint that was accepted when its instance type was known. */
  private static Endpoint ofUnknownType(EndpointStore store) {
    CreateEndpointConfigInput config = CreateEndpointConfigInput.fromDocument(Map.of("EndpointConfigName", "config",
        "ProductionVariants", List.of(Map.of("VariantName", "all", "ModelName", "model", "InstanceType",
            "ml.gone.large", "InitialInstanceCount", 1))));
    CreateModelInput model = CreateModelInput.fromDocument(
        Map.of("ModelName", "model", "PrimaryContainer", Map.of("Image", "image")));
    Endpoint endpoint = new Endpoint(Arn.of("sagemaker", JobBench.REGION, JobBench.ACCOUNT, "endpoint/name"),
        JobBench.ACCOUNT, JobBench.REGION, "name", "config", config, model, EndpointState.CREATING, 0, 1,
        Instant.EPOCH, Instant.EPOCH, Optional.empty());
    store.insert(endpoint, StoredDocument.write(config), StoredDocument.write(model), Map.of());
    return endpoint;
  }

  private static void awaitFailure(EndpointStore store, Endpoint endpoint) {
    JobBench.await("the endpoint has failed",
        () -> store.find(endpoint.arn()).orElseThrow().state() == EndpointState.FAILED);
    assertThat(store.find(endpoint.arn()).orElseThrow().failureReason().orElseThrow()).contains("ml.gone.large");
  }

  @Test
  void whatCannotBeBegunAfterItIsStoredFailsTheEndpointAndNotItsCaller() throws Exception {
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC());
        ModelServers servers = new ModelServers(backend)) {
      EndpointStore store = new EndpointStore(bench.platform().metadata(), bench.platform().tags());
      try (EndpointRuns runs = new EndpointRuns(bench.platform(), store, servers)) {
        Endpoint endpoint = ofUnknownType(store);
        runs.act(endpoint);
        awaitFailure(store, endpoint);
      }
    }
  }

  @Test
  void aServerStartsWhateverItFinds() throws Exception {
    try (JobBench bench = new JobBench(root, backend, Clock.systemUTC());
        HostingFeature hosting = new HostingFeature(bench.platform(), bench.operations())) {
      EndpointStore store = new EndpointStore(bench.platform().metadata(), bench.platform().tags());
      Endpoint endpoint = ofUnknownType(store);
      hosting.resume();
      awaitFailure(store, endpoint);
    }
  }
}
