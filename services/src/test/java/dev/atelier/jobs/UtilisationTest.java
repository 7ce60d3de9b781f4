package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UtilisationTest {
  private static final class Hand extends Clock {
    private Instant now = Instant.ofEpochSecond(1_800_000_000);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final Hand clock = new Hand();
  private final FakeComputeBackend backend =
      new FakeComputeBackend(host -> FakeComputeBackend.Script.running(""), clock);
  private final LiveWorkloads live = new LiveWorkloads();
  private final List<String> published = new ArrayList<>();

  private WorkloadId start(String id, String resource) {
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId(id), "arn", List.of(new HostSpec("algo-1",
        new Image.Layered(List.of(), Map.of()), List.of("x"), Map.of(), "/", List.of(),
        new Resources(2, 1 << 20, 0, 10, 1 << 20), 0, 1000, 1000)), NetworkPolicy.ISOLATED);
    backend.start(spec);
    live.put(spec.id(), new LiveWorkloads.Owner(
        Arn.parse("arn:aws:sagemaker:us-east-1:123456789012:" + resource.toLowerCase(Locale.ROOT)).orElseThrow(),
        Optional.empty(), new Region("us-east-1"), resource.substring(resource.indexOf('/') + 1)));
    return spec.id();
  }

  @Test
  void jobsAndEndpointsTellWhatTheyUse() {
    WorkloadId job = start("job", "training-job/Train");
    WorkloadId endpoint = start("endpoint", "endpoint/Serve");
    try (Utilisation utilisation = new Utilisation(backend, live, (account, region, namespace, values) ->
        values.forEach(value -> published.add(namespace + " " + value.dimensions().values().stream().sorted().toList()
            + " " + value.metric() + " " + value.value() + " " + value.fine())),
        arn -> Optional.of("AllTraffic"), clock)) {
      backend.use(job, "algo-1", Duration.ofSeconds(1), 1 << 19);
      backend.use(endpoint, "algo-1", Duration.ofSeconds(1), 1 << 18);
      backend.fill(job, "algo-1", OptionalLong.of(1 << 18));
      backend.fill(endpoint, "algo-1", OptionalLong.empty());
      utilisation.read(false);
      assertThat(published).containsExactlyInAnyOrder(
          "/aws/sagemaker/TrainingJobs [Train/algo-1] MemoryUtilization 50.0 false",
          "/aws/sagemaker/TrainingJobs [Train/algo-1] DiskUtilization 25.0 false",
          "/aws/sagemaker/Endpoints [AllTraffic, Serve] MemoryUtilization 25.0 false");
      published.clear();
      clock.now = clock.now.plusSeconds(10);
      backend.use(job, "algo-1", Duration.ofSeconds(16), 1 << 19);
      backend.stop(endpoint, Duration.ZERO);
      utilisation.read(true);
      assertThat(published).containsExactly("/aws/sagemaker/TrainingJobs [Train/algo-1] CPUUtilization 150.0 true",
          "/aws/sagemaker/TrainingJobs [Train/algo-1] MemoryUtilization 50.0 true",
          "/aws/sagemaker/TrainingJobs [Train/algo-1] DiskUtilization 25.0 true");
    }
  }

  @Test
  void everyKindOfJobHasItsNamespace() {
    start("process", "processing-job/p");
    start("transform", "transform-job/t");
    try (Utilisation utilisation = new Utilisation(backend, live, (account, region, namespace, values) ->
        values.forEach(value -> published.add(namespace + " " + value.dimensions() + " " + value.metric())),
        arn -> Optional.empty(), clock)) {
      utilisation.read(false);
      assertThat(published).contains("/aws/sagemaker/ProcessingJobs {Host=p/algo-1} MemoryUtilization",
          "/aws/sagemaker/TransformJobs {Host=t/algo-1} DiskUtilization");
    }
  }
}
