package dev.atelier.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.jobs.JobBench;
import dev.atelier.training.TrainingFeature;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The training and tuning features over a {@link JobBench}, with programs that are functions of hyperparameters. */
final class TuningBench implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final JobBench bench;
  final FakeComputeBackend backend;

  TuningBench(Path root, FakeComputeBackend backend) {
    this.backend = backend;
    bench = new JobBench(root, backend, Clock.systemUTC());
    TrainingFeature training = bench.keep(new TrainingFeature(bench.platform(), bench.operations()));
    TuningFeature tuning = bench.keep(new TuningFeature(bench.platform(), training.tuned(), bench.operations()));
    training.adopt();
    training.resume();
    backend.watch(training::observed);
    tuning.resume();
  }

  /** A backend whose programs see their hyperparameters. */
  static FakeComputeBackend programs(Function<Map<String, String>, Script> program) {
    return new FakeComputeBackend(host -> program.apply(hyperParameters(host)), Clock.systemUTC());
  }

  static Map<String, String> hyperParameters(HostSpec host) {
    String text = host.mounts().stream().filter(Mount.Texts.class::isInstance).map(Mount.Texts.class::cast)
        .map(texts -> texts.texts().get("hyperparameters.json")).filter(each -> each != null).findFirst().orElseThrow();
    try {
      return JSON.readValue(text, new TypeReference<HashMap<String, String>>() { });
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The program of a parabola whose least loss is at x = 0.3. */
  static Script parabola(Map<String, String> hyperParameters) {
    double x = Double.parseDouble(hyperParameters.get("x"));
    return Script.exiting(0, "loss=" + (x - 0.3) * (x - 0.3) + ";\n");
  }

  static Map<String, Object> config(String strategy, int most, int parallel, Map<String, Object> changes) {
    Map<String, Object> config = new HashMap<>(Map.of(
        "Strategy", strategy,
        "HyperParameterTuningJobObjective", Map.of("Type", "Minimize", "MetricName", "loss"),
        "ResourceLimits", Map.of("MaxNumberOfTrainingJobs", most, "MaxParallelTrainingJobs", parallel),
        "ParameterRanges", Map.of("ContinuousParameterRanges",
            List.of(Map.of("Name", "x", "MinValue", "0", "MaxValue", "1"))),
        "RandomSeed", 7));
    config.putAll(changes);
    return config;
  }

  static Map<String, Object> definition(Map<String, Object> changes) {
    Map<String, Object> definition = new HashMap<>(Map.of(
        "RoleArn", JobBench.ROLE,
        "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File",
            "MetricDefinitions", List.of(Map.of("Name", "loss", "Regex", "loss=([-0-9.eE]+);"))),
        "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"),
        "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1),
        "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600),
        "StaticHyperParameters", Map.of("epochs", "9")));
    definition.putAll(changes);
    return definition;
  }

  static Map<String, Object> request(String name, Map<String, Object> config, Map<String, Object> definition) {
    return new HashMap<>(Map.of("HyperParameterTuningJobName", name, "HyperParameterTuningJobConfig", config,
        "TrainingJobDefinition", definition));
  }

  Map<String, Object> create(String name, Map<String, Object> config) {
    return create(request(name, config, definition(Map.of())));
  }

  Map<String, Object> create(Map<String, Object> request) {
    return bench.call("sagemaker", "CreateHyperParameterTuningJob", request);
  }

  Map<String, Object> describe(String name) {
    return bench.call("sagemaker", "DescribeHyperParameterTuningJob", Map.of("HyperParameterTuningJobName", name));
  }

  Map<String, Object> training(String name) {
    return bench.call("sagemaker", "DescribeTrainingJob", Map.of("TrainingJobName", name));
  }

  /** The summaries of a tuning job's training jobs, by name. */
  List<Map<String, Object>> trials(String name, Map<String, Object> members) {
    Map<String, Object> request = new HashMap<>(Map.of("HyperParameterTuningJobName", name, "MaxResults", 100));
    request.putAll(members);
    Object found = bench.call("sagemaker", "ListTrainingJobsForHyperParameterTuningJob", request)
        .get("TrainingJobSummaries");
    return ((List<?>) found).stream().map(TuningBench::map).toList();
  }

  List<Map<String, Object>> trials(String name) {
    return trials(name, Map.of());
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  Map<String, Object> await(String name, String status) {
    JobBench.await(name + " is " + status, () -> status.equals(describe(name).get("HyperParameterTuningJobStatus")));
    return describe(name);
  }

  @Override
  public void close() throws Exception {
    backend.close();
    bench.close();
  }
}
