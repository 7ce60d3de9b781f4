package dev.atelier.processing;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The processing feature over a {@link JobBench}. */
final class ProcessingBench implements AutoCloseable {
  static final String GROUP = "/aws/sagemaker/ProcessingJobs";
  final JobBench bench;
  private final FakeComputeBackend backend;

  ProcessingBench(Path root, FakeComputeBackend backend) {
    this.backend = backend;
    bench = new JobBench(root, backend, Clock.systemUTC());
    ProcessingFeature processing = bench.keep(new ProcessingFeature(bench.platform(), bench.operations()));
    processing.adopt();
    processing.resume();
    backend.watch(processing::observed);
  }

  ProcessingJobStore store() {
    return new ProcessingJobStore(bench.platform().metadata(), bench.platform().tags());
  }

  /** A request of one host that changes may override. */
  static Map<String, Object> request(String name, Map<String, Object> changes) {
    Map<String, Object> request = new HashMap<>(Map.of(
        "ProcessingJobName", name,
        "RoleArn", JobBench.ROLE,
        "AppSpecification", Map.of("ImageUri", "image", "ContainerEntrypoint", List.of("python3", "run.py"),
            "ContainerArguments", List.of("--rows", "3")),
        "ProcessingResources", cluster(1)));
    request.putAll(changes);
    return request;
  }

  static Map<String, Object> cluster(int hosts) {
    return Map.of("ClusterConfig",
        Map.of("InstanceType", "ml.m5.large", "InstanceCount", hosts, "VolumeSizeInGB", 1));
  }

  static Map<String, Object> input(String name, String uri, String localPath, Map<String, Object> more) {
    Map<String, Object> s3 = new HashMap<>(Map.of("S3Uri", uri, "LocalPath", localPath, "S3DataType", "S3Prefix"));
    s3.putAll(more);
    return Map.of("InputName", name, "S3Input", s3);
  }

  static Map<String, Object> output(String name, String uri, String localPath, String mode) {
    return Map.of("OutputName", name, "S3Output",
        Map.of("S3Uri", uri, "LocalPath", localPath, "S3UploadMode", mode));
  }

  @SafeVarargs
  static Map<String, Object> outputs(Map<String, Object>... outputs) {
    return Map.of("ProcessingOutputConfig", Map.of("Outputs", List.of(outputs)));
  }

  void create(String name, Map<String, Object> changes) {
    bench.call("sagemaker", "CreateProcessingJob", request(name, changes));
  }

  Map<String, Object> describe(String name) {
    return bench.call("sagemaker", "DescribeProcessingJob", Map.of("ProcessingJobName", name));
  }

  void stop(String name) {
    bench.call("sagemaker", "StopProcessingJob", Map.of("ProcessingJobName", name));
  }

  Map<String, Object> await(String name, String status) {
    JobBench.await(name + " is " + status, () -> status.equals(describe(name).get("ProcessingJobStatus")));
    return describe(name);
  }

  /** Waits until the program of the only job runs. */
  WorkloadId running(String name) {
    JobBench.await(name + " runs", () -> describe(name).containsKey("ProcessingStartTime"));
    return backend.list().keySet().iterator().next();
  }

  @Override
  public void close() throws Exception {
    backend.close();
    bench.close();
  }
}
