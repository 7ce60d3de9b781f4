package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Call;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of jobs that end while other things happen. */
class CheckpointReleaseTest {
  private static final String FILE = "/opt/ml/checkpoints/last";
  private static final Map<String, Object> CHECKPOINTS =
      Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/kept"));

  @TempDir Path root;
  private final FakeComputeBackend backend =
      new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());

  private static boolean stored(TrainingBench server) {
    return server.bench.objects().find(JobBench.BUCKET, "kept/last").isPresent();
  }

  @Test
  void hostsWhoseCheckpointsAClosingServerCouldNotStoreAreLeftToTheNext() throws Exception {
    CompletableFuture<Thread> storing = new CompletableFuture<>();
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", CHECKPOINTS);
      server.await("job", "Training");
      WorkloadId id = server.workload();
      backend.write(id, "algo-1", FILE, "words");
      backend.before(Call.FILES, any -> {
        storing.complete(Thread.currentThread());
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          throw new ComputeException("interrupted");
        }
      });
      backend.lose(id, "algo-1", "ended from outside");
      server.await("job", "Failed");
      storing.get(20, TimeUnit.SECONDS);
    }
    assertThat(storing.get().join(Duration.ofSeconds(20))).isTrue();
    assertThat(backend.list()).hasSize(1);
    backend.before(Call.FILES, any -> { });
    try (TrainingBench server = new TrainingBench(root, backend)) {
      JobBench.await("the job is released", () -> server.bench.platform().live().ids().isEmpty());
      assertThat(backend.list()).isEmpty();
      assertThat(stored(server)).isTrue();
    }
  }

  @Test
  void nothingIsKeptOfAJobThatEndedBeforeItWasFollowed() throws Exception {
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", CHECKPOINTS);
      server.await("job", "Training");
      JobPlatform platform = server.bench.platform();
      TrainingJobStore store = new TrainingJobStore(platform.metadata(), platform.tags());
      TrainingJob job = store.find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow();
      WorkloadId id = server.workload();
      // the hosts stay as long as the test wants to see what is stored of them
      backend.before(Call.REMOVE, any -> {
        throw new ComputeException("a process does not end");
      });
      backend.finish(id, "algo-1", 0, false);
      server.await("job", "Completed");
      Checkpoints checkpoints = new Checkpoints(backend, platform.roles(), platform.logs(), store);
      try (TrainingRuns late = new TrainingRuns(platform, store, new TrainingInput(platform, store, checkpoints,
          TrainingFeature.Settings.DEFAULT.fileSystems()),
          new TrainingOutput(platform, checkpoints), checkpoints, SpotMarket.CALM)) {
        late.watch(job);
        backend.write(id, "algo-1", FILE, "words");
        checkpoints.pass(job);
      }
      assertThat(stored(server)).isFalse();
    }
  }
}
