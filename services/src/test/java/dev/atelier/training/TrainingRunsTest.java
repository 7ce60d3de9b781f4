package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Call;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.Resources;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunsTest {
  @TempDir Path root;
  private final FakeComputeBackend backend =
      new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());

  private static TrainingJob job(TrainingState state, Instant at, String type) {
    Map<String, Object> request = TrainingBench.request("job", Map.of(
        "ResourceConfig", Map.of("InstanceType", type, "InstanceCount", 1, "VolumeSizeInGB", 1)));
    return new TrainingJob(Arn.of("sagemaker", JobBench.REGION, JobBench.ACCOUNT, "training-job/job"),
        JobBench.ACCOUNT, JobBench.REGION, "job", CreateTrainingJobRequest.fromDocument(request), state, 0,
        Attempts.first(at), "", at, at, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        List.of(), Optional.empty(), Optional.empty());
  }

  /** A job that was accepted when its instance type was known. */
  private static TrainingJob ofUnknownType(TrainingState state) {
    return job(state, Instant.EPOCH, "ml.gone.large");
  }

  @Test
  void whatCannotBeBegunAfterItIsStoredFailsTheJobAndNotItsCaller() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      try (TrainingRuns runs = server.runs()) {
        TrainingJob job = ofUnknownType(TrainingState.STARTING);
        server.store().insert(job, Map.of());
        runs.act(job);
        assertThat((String) server.await("job", "Failed").get("FailureReason")).contains("ml.gone.large");
      }
    }
  }

  @Test
  void whoComesLateToWatchALostAttemptFailsNoJob() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      TrainingJobStore store = server.store();
      server.create("job", Map.of("RetryStrategy", Map.of("MaximumRetryAttempts", 1)));
      server.await("job", "Training");
      TrainingJob first = store.find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow();
      backend.lose(server.workload(), "algo-1", "host lost: power cut");
      JobBench.await("its second attempt runs", () -> store.find(first.arn().toString())
          .filter(job -> job.attempts().number() == 2 && job.state() == TrainingState.TRAINING).isPresent());
      try (TrainingRuns runs = server.runs()) {
        runs.watch(first);
      }
    }
  }

  @Test
  void aProgramThatEndedWhileNoServerWasThereDidNotRunTooLong() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
    }
    backend.finish(backend.list().keySet().iterator().next(), "algo-1", 0, false);
    hoursLater();
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.await("job", "Completed");
    }
  }

  @Test
  void aProgramThatStillRunsWhenAServerIsThereAgainIsEndedAtItsLimit() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
    }
    hoursLater();
    try (TrainingBench server = new TrainingBench(root, backend)) {
      assertThat(server.await("job", "Stopped")).containsEntry("SecondaryStatus", "MaxRuntimeExceeded");
    }
  }

  private void hoursLater() throws Exception {
    try (MetadataStore store = MetadataStore.open(root.resolve("meta.db"), "db/meta")) {
      int moved = store.<Integer>write(tx -> tx.execute("update training_job set running_since = running_since - 36000000"));
      assertThat(moved).isEqualTo(1);
    }
  }

  @Test
  void aJobThatIsStoppedBeforeItAsksForCapacityKeepsNone() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      JobPlatform platform = server.bench.platform();
      TrainingJob job = job(TrainingState.STARTING, Instant.EPOCH, "ml.m5.large");
      server.store().insert(job, Map.of());
      server.bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", "job"));
      JobBench.await("it is released", () -> platform.live().ids().isEmpty());
      try (TrainingRuns runs = server.runs()) {
        runs.begin(job);
        Resources all = new Resources(1, platform.capacity().memoryBytes(), 0, 1, 1);
        assertThat(platform.capacity().acquire("another", all, 1, () -> { })).isEmpty();
        assertThat(platform.live().ids()).isEmpty();
      }
    }
  }

  @Test
  void whoeverDeletesAJobLateLeavesTheNextOfItsNameAsItIs() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      TrainingJobStore store = server.store();
      TrainingJob first = job(TrainingState.TRAINING, Instant.EPOCH, "ml.m5.large");
      store.insert(first, Map.of());
      store.apply(first, TrainingEvent.BROKEN, TrainingState.FAILED, TrainingJobStore.Change.NONE, Instant.EPOCH);
      TrainingJob ended = store.find(first.arn().toString()).orElseThrow();
      store.delete(ended);
      TrainingJob second = job(TrainingState.STARTING, Instant.EPOCH.plusMillis(1), "ml.m5.large");
      store.insert(second, Map.of("which", "second"));
      store.delete(ended);
      JobPlatform platform = server.bench.platform();
      assertThat(store.transitions(first.arn())).hasSize(1);
      assertThat(platform.metadata().<Map<String, String>>read(tx -> platform.tags().all(tx, first.arn().toString())))
          .containsExactly(Map.entry("which", "second"));
    }
  }

  @Test
  void aServerStartsWhateverItFinds() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.store().insert(ofUnknownType(TrainingState.DOWNLOADING), Map.of());
    }
    try (TrainingBench server = new TrainingBench(root, backend)) {
      assertThat((String) server.await("job", "Failed").get("FailureReason")).contains("ml.gone.large");
      server.create("next", Map.of());
      server.await("next", "Training");
    }
  }

  @Test
  void whatThisMachineCanNeverHaveWaitsForNothing() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      Map<String, Object> all = Map.of("InstanceType", "ml.m5.4xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1);
      server.create("all", Map.of("ResourceConfig", all));
      server.await("all", "Training");
      server.create("waits", Map.of());
      server.create("gpu", Map.of("ResourceConfig",
          Map.of("InstanceType", "ml.g4dn.xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1)));
      assertThat((String) server.await("gpu", "Failed").get("FailureReason")).contains("CapacityError");
      assertThat(server.describe("waits").get("SecondaryStatus")).isEqualTo("Pending");
    }
  }

  @Test
  void whatThePlatformTellsIsToldOnce() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
      TrainingJobStore store = server.store();
      TrainingJob job = store.find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow();
      new TrainingInput(server.bench.platform(), store,
          new Checkpoints(backend, server.bench.platform().roles(), server.bench.platform().logs(), store),
          TrainingFeature.Settings.DEFAULT.fileSystems()).prepareImage(job);
      assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", "job/")).containsOnlyOnce("differs");
      store.appendMessage(job.arn(), "differs");
      assertThat(store.transitions(job.arn()).getLast().message().split("differs", -1)).hasSize(2);
    }
  }

  @Test
  void aJobThatAtelierDownEndedSaysSoAfterTheNextStart() throws Exception {
    String reason = "The job's sandbox was ended by atelier down";
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
    }
    backend.lose(backend.list().keySet().iterator().next(), "algo-1", reason);
    try (TrainingBench server = new TrainingBench(root, backend)) {
      assertThat(server.await("job", "Failed"))
          .containsEntry("FailureReason", reason).containsEntry("SecondaryStatus", "Failed");
      JobBench.await("its hosts are removed", () -> backend.list().isEmpty());
    }
  }

  @Test
  void hostsThatCannotBeRemovedAtOnceAreRemovedLater() throws Exception {
    AtomicInteger refusals = new AtomicInteger(2);
    backend.before(Call.REMOVE, id -> {
      if (refusals.getAndDecrement() > 0) {
        throw new ComputeException("a process does not end");
      }
    });
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
      backend.finish(server.workload(), "algo-1", 0, false);
      server.await("job", "Completed");
      JobBench.await("its hosts are removed", () -> backend.list().isEmpty());
    }
  }

  @RepeatedTest(10)
  void aServerThatClosesFailsNoJob() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      JobBench.await("the job has a sandbox", () -> !backend.list().isEmpty());
    }
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.await("job", "Training");
      backend.finish(server.workload(), "algo-1", 0, false);
      server.await("job", "Completed");
    }
  }
}
