package dev.atelier.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Call;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import dev.atelier.training.TrainingFeature;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints whose hosts answer, through failing removals and restarts of the server. */
class EndpointLifeTest {
  private static final long GIB = 1L << 30;

  @TempDir Path root;
  private final AtomicInteger started = new AtomicInteger();
  private PingServer pings;
  private FakeComputeBackend backend;
  private JobBench bench;

  @BeforeEach
  void open() throws Exception {
    pings = new PingServer(root.resolve("service"));
    backend = new FakeComputeBackend(host -> new Script("start " + started.incrementAndGet() + "\n", Map.of(),
        new Ending.OnStop(143), Optional.of(root.resolve("service"))), Clock.systemUTC());
    start();
  }

  /** As a server does: every feature counts what runs before one of them begins anything. */
  private void start() throws Exception {
    bench = new JobBench(root.resolve("data"), backend, Clock.systemUTC());
    HostingFeature hosting = bench.keep(new HostingFeature(bench.platform(), bench.operations()));
    TrainingFeature training = bench.keep(new TrainingFeature(bench.platform(), bench.operations()));
    hosting.adopt();
    training.adopt();
    hosting.resume();
    training.resume();
    backend.watch(event -> {
      training.observed(event);
      hosting.observed(event);
    });
  }

  private void restart() throws Exception {
    backend.close();
    bench.close();
    start();
  }

  @AfterEach
  void close() throws Exception {
    backend.close();
    bench.close();
    pings.close();
  }

  private void create(String name, String type, int hosts) {
    bench.call("sagemaker", "CreateModel", Map.of("ModelName", name, "PrimaryContainer", Map.of("Image", "image"),
        "ExecutionRoleArn", JobBench.ROLE));
    bench.call("sagemaker", "CreateEndpointConfig", Map.of("EndpointConfigName", name, "ProductionVariants",
        List.of(Map.of("VariantName", "all", "ModelName", name, "InstanceType", type, "InitialInstanceCount", hosts))));
    bench.call("sagemaker", "CreateEndpoint", Map.of("EndpointName", name, "EndpointConfigName", name));
  }

  private String status(String name) {
    try {
      return (String) bench.call("sagemaker", "DescribeEndpoint", Map.of("EndpointName", name)).get("EndpointStatus");
    } catch (Fault e) {
      return "gone";
    }
  }

  private Endpoint stored(String name) {
    return new EndpointStore(bench.platform().metadata(), bench.platform().tags())
        .find(EndpointApi.arn(JobBench.CALLER, name)).orElseThrow();
  }

  private void await(String name, String status) {
    JobBench.await(name + " is " + status, () -> status.equals(status(name)));
  }

  private void createJob(String name, String type) {
    bench.call("sagemaker", "CreateTrainingJob", Map.of(
        "TrainingJobName", name, "RoleArn", JobBench.ROLE,
        "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File"),
        "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"),
        "ResourceConfig", Map.of("InstanceType", type, "InstanceCount", 1, "VolumeSizeInGB", 1)));
  }

  private Object secondary(String job) {
    return bench.call("sagemaker", "DescribeTrainingJob", Map.of("TrainingJobName", job)).get("SecondaryStatus");
  }

  private boolean free(int gib) {
    AtomicBoolean granted = new AtomicBoolean();
    bench.platform().capacity().acquire("probe", new Resources(1, gib * GIB, 0, 10, GIB), 1, () -> granted.set(true));
    bench.platform().capacity().release("probe");
    return granted.get();
  }

  private void failRemovals(int most) {
    AtomicInteger left = new AtomicInteger(most);
    backend.before(Call.REMOVE, id -> {
      if (left.getAndDecrement() > 0) {
        throw new ComputeException("a process does not end");
      }
    });
  }

  @Test
  void hostsThatCannotBeRemovedAtOnceAreRemovedLater() {
    create("endpoint", "ml.m5.large", 1);
    create("other", "ml.m5.large", 1);
    await("endpoint", "InService");
    await("other", "InService");
    failRemovals(2);
    bench.call("sagemaker", "DeleteEndpoint", Map.of("EndpointName", "endpoint"));
    await("endpoint", "gone");
    assertThat(backend.list()).hasSize(1);
    assertThat(free(24)).isTrue();
    assertThat(free(25)).isFalse();
  }

  @Test
  void anEndpointIsStartedAnewWhenItsEndedHostsCannotBeRemovedAtOnce() {
    create("endpoint", "ml.m5.large", 1);
    await("endpoint", "InService");
    WorkloadId first = backend.list().keySet().iterator().next();
    failRemovals(1);
    backend.finish(first, "algo-1", 1, false);
    JobBench.await("other hosts run", () -> !backend.list().isEmpty() && !backend.list().containsKey(first));
    await("endpoint", "InService");
    JobBench.await("the log of the new hosts is there",
        () -> bench.log("/aws/sagemaker/Endpoints/endpoint", "all/i-").contains("start 2"));
    assertThat(bench.log("/aws/sagemaker/Endpoints/endpoint", "all/i-")).containsOnlyOnce("start 1", "start 2");
  }

  @Test
  void whatRunsIsCountedBeforeWhatWaitsIsStarted() throws Exception {
    create("endpoint", "ml.m5.large", 3);
    await("endpoint", "InService");
    createJob("waits", "ml.m5.xlarge");
    restart();
    assertThat(free(9)).as("something gets the share of the endpoint that runs").isFalse();
    assertThat(secondary("waits")).isEqualTo("Pending");
    bench.call("sagemaker", "DeleteEndpoint", Map.of("EndpointName", "endpoint"));
    JobBench.await("the job runs", () -> "Training".equals(secondary("waits")));
    assertThat(free(16)).isTrue();
    assertThat(free(17)).isFalse();
  }

  @Test
  void anEndpointThatOnlyWaitedStillWaitsAfterARestart() throws Exception {
    create("runs", "ml.m5.large", 3);
    await("runs", "InService");
    create("waits", "ml.m5.xlarge", 1);
    restart();
    // by the time the other has been started anew, this one would have been started too
    WorkloadId first = backend.list().keySet().iterator().next();
    backend.finish(first, "algo-2", 1, false);
    JobBench.await("other hosts answer",
        () -> stored("runs").attempt() == 2 && stored("runs").state() == EndpointState.IN_SERVICE);
    assertThat(status("waits")).isEqualTo("Creating");
    assertThat(backend.list()).hasSize(1);
    bench.call("sagemaker", "DeleteEndpoint", Map.of("EndpointName", "runs"));
    await("waits", "InService");
    assertThat(free(17)).isFalse();
  }

  @Test
  void everyHostHasALogStreamOfItsOwn() {
    create("endpoint", "ml.m5.large", 300);
    Endpoint endpoint = stored("endpoint");
    Set<String> streams = new HashSet<>();
    for (int host = 0; host < endpoint.hosts(); host++) {
      streams.add(EndpointLogs.name(endpoint, host).stream());
    }
    assertThat(streams).hasSize(300).allMatch(name -> name.matches("all/i-[0-9a-f]{17}"));
  }
}
