package dev.atelier.training;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The training feature over a {@link JobBench}. */
final class TrainingBench implements AutoCloseable {
  final JobBench bench;
  private final FakeComputeBackend backend;
  private final TrainingFeature training;

  TrainingBench(Path root, FakeComputeBackend backend) {
    this(root, backend, TrainingFeature.Settings.DEFAULT);
  }

  TrainingBench(Path root, FakeComputeBackend backend, TrainingFeature.Settings settings) {
    this.backend = backend;
    bench = new JobBench(root, backend, Clock.systemUTC());
    training = bench.keep(new TrainingFeature(bench.platform(), bench.operations(), settings));
    training.adopt();
    training.resume();
    backend.watch(training::observed);
  }

  TrainingJobStore store() {
    return new TrainingJobStore(bench.platform().metadata(), bench.platform().tags());
  }

  /** Others that run the same jobs, to be called where the feature's own would be at a chosen time. */
  TrainingRuns runs() {
    JobPlatform platform = bench.platform();
    Checkpoints checkpoints = new Checkpoints(backend, platform.roles(), platform.logs(), store());
    return new TrainingRuns(platform, store(), new TrainingInput(platform, store(), checkpoints,
        TrainingFeature.Settings.DEFAULT.fileSystems()), new TrainingOutput(platform, checkpoints), checkpoints,
        SpotMarket.CALM);
  }

  /** A request of one host that changes may override. */
  static Map<String, Object> request(String name, Map<String, Object> changes) {
    Map<String, Object> request = new HashMap<>(Map.of(
        "TrainingJobName", name,
        "RoleArn", JobBench.ROLE,
        "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File"),
        "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"),
        "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1),
        "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600)));
    request.putAll(changes);
    return request;
  }

  void create(String name, Map<String, Object> changes) {
    bench.call("sagemaker", "CreateTrainingJob", request(name, changes));
  }

  /** Takes away a job's spot instances. */
  void interrupt(String name) {
    training.interrupt(JobBench.CALLER, name);
  }

  Map<String, Object> describe(String name) {
    return bench.call("sagemaker", "DescribeTrainingJob", Map.of("TrainingJobName", name));
  }

  /** Waits until the job has the status, the secondary one included. */
  Map<String, Object> await(String name, String status) {
    JobBench.await(name + " is " + status, () -> {
      Map<String, Object> job = describe(name);
      return status.equals(job.get("TrainingJobStatus")) || status.equals(job.get("SecondaryStatus"));
    });
    return describe(name);
  }

  WorkloadId workload() {
    return backend.list().keySet().iterator().next();
  }

  @Override
  public void close() throws Exception {
    backend.close();
    bench.close();
  }
}
