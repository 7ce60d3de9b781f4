package dev.atelier.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningCheckTest {
  private static final Map<String, Object> OBJECTIVE = Map.of("Type", "Minimize", "MetricName", "loss");

  @TempDir Path root;
  private TuningBench server;

  @BeforeEach
  void open() {
    server = new TuningBench(root, TuningBench.programs(hyperParameters -> Script.exiting(0, "loss=1;\n")));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private void refused(String code, String said, Map<String, Object> request) {
    assertThatThrownBy(() -> server.create(request)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.getMessage()).contains(said);
      assertThat(fault.code()).isEqualTo(code);
    });
    assertThat((List<?>) server.bench.call("sagemaker", "ListHyperParameterTuningJobs", Map.of())
        .get("HyperParameterTuningJobSummaries")).isEmpty();
  }

  private void refusedConfig(String said, String strategy, Map<String, Object> changes) {
    refused("ValidationException", said, TuningBench.request("tune", TuningBench.config(strategy, 4, 2, changes),
        TuningBench.definition(Map.of())));
  }

  private static Map<String, Object> real(String min, String max, String scaling) {
    return Map.of("ParameterRanges", Map.of("ContinuousParameterRanges",
        List.of(Map.of("Name", "x", "MinValue", min, "MaxValue", max, "ScalingType", scaling))));
  }

  @Test
  void rangesMustBeSearchable() {
    refusedConfig("is not a number", "Random", real("a", "1", "Auto"));
    refusedConfig("is not a number", "Random", real("0", "Infinity", "Auto"));
    refusedConfig("must not be greater than its MaxValue", "Random", real("2", "1", "Auto"));
    refusedConfig("Logarithmic scaling", "Random", real("0", "1", "Logarithmic"));
    refusedConfig("ReverseLogarithmic scaling", "Random", real("0", "1", "ReverseLogarithmic"));
    refusedConfig("is not an integer", "Random", Map.of("ParameterRanges", Map.of("IntegerParameterRanges",
        List.of(Map.of("Name", "n", "MinValue", "1", "MaxValue", "2.5")))));
    refusedConfig("specified more than once", "Random", Map.of("ParameterRanges", Map.of(
        "IntegerParameterRanges", List.of(Map.of("Name", "x", "MinValue", "1", "MaxValue", "9")),
        "ContinuousParameterRanges", List.of(Map.of("Name", "x", "MinValue", "1", "MaxValue", "2")))));
    refusedConfig("both static and tunable", "Random", Map.of("ParameterRanges", Map.of("IntegerParameterRanges",
        List.of(Map.of("Name", "epochs", "MinValue", "1", "MaxValue", "9")))));
    refusedConfig("ParameterRanges is empty", "Random", Map.of("ParameterRanges", Map.of()));
    refusedConfig("You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter "
        + "combinations for the provided ranges [3.0] must be equal or greater than the value of MaxNumberOfJobs, [4].",
        "Bayesian", Map.of("ParameterRanges", Map.of("IntegerParameterRanges",
            List.of(Map.of("Name", "n", "MinValue", "1", "MaxValue", "3")))));
    refusedConfig("greater than the limit [30]", "Random", Map.of("ParameterRanges", Map.of(
        "ContinuousParameterRanges", many("c", 20), "IntegerParameterRanges", many("i", 11))));
    refusedConfig("AutoParameters can only be specified when Autotune", "Random", Map.of("ParameterRanges",
        Map.of("AutoParameters", List.of(Map.of("Name", "x", "ValueHint", "0.1")))));
  }

  private static List<Map<String, Object>> many(String prefix, int count) {
    List<Map<String, Object>> ranges = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> ranges.add(Map.of("Name", prefix + i, "MinValue", "1", "MaxValue", "9")));
    return ranges;
  }

  @Test
  void strategiesHaveTheirRules() {
    refusedConfig("Grid search only supports categorical parameters", "Grid", Map.of());
    Map<String, Object> categories = Map.of("ParameterRanges", Map.of("CategoricalParameterRanges",
        List.of(Map.of("Name", "a", "Values", List.of("1", "2", "3")))));
    refusedConfig("must be the number of combinations", "Grid", categories);
    refusedConfig("TrainingJobEarlyStoppingType must be Off", "Hyperband",
        Map.of("TrainingJobEarlyStoppingType", "Auto"));
    refusedConfig("must be less than MaxResource [5]", "Hyperband", Map.of("StrategyConfig",
        Map.of("HyperbandStrategyConfig", Map.of("MinResource", 5, "MaxResource", 5))));
    refusedConfig("greater than the limit [20000]", "Hyperband", Map.of("StrategyConfig",
        Map.of("HyperbandStrategyConfig", Map.of("MaxResource", 20_001))));
    refusedConfig("only be specified with the Hyperband strategy", "Random", Map.of("StrategyConfig",
        Map.of("HyperbandStrategyConfig", Map.of("MaxResource", 9))));
    refused("ValidationException", "MaxResource of the HyperbandStrategyConfig is not specified",
        TuningBench.request("tune", TuningBench.config("Hyperband", 4, 2, Map.of()),
            TuningBench.definition(Map.of("StaticHyperParameters", Map.of()))));
  }

  @Test
  void limitsMustAgree() {
    refusedConfig("must not be greater than MaxNumberOfTrainingJobs", "Random", Map.of("ResourceLimits",
        Map.of("MaxNumberOfTrainingJobs", 2, "MaxParallelTrainingJobs", 3)));
    refusedConfig("so that the hyperparameter tuning job ends", "Random",
        Map.of("ResourceLimits", Map.of("MaxParallelTrainingJobs", 3)));
    refused("ResourceLimitExceeded", "is 750", TuningBench.request("tune",
        TuningBench.config("Bayesian", 751, 2, Map.of()), TuningBench.definition(Map.of())));
    refused("ResourceLimitExceeded", "is 10000", TuningBench.request("tune",
        TuningBench.config("Random", 10_001, 2, Map.of()), TuningBench.definition(Map.of())));
    refused("ResourceLimitExceeded", "is 100", TuningBench.request("tune",
        TuningBench.config("Random", 200, 101, Map.of()), TuningBench.definition(Map.of())));
  }

  @Test
  void whatNoTrainingJobCouldHaveIsRefused() {
    Map<String, Object> config = TuningBench.config("Random", 4, 2, Map.of());
    Map<String, Object> many = Map.of("InstanceType", "ml.m5.large", "InstanceCount", 500, "VolumeSizeInGB", 1);
    refused("ResourceLimitExceeded", "per training job' is 250 Instances", TuningBench.request("tune", config,
        TuningBench.definition(Map.of("ResourceConfig", many))));
    Map<String, Object> chosen = TuningBench.definition(Map.of());
    chosen.remove("ResourceConfig");
    Map<String, Object> one = new HashMap<>(many);
    one.put("InstanceCount", 1);
    chosen.put("HyperParameterTuningResourceConfig", Map.of("InstanceConfigs", List.of(one, many)));
    refused("ResourceLimitExceeded", "request delta of 500", TuningBench.request("tune", config, chosen));
    one.put("InstanceCount", 0);
    refused("ValidationException", "InstanceConfigs must have at least one",
        TuningBench.request("tune", config, chosen));
    refused("ValidationException", "the value of \"epochs\" in HyperParameters", TuningBench.request("tune", config,
        TuningBench.definition(Map.of("StaticHyperParameters", Map.of("epochs", "9\0")))));
    refused("ValidationException", "NUL character in the value of \"A\" in Environment", TuningBench.request("tune",
        config, TuningBench.definition(Map.of("Environment", Map.of("A", "\0")))));
    refusedConfig("NUL character in the categorical hyperparameter [a] at index 1", "Random", Map.of("ParameterRanges",
        Map.of("CategoricalParameterRanges", List.of(Map.of("Name", "a", "Values", List.of("1", "\0"))))));
  }

  @Test
  void definitionsAreOneOrSeveral() {
    Map<String, Object> config = TuningBench.config("Random", 4, 2, Map.of());
    refused("ValidationException", "You must specify TrainingJobDefinition or TrainingJobDefinitions",
        new HashMap<>(Map.of("HyperParameterTuningJobName", "tune", "HyperParameterTuningJobConfig", config)));
    Map<String, Object> both = TuningBench.request("tune", config, TuningBench.definition(Map.of()));
    both.put("TrainingJobDefinitions", List.of(TuningBench.definition(Map.of("DefinitionName", "a"))));
    refused("ValidationException", "not both", both);
    both.remove("TrainingJobDefinition");
    refused("ValidationException", "must have a TuningObjective", both);
    both.put("TrainingJobDefinitions", List.of(TuningBench.definition(Map.of("DefinitionName", "a",
        "TuningObjective", OBJECTIVE, "HyperParameterRanges", config.get("ParameterRanges")))));
    refused("ValidationException", "belong into each of them", both);
    refused("ValidationException", "A metric is required for this hyperparameter tuning job objective. Provide a "
        + "metric in the metric definitions.", TuningBench.request("tune", TuningBench.config("Random", 4, 2,
            Map.of("HyperParameterTuningJobObjective", Map.of("Type", "Minimize", "MetricName", "other"))),
        TuningBench.definition(Map.of())));
    Map<String, Object> definition = TuningBench.definition(Map.of());
    definition.remove("ResourceConfig");
    refused("ValidationException", "either ResourceConfig or HyperParameterTuningResourceConfig",
        TuningBench.request("tune", config, definition));
    refused("ValidationException", "No S3 objects found under S3 URL", TuningBench.request("tune", config,
        TuningBench.definition(Map.of("InputDataConfig", List.of(Map.of("ChannelName", "train", "DataSource",
            Map.of("S3DataSource", Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/none/"))))))));
  }

  @Test
  void aGridOfNothingIsRefused() {
    Map<String, Object> config = TuningBench.config("Grid", 4, 2, Map.of("ResourceLimits",
        Map.of("MaxParallelTrainingJobs", 2)));
    config.remove("ParameterRanges");
    refused("ValidationException", "You must specify ParameterRanges.",
        TuningBench.request("tune", config, TuningBench.definition(Map.of())));
  }

  @Test
  void anotherAccountsRoleIsNotPassed() {
    refused("ValidationException", "RoleArn: Cross-account pass role is not allowed.", TuningBench.request("tune",
        TuningBench.config("Random", 4, 2, Map.of()),
        TuningBench.definition(Map.of("RoleArn", "arn:aws:iam::210987654321:role/other"))));
  }

  @Test
  void warmStartsNeedParentsThatHaveEndedAndAreAlike() {
    Map<String, Object> config = TuningBench.config("Random", 1, 1, Map.of());
    Map<String, Object> warm = TuningBench.request("tune", config, TuningBench.definition(Map.of()));
    warm.put("WarmStartConfig", Map.of("WarmStartType", "TransferLearning",
        "ParentHyperParameterTuningJobs", List.of(Map.of("HyperParameterTuningJobName", "parent"))));
    refused("ValidationException", "[parent] does not exist", warm);
    server.create("parent", config);
    server.await("parent", "Completed");
    warm.put("TrainingJobDefinition", TuningBench.definition(Map.of("StaticHyperParameters",
        Map.of("epochs", "9", "more", "1"))));
    assertThatThrownBy(() -> server.create(warm)).hasMessageContaining("total number of static and tunable");
    warm.put("TrainingJobDefinition", TuningBench.definition(Map.of("StaticHyperParameters", Map.of("epochs", "8"))));
    warm.put("WarmStartConfig", Map.of("WarmStartType", "IdenticalDataAndAlgorithm",
        "ParentHyperParameterTuningJobs", List.of(Map.of("HyperParameterTuningJobName", "parent"))));
    server.create(warm);
    server.await("tune", "Completed");
    warm.put("HyperParameterTuningJobName", "other");
    warm.put("TrainingJobDefinition", TuningBench.definition(Map.of("AlgorithmSpecification", Map.of("TrainingImage",
        "another", "TrainingInputMode", "File", "MetricDefinitions", List.of(Map.of("Name", "loss", "Regex",
            "loss=([-0-9.eE]+);"))))));
    assertThatThrownBy(() -> server.create(warm)).hasMessageContaining("Use TransferLearning if they are not");
    warm.put("HyperParameterTuningJobConfig", TuningBench.config("Grid", 2, 1, Map.of("ParameterRanges",
        Map.of("CategoricalParameterRanges", List.of(Map.of("Name", "x", "Values", List.of("1", "2")))))));
    assertThatThrownBy(() -> server.create(warm)).hasMessageContaining("not supported with the Grid strategy");
  }

  @Test
  void namesAreTakenOnceInWhateverCase() {
    server.create("Tune", TuningBench.config("Random", 1, 1, Map.of()));
    assertThatThrownBy(() -> server.create("tune", TuningBench.config("Random", 1, 1, Map.of())))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("ResourceInUse"));
  }

  @Test
  void autotuneGuessesRangesAndWhenToEnd() {
    Map<String, Object> request = TuningBench.request("auto", TuningBench.config("Bayesian", 1, 1, Map.of(
        "ResourceLimits", Map.of("MaxParallelTrainingJobs", 4), "ParameterRanges", Map.of("AutoParameters", List.of(
            Map.of("Name", "rate", "ValueHint", "0.1"), Map.of("Name", "depth", "ValueHint", "6"),
            Map.of("Name", "shuffle", "ValueHint", "true"))))), TuningBench.definition(Map.of()));
    request.put("Autotune", Map.of("Mode", "Enabled"));
    server.create(request);
    Map<String, Object> job = server.await("auto", "Completed");
    assertThat(TuningBench.map(job.get("HyperParameterTuningJobConfig")))
        .containsEntry("TrainingJobEarlyStoppingType", "Auto");
    assertThat(TuningBench.map(job.get("TuningJobCompletionDetails"))).containsKey("ConvergenceDetectedTime");
    assertThat(server.trials("auto")).hasSizeBetween(10, 15).allSatisfy(each -> {
      Map<String, Object> tuned = TuningBench.map(each.get("TunedHyperParameters"));
      assertThat(Double.parseDouble((String) tuned.get("rate"))).isBetween(0.01, 1.0);
      assertThat(Integer.parseInt((String) tuned.get("depth"))).isBetween(1, 60);
      assertThat((String) tuned.get("shuffle")).isIn("true", "false");
    });
  }
}
