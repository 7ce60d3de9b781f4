package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.FileSystems;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose program runs more than once: on spot instances, and by RetryStrategy. */
class AttemptsTest {
  private static final Map<String, Object> SPOT = Map.of("EnableManagedSpotTraining", true,
      "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600, "MaxWaitTimeInSeconds", 900),
      "CheckpointConfig", Map.of("S3Uri", "s3://data/checkpoints"));
  private static final Map<String, Object> RETRIED = Map.of("RetryStrategy", Map.of("MaximumRetryAttempts", 2));

  @TempDir Path root;
  private final List<HostSpec> hosts = new CopyOnWriteArrayList<>();
  private final FakeComputeBackend backend = new FakeComputeBackend(host -> {
    hosts.add(host);
    return Script.running("up\n");
  }, Clock.systemUTC());

  private void awaitHosts(int count) {
    JobBench.await(count + " attempts", () -> hosts.size() == count && !backend.list().isEmpty());
  }

  private static List<String> statuses(Map<String, Object> job) {
    return ((List<?>) job.get("SecondaryStatusTransitions")).stream()
        .map(each -> (String) ((Map<?, ?>) each).get("Status")).toList();
  }

  private Map<String, Path> checkpoints(HostSpec host) {
    return host.mounts().stream().filter(mount -> mount.inside().equals("/opt/ml/checkpoints"))
        .map(mount -> ((Mount.Copies) mount).files()).findFirst().orElseThrow();
  }

  @Test
  void anInterruptedSpotJobGoesOnFromItsCheckpoints() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", SPOT);
      server.await("job", "Training");
      WorkloadId first = server.workload();
      backend.write(first, "algo-1", "/opt/ml/checkpoints/epoch-3", "weights");
      server.interrupt("job");
      awaitHosts(2);
      assertThat(checkpoints(hosts.get(0))).isEmpty();
      assertThat(checkpoints(hosts.get(1))).containsOnlyKeys("epoch-3");
      server.await("job", "Training");
      assertThat(server.workload()).isNotEqualTo(first);
      backend.finish(server.workload(), "algo-1", 0, false);
      Map<String, Object> job = server.await("job", "Completed");
      assertThat(statuses(job)).containsExactly("Starting", "Downloading", "Training", "Interrupted", "Starting",
          "Downloading", "Training", "Uploading", "Completed");
      assertThat((Integer) job.get("BillableTimeInSeconds")).isLessThanOrEqualTo(
          (Integer) job.get("TrainingTimeInSeconds"));
      assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", "job/algo-1")).contains("up");
    }
  }

  @Test
  void aServerThatDiesWhileAJobIsInterruptedTakesItUp() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", SPOT);
      server.await("job", "Training");
      backend.before(FakeComputeBackend.Call.REMOVE, id -> {
        throw new dev.atelier.compute.ComputeException("not now");
      });
      server.interrupt("job");
      server.await("job", "Interrupted");
    }
    backend.before(FakeComputeBackend.Call.REMOVE, id -> { });
    try (TrainingBench server = new TrainingBench(root, backend)) {
      awaitHosts(2);
      assertThat(statuses(server.await("job", "Training"))).endsWith("Interrupted", "Starting", "Downloading", "Training");
      server.bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", "job"));
      server.await("job", "Stopped");
    }
  }

  @Test
  void aJobIsInterruptedWhenTheMarketSaysSo() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend, new TrainingFeature.Settings(
        new SpotMarket(0, List.of(0, 0), 0.3), new FileSystems(Map.of())))) {
      server.create("job", SPOT);
      awaitHosts(3);
      server.await("job", "Training");
      server.create("on-demand", Map.of());
      server.await("on-demand", "Training");
    }
  }

  @Test
  void lostHostsAreReplacedAsOftenAsRetryStrategySays() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", RETRIED);
      for (int attempt = 1; attempt <= 2; attempt++) {
        server.await("job", "Training");
        awaitHosts(attempt);
        backend.lose(server.workload(), "algo-1", "host lost: power cut " + attempt);
      }
      awaitHosts(3);
      server.await("job", "Training");
      backend.lose(server.workload(), "algo-1", "host lost: power cut 3");
      Map<String, Object> job = server.await("job", "Failed");
      assertThat(job.get("FailureReason")).isEqualTo(
          "InternalServerError: We encountered an internal error. Please try again. (host lost: power cut 3)");
      assertThat(statuses(job)).filteredOn("Restarting"::equals).hasSize(2);
      assertThat(job.toString()).contains("power cut 1").contains("power cut 2");
    }
  }

  @Test
  void aProgramsOwnFailureIsNotRetried() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", RETRIED);
      server.await("job", "Training");
      backend.finish(server.workload(), "algo-1", 1, false);
      server.await("job", "Failed");
      assertThat(hosts).hasSize(1);
    }
  }

  @Test
  void aSpotJobWaitsNoLongerThanItMay() throws Exception {
    Map<String, Object> waits = new HashMap<>(SPOT);
    waits.put("StoppingCondition", Map.of("MaxRuntimeInSeconds", 1, "MaxWaitTimeInSeconds", 1));
    try (TrainingBench server = new TrainingBench(root, backend)) {
      Map<String, Object> all = Map.of("InstanceType", "ml.m5.4xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1);
      server.create("all", Map.of("ResourceConfig", all));
      server.await("all", "Training");
      server.create("waits", waits);
      Map<String, Object> job = server.await("waits", "MaxWaitTimeExceeded");
      assertThat(job).containsEntry("TrainingJobStatus", "Stopped");
      assertThat(statuses(job)).containsExactly("Starting", "Pending", "MaxWaitTimeExceeded");
      server.create("runs", Map.of());
      server.bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", "all"));
      server.await("runs", "Training");
    }
  }

  @Test
  void membersThatDoNotGoTogetherAreRefused() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      refused(server, Map.of("EnableManagedSpotTraining", true), "Invalid MaxWaitTimeInSeconds");
      refused(server, Map.of("StoppingCondition", Map.of("MaxRuntimeInSeconds", 5, "MaxWaitTimeInSeconds", 9)),
          "Invalid MaxWaitTimeInSeconds");
      Map<String, Object> kept = new HashMap<>(SPOT);
      kept.put("ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1,
          "KeepAlivePeriodInSeconds", 60));
      refused(server, kept, "KeepAlivePeriodInSeconds is not supported");
      Map<String, Object> group = Map.of("InstanceGroupName", "a", "InstanceType", "ml.m5.large", "InstanceCount", 1);
      refused(server, Map.of("ResourceConfig", Map.of("InstanceType", "ml.m5.large", "VolumeSizeInGB", 1,
          "InstanceGroups", List.of(group))), "together with InstanceGroups");
      refused(server, Map.of("ResourceConfig", Map.of("VolumeSizeInGB", 1, "InstanceGroups", List.of(group, group))),
          "more than once");
    }
  }

  private static void refused(TrainingBench server, Map<String, Object> request, String why) {
    assertThatThrownBy(() -> server.create("job", request)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("ValidationException");
      assertThat(fault.getMessage()).contains(why);
    });
  }
}
