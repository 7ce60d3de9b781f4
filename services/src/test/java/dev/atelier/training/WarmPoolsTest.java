package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmPoolsTest {
  @TempDir Path root;
  private final List<HostSpec> hosts = new CopyOnWriteArrayList<>();
  private final FakeComputeBackend backend = new FakeComputeBackend(host -> {
    hosts.add(host);
    return Script.exiting(0, "done\n");
  }, Clock.systemUTC());

  private static Map<String, Object> kept(int seconds, String type) {
    return Map.of("ResourceConfig", Map.of("InstanceType", type, "InstanceCount", 1, "VolumeSizeInGB", 1,
        "KeepAlivePeriodInSeconds", seconds));
  }

  private static void awaitPool(TrainingBench server, String job, String status) {
    JobBench.await(job + "'s pool is " + status, () -> server.describe(job).get("WarmPoolStatus") instanceof Map<?, ?> pool
        && status.equals(pool.get("Status")));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).as("the next job runs").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> caches() {
    return hosts.stream().flatMap(host -> host.mounts().stream()).filter(Mount.Volume.class::isInstance)
        .map(mount -> ((Mount.Volume) mount).name()).toList();
  }

  @Test
  void aMatchingJobTakesTheInstancesOver() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("first", kept(600, "ml.m5.large"));
      server.await("first", "Completed");
      awaitPool(server, "first", "Available");
      server.create("other-type", kept(600, "ml.m5.xlarge"));
      server.await("other-type", "Completed");
      server.create("second", kept(600, "ml.m5.large"));
      server.await("second", "Completed");
      awaitPool(server, "first", "Reused");
      assertThat(((Map<?, ?>) server.describe("first").get("WarmPoolStatus")).get("ReusedByJob")).isEqualTo("second");
      assertThat(caches()).hasSize(3);
      assertThat(caches().get(0)).isEqualTo(caches().get(2)).isNotEqualTo(caches().get(1));
      awaitPool(server, "second", "Available");
      assertThat(server.bench.call("sagemaker", "ListTrainingJobs", Map.of("WarmPoolStatusEquals", "Reused")).toString())
          .contains("first").doesNotContain("training-job/second");
    }
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("third", kept(0, "ml.m5.large"));
      server.await("third", "Completed");
      awaitPool(server, "second", "Reused");
      awaitPool(server, "third", "Terminated");
      JobBench.await("the folder is gone", () -> backend.volumes().size() == 1);
    }
  }

  @Test
  void aVolumeOfNoSizeIsAlikeToOneOfSizeZero() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("first", Map.of("ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1,
          "VolumeSizeInGB", 0, "KeepAlivePeriodInSeconds", 600)));
      server.await("first", "Completed");
      awaitPool(server, "first", "Available");
      server.create("second", Map.of("ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1,
          "KeepAlivePeriodInSeconds", 600)));
      server.await("second", "Completed");
      awaitPool(server, "first", "Reused");
    }
  }

  @Test
  void aJobThatWaitsTakesTheInstancesOverInItsTurn() throws Exception {
    FakeComputeBackend waitedFor = new FakeComputeBackend(host -> {
      hosts.add(host);
      return Script.running("");
    }, Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, waitedFor)) {
      server.create("first", kept(600, "ml.m5.4xlarge"));
      server.await("first", "Training");
      server.create("second", kept(600, "ml.m5.4xlarge"));
      server.await("second", "Pending");
      server.create("other", Map.of("ResourceConfig",
          Map.of("InstanceType", "ml.m5.4xlarge", "InstanceCount", 1, "VolumeSizeInGB", 2)));
      server.await("other", "Pending");
      waitedFor.finish(server.workload(), "algo-1", 0, false);
      server.await("second", "Training");
      awaitPool(server, "first", "Reused");
      assertThat(server.describe("other").get("SecondaryStatus")).isEqualTo("Pending");
      assertThat(caches()).hasSize(2);
      assertThat(caches().get(0)).isEqualTo(caches().get(1));
      waitedFor.finish(server.workload(), "algo-1", 0, false);
      server.await("other", "Training");
      awaitPool(server, "second", "Terminated");
      JobBench.await("no folder is left", () -> waitedFor.volumes().isEmpty());
    }
  }

  @Test
  void roomOfProgramsThatEndedIsGivenOnBeforeTheirOutputIsStored() throws Exception {
    FakeComputeBackend busy = new FakeComputeBackend(host -> Script.running(""), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, busy)) {
      CountDownLatch next = new CountDownLatch(1);
      server.create("first", Map.of("ResourceConfig",
          Map.of("InstanceType", "ml.m5.4xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1)));
      server.await("first", "Training");
      busy.before(FakeComputeBackend.Call.COLLECT, any -> await(next));
      server.create("second", Map.of("ResourceConfig",
          Map.of("InstanceType", "ml.m5.4xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1)));
      server.await("second", "Pending");
      busy.finish(server.workload(), "algo-1", 0, false);
      server.await("second", "Training");
      assertThat(server.describe("first").get("SecondaryStatus")).isEqualTo("Uploading");
      next.countDown();
      server.await("first", "Completed");
    }
  }

  @Test
  void aPoolThatIsKeptAgainStays() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", kept(600, "ml.m5.large"));
      server.await("job", "Completed");
      awaitPool(server, "job", "Available");
      TrainingJob job = server.store().find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow();
      try (TrainingRuns runs = server.runs()) {
        runs.pools().keep(job);
      }
      assertThat(server.store().find(job.arn().toString()).flatMap(TrainingJob::pool)).isEqualTo(job.pool());
      assertThat(backend.volumes()).hasSize(1);
    }
  }

  @Test
  void theInstancesOfAJobThatIsDeletedAtOnceAreGivenBack() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("other", kept(600, "ml.m5.xlarge"));
      server.await("other", "Completed");
      awaitPool(server, "other", "Available");
      CompletableFuture<Void> deleted = new CompletableFuture<>();
      backend.before(FakeComputeBackend.Call.REMOVE, id -> deleted.join());
      server.create("job", kept(600, "ml.m5.large"));
      server.await("job", "Completed");
      awaitPool(server, "job", "InUse");
      assertThat(backend.volumes()).hasSize(2);
      server.bench.call("sagemaker", "DeleteTrainingJob", Map.of("TrainingJobName", "job"));
      deleted.complete(null);
      JobBench.await("its folder is gone", () -> backend.volumes().size() == 1);
      awaitPool(server, "other", "Available");
    }
  }

  @Test
  void aPoolEndsByUpdateByTimeAndForWhoWaits() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      for (String job : List.of("updated", "waited-for")) {
        server.create(job, kept(600, "ml.m5.4xlarge"));
        server.await(job, "Completed");
        awaitPool(server, job, "Available");
        if (job.equals("updated")) {
          server.bench.call("sagemaker", "UpdateTrainingJob",
              Map.of("TrainingJobName", job, "ResourceConfig", Map.of("KeepAlivePeriodInSeconds", 0)));
          awaitPool(server, job, "Terminated");
        }
      }
      assertThatThrownBy(() -> server.bench.call("sagemaker", "UpdateTrainingJob",
          Map.of("TrainingJobName", "updated", "ResourceConfig", Map.of("KeepAlivePeriodInSeconds", 60))))
          .isInstanceOf(Fault.class).hasMessageContaining("Available");
      server.create("wants-room", kept(1, "ml.m5.2xlarge"));
      server.await("wants-room", "Completed");
      awaitPool(server, "waited-for", "Terminated");
      awaitPool(server, "wants-room", "Terminated");
      JobBench.await("no folder is left", () -> backend.volumes().isEmpty());
    }
  }
}
