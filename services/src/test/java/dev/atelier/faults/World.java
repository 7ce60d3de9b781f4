package dev.atelier.faults;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Fault;
import dev.atelier.processing.ProcessingFeature;
import dev.atelier.training.TrainingFeature;
import dev.atelier.tuning.TuningFeature;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A data folder and what runs beside it, with one server after the other over them. */
final class World implements AutoCloseable {
  private final FakeComputeBackend backend = new FakeComputeBackend(World::program, Clock.systemUTC());
  private final Path root;
  private final Chronicle chronicle;
  private Mortal mortal;
  private JobBench bench;
  private TrainingFeature training;

  World(Path root) {
    this.root = root;
    this.chronicle = new Chronicle(root.resolve("meta.db"));
  }

  /** Trials tell their objective and end; every other program does what the test makes it do. */
  private static Script program(HostSpec host) {
    return host.environment().getOrDefault("TRAINING_JOB_NAME", "").startsWith("tune")
        ? Script.exiting(0, "line 0\nloss=0.5;\n") : Script.running("line 0\n");
  }

  FakeComputeBackend backend() {
    return backend;
  }

  Chronicle chronicle() {
    return chronicle;
  }

  JobBench bench() {
    return bench;
  }

  /** Starts a server that dies at the target, if one is named and it gets there. */
  void open(Optional<Mortal.Target> target) {
    mortal = new Mortal(backend, chronicle);
    bench = new JobBench(root, mortal.backend(), Clock.systemUTC());
    mortal.hold(bench.platform().metadata());
    target.ifPresent(mortal::arm);
    try {
      training = bench.keep(new TrainingFeature(bench.platform(), bench.operations()));
      ProcessingFeature processing = bench.keep(new ProcessingFeature(bench.platform(), bench.operations()));
      TuningFeature tuning = bench.keep(new TuningFeature(bench.platform(), training.tuned(), bench.operations()));
      training.adopt();
      processing.adopt();
      training.resume();
      processing.resume();
      tuning.resume();
      tidy(bench.platform());
      mortal.backend().watch(event -> {
        training.observed(event);
        processing.observed(event);
      });
    } catch (Mortal.Killed | RuntimeException e) {
      if (!mortal.dead()) {
        throw e;
      }
    }
  }

  /** Removes what belongs to nobody, as every server does when all its features have taken up theirs. */
  private static void tidy(JobPlatform platform) {
    platform.backend().list().keySet().stream().filter(id -> platform.live().find(id).isEmpty())
        .forEach(platform.backend()::remove);
    platform.staging().retain(name -> platform.live().find(new WorkloadId(name)).isPresent());
  }

  /** Lets the present server live, however far it gets. */
  void spare() {
    mortal.disarm();
  }

  /** Where the present server died. */
  Optional<String> diedAt() {
    return Optional.ofNullable(mortal.diedAt());
  }

  /** Does what a client asks of the server; empty when nobody answered. */
  Optional<Map<String, Object>> ask(String operation, Map<String, Object> request) {
    try {
      return Optional.of(bench.call("sagemaker", operation, request)).filter(answer -> !mortal.dead());
    } catch (Mortal.Killed e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      if (mortal.dead()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Takes a job's spot instances away; false when nobody answered, true also when they are gone. */
  boolean interrupt(String job) {
    try {
      training.interrupt(JobBench.CALLER, job);
      return !mortal.dead();
    } catch (Mortal.Killed e) {
      return false;
    } catch (Fault e) {
      return true;
    } catch (RuntimeException e) {
      if (mortal.dead()) {
        return false;
      }
      throw e;
    }
  }

  /** Waits until the server did something, for a moment at most. */
  void await() throws InterruptedException {
    mortal.news().tryAcquire(20, TimeUnit.MILLISECONDS);
  }

  /** Clears away what a dead server left in memory; the next one has the folder and the backend. */
  void bury() {
    backend.close();
    for (boolean closed = false; !closed;) {
      try {
        bench.close();
        closed = true;
      } catch (Exception | Mortal.Killed e) {
        // its database is gone: the closing of this part failed, the others are yet to be closed
      }
    }
  }

  @Override
  public void close() throws SQLException {
    bury();
    chronicle.close();
  }
}
