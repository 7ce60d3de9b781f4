package dev.atelier.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningLifeTest {
  @TempDir Path root;

  private static final Comparator<Map<String, Object>> BY_OBJECTIVE = Comparator.comparing(
      each -> (Float) TuningBench.map(each.get("FinalHyperParameterTuningJobObjectiveMetric")).get("Value"));

  private static List<WorkloadId> running(FakeComputeBackend backend) {
    return backend.list().entrySet().stream()
        .filter(each -> each.getValue().values().stream().allMatch(WorkloadState.Running.class::isInstance))
        .map(Map.Entry::getKey).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Random", "Bayesian"})
  void aTuningJobRunsItsTrainingJobsAndKnowsTheBest(String strategy) throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      Map<String, Object> request = TuningBench.request("tune", TuningBench.config(strategy, 8, 2, Map.of()),
          TuningBench.definition(Map.of()));
      request.put("Tags", List.of(Map.of("Key", "team", "Value", "blue")));
      assertThat(server.create(request).get("HyperParameterTuningJobArn"))
          .isEqualTo("arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tune");
      Map<String, Object> job = server.await("tune", "Completed");
      assertThat(TuningBench.map(job.get("TrainingJobStatusCounters"))).containsEntry("Completed", 8)
          .containsEntry("InProgress", 0).containsEntry("NonRetryableError", 0).containsEntry("Stopped", 0);
      assertThat(TuningBench.map(job.get("ObjectiveStatusCounters"))).containsEntry("Succeeded", 8);
      List<Map<String, Object>> trials = server.trials("tune");
      assertThat(trials).hasSize(8).allSatisfy(each -> assertThat((String) each.get("TrainingJobName"))
          .matches("tune-00[1-8]-[0-9a-f]{8}"));
      Map<String, Object> best = trials.stream().min(BY_OBJECTIVE).orElseThrow();
      assertThat(TuningBench.map(job.get("BestTrainingJob"))).isEqualTo(best);
      assertThat(server.trials("tune", Map.of("SortBy", "FinalObjectiveMetricValue")).getFirst()).isEqualTo(best);
      Map<String, Object> training = server.training((String) best.get("TrainingJobName"));
      assertThat(training).containsEntry("TuningJobArn", job.get("HyperParameterTuningJobArn"));
      assertThat(TuningBench.map(training.get("HyperParameters"))).containsEntry("_tuning_objective_metric", "loss")
          .containsEntry("epochs", "9").containsAllEntriesOf(TuningBench.map(best.get("TunedHyperParameters")));
      Map<String, String> tags = server.bench.platform().metadata().read(tx ->
          server.bench.platform().tags().all(tx, (String) training.get("TrainingJobArn")));
      assertThat(tags).containsEntry("team", "blue");
    }
  }

  @Test
  void noMoreRunAtATimeThanMayAndAKillLosesAndDoublesNothing() throws Exception {
    FakeComputeBackend backend = TuningBench.programs(hyperParameters -> Script.running("loss=0.5;\n"));
    try (TuningBench server = new TuningBench(root, backend)) {
      server.create("tune", TuningBench.config("Random", 5, 2, Map.of()));
      JobBench.await("two run", () -> running(backend).size() == 2);
      assertThat(server.trials("tune")).hasSize(2);
    }
    // what a server that is killed before it asks for a training job leaves behind
    try (MetadataStore store = MetadataStore.open(root.resolve("meta.db"), "db/meta")) {
      int added = store.write(tx -> tx.execute("""
          insert into tuning_trial select tuning_job, 3, 'tune-003-0badcafe', 0, '{"x":"0.25"}', 0, 'InProgress',
            'Pending', 0, '', '', created_at, 0, 0 from tuning_trial where number = 2"""));
      assertThat(added).isEqualTo(1);
      store.write(tx -> tx.execute("update tuning_job set request = replace(request, '\"MaxParallelTrainingJobs\":2', "
          + "'\"MaxParallelTrainingJobs\":3')"));
    }
    try (TuningBench server = new TuningBench(root, backend)) {
      JobBench.await("the third runs", () -> running(backend).size() == 3);
      assertThat(TuningBench.map(server.training("tune-003-0badcafe").get("HyperParameters")))
          .containsEntry("x", "0.25");
      while (!server.describe("tune").get("HyperParameterTuningJobStatus").equals("Completed")) {
        assertThat(running(backend)).hasSizeLessThanOrEqualTo(3);
        running(backend).forEach(id -> backend.finish(id, "algo-1", 0, false));
      }
      assertThat(server.trials("tune").stream().map(each -> each.get("TrainingJobName")).distinct()).hasSize(5);
      Object all = server.bench.call("sagemaker", "ListTrainingJobs", Map.of()).get("TrainingJobSummaries");
      assertThat((List<?>) all).hasSize(5);
    }
  }

  @Test
  void whatCannotSucceedIsGivenUp() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(hyperParameters ->
        hyperParameters.containsKey("silent") ? Script.exiting(0, "nothing\n") : Script.exiting(1, "loss=1;\n")))) {
      server.create("fails", TuningBench.config("Random", 20, 2, Map.of()));
      Map<String, Object> failed = server.await("fails", "Failed");
      assertThat(failed.get("FailureReason")).isEqualTo(Progress.NONE_SUCCEEDED);
      assertThat((Integer) TuningBench.map(failed.get("TrainingJobStatusCounters")).get("NonRetryableError"))
          .isBetween(5, 6);
      server.create("few", TuningBench.config("Random", 2, 2, Map.of()));
      assertThat(server.await("few", "Failed").get("FailureReason")).isEqualTo(Progress.ALL_FAILED);
      server.create(TuningBench.request("silent", TuningBench.config("Random", 20, 1, Map.of()),
          TuningBench.definition(Map.of("StaticHyperParameters", Map.of("silent", "1")))));
      assertThat((String) server.await("silent", "Failed").get("FailureReason"))
          .startsWith("No objective metrics found after running 5 training jobs.");
    }
  }

  @Test
  void aStopEndsWhatRunsAndDeletionForgetsTheJobAlone() throws Exception {
    FakeComputeBackend backend = TuningBench.programs(hyperParameters -> Script.running("loss=0.5;\n"));
    try (TuningBench server = new TuningBench(root, backend)) {
      server.create("tune", TuningBench.config("Random", 5, 2, Map.of()));
      JobBench.await("two run", () -> running(backend).size() == 2);
      Map<String, Object> named = Map.of("HyperParameterTuningJobName", "tune");
      assertThatThrownBy(() -> server.bench.call("sagemaker", "DeleteHyperParameterTuningJob", named))
          .isInstanceOf(Fault.class).hasMessageContaining("InProgress");
      server.bench.call("sagemaker", "StopHyperParameterTuningJob", named);
      Map<String, Object> stopped = server.await("tune", "Stopped");
      assertThat(TuningBench.map(stopped.get("TrainingJobStatusCounters"))).containsEntry("Stopped", 2);
      assertThat(server.trials("tune", Map.of("StatusEquals", "Stopped"))).hasSize(2);
      assertThatThrownBy(() -> server.bench.call("sagemaker", "StopHyperParameterTuningJob", named))
          .isInstanceOf(Fault.class).hasMessageContaining("Stopped");
      String training = (String) server.trials("tune").getFirst().get("TrainingJobName");
      server.bench.call("sagemaker", "DeleteHyperParameterTuningJob", named);
      assertThatThrownBy(() -> server.describe("tune")).isInstanceOfSatisfying(Fault.class,
          fault -> assertThat(fault.code()).isEqualTo("ResourceNotFound"));
      assertThat(server.training(training)).containsEntry("TrainingJobStatus", "Stopped");
    }
  }

  @Test
  void whoeverDeletesAJobLateLeavesTheNextOfItsNameAsItIs() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      TuningStore store = new TuningStore(server.bench.platform().metadata(), server.bench.platform().tags());
      server.create("tune", TuningBench.config("Random", 1, 1, Map.of()));
      server.await("tune", "Completed");
      TuningJob first = store.find(JobBench.ACCOUNT, JobBench.REGION, "tune").orElseThrow();
      server.bench.call("sagemaker", "DeleteHyperParameterTuningJob", Map.of("HyperParameterTuningJobName", "tune"));
      Map<String, Object> request = TuningBench.request("tune", TuningBench.config("Random", 1, 1, Map.of()),
          TuningBench.definition(Map.of()));
      request.put("Tags", List.of(Map.of("Key", "which", "Value", "second")));
      server.create(request);
      store.delete(first);
      assertThat(store.tags(first)).containsExactly(Map.entry("which", "second"));
      server.await("tune", "Completed");
    }
  }

  @Test
  void criteriaEndItBeforeTheLastTrainingJob() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      server.create("target", TuningBench.config("Random", 200, 1, Map.of("TuningJobCompletionCriteria",
          Map.of("TargetObjectiveMetricValue", 0.05f))));
      Map<String, Object> job = server.await("target", "Completed");
      List<Map<String, Object>> trials = server.trials("target", Map.of("SortBy", "CreationTime"));
      assertThat(trials.size()).isLessThan(200);
      assertThat(TuningBench.map(job.get("BestTrainingJob"))).isEqualTo(trials.getLast());
      server.create("patience", TuningBench.config("Random", 200, 1, Map.of("TuningJobCompletionCriteria",
          Map.of("BestObjectiveNotImproving", Map.of("MaxNumberOfTrainingJobsNotImproving", 3)))));
      job = server.await("patience", "Completed");
      assertThat(TuningBench.map(job.get("TuningJobCompletionDetails")))
          .containsEntry("NumberOfTrainingJobsObjectiveNotImproving", 3);
    }
  }

  @Test
  void hyperbandEndsTheWorseAtTheirRungs() throws Exception {
    // the first that arrives is good, the others are worse: none of them has more than its bracket's first rung
    Map<String, Integer> order = new ConcurrentHashMap<>();
    FakeComputeBackend backend = TuningBench.programs(hyperParameters -> {
      int place = order.computeIfAbsent(hyperParameters.get("x"), x -> order.size());
      return Script.running("loss=" + place + ";\n");
    });
    try (TuningBench server = new TuningBench(root, backend)) {
      server.create("band", TuningBench.config("Hyperband", 4, 1, Map.of("StrategyConfig",
          Map.of("HyperbandStrategyConfig", Map.of("MinResource", 1, "MaxResource", 9)))));
      JobBench.await("the first runs", () -> running(backend).size() == 1);
      WorkloadId first = running(backend).getFirst();
      for (int epoch = 2; epoch <= 9; epoch++) {
        backend.print(first, "algo-1", "loss=0;\n");
      }
      server.await("band", "Completed");
      List<Map<String, Object>> trials = server.trials("band", Map.of("SortBy", "CreationTime"));
      assertThat(trials).hasSize(4).allSatisfy(each -> assertThat(each).containsEntry("TrainingJobStatus", "Stopped")
          .containsEntry("ObjectiveStatus", "Succeeded"));
      assertThat(TuningBench.map(server.describe("band").get("BestTrainingJob"))).isEqualTo(trials.getFirst());
    }
  }

  @Test
  void definitionsHaveBracketsOfTheirOwn() throws Exception {
    FakeComputeBackend backend = TuningBench.programs(hyperParameters ->
        Script.running("loss=" + hyperParameters.get("loss") + ";\n"));
    Map<String, Object> config = TuningBench.config("Hyperband", 2, 2, Map.of("StrategyConfig",
        Map.of("HyperbandStrategyConfig", Map.of("MinResource", 1, "MaxResource", 9))));
    Map<String, Object> request = TuningBench.request("two", config, Map.of());
    request.remove("TrainingJobDefinition");
    request.put("TrainingJobDefinitions", List.of(definition("a", "0", config), definition("b", "12", config)));
    config.remove("HyperParameterTuningJobObjective");
    config.remove("ParameterRanges");
    try (TuningBench server = new TuningBench(root, backend)) {
      server.create(request);
      JobBench.await("both run", () -> running(backend).size() == 2);
      running(backend).forEach(id -> backend.print(id, "algo-1", "loss=5;\n"));
      // the second epoch is taken in when the rung at the first was judged
      MetadataStore store = server.bench.platform().metadata();
      JobBench.await("their second epochs are known", () -> store.<Integer>read(tx -> tx.createQuery(
          "select count(*) from tuning_epoch where epoch = 2").mapTo(Integer.class).one()) == 2);
      assertThat(server.trials("two")).hasSize(2)
          .allSatisfy(each -> assertThat(each).containsEntry("TrainingJobStatus", "InProgress"));
    }
  }

  private static Map<String, Object> definition(String name, String loss, Map<String, Object> config) {
    return TuningBench.definition(Map.of("DefinitionName", name, "StaticHyperParameters", Map.of("loss", loss),
        "TuningObjective", config.get("HyperParameterTuningJobObjective"),
        "HyperParameterRanges", config.get("ParameterRanges")));
  }

  @Test
  void theMedianRuleEndsWhatIsWorseThanMost() throws Exception {
    FakeComputeBackend backend = TuningBench.programs(hyperParameters -> {
      double x = Double.parseDouble(hyperParameters.get("x"));
      // those to the left end by themselves, those to the right would run for ever
      return x < 0.5 ? Script.exiting(0, "loss=1;\nloss=1;\n") : Script.running("loss=5;\n");
    });
    Map<String, Object> left = Map.of("ContinuousParameterRanges",
        List.of(Map.of("Name", "x", "MinValue", "0", "MaxValue", "0.6")));
    try (TuningBench server = new TuningBench(root, backend)) {
      server.create("median", TuningBench.config("Random", 30, 1,
          Map.of("TrainingJobEarlyStoppingType", "Auto", "ParameterRanges", left)));
      JobBench.await("three have ended, or one waits that came too early", () -> {
        // before there is a median nothing is ended: let those go
        if (server.trials("median", Map.of("StatusEquals", "Completed")).size() < 3) {
          running(backend).forEach(id -> backend.finish(id, "algo-1", 0, false));
        }
        return server.describe("median").get("HyperParameterTuningJobStatus").equals("Completed");
      });
      assertThat(server.trials("median", Map.of("StatusEquals", "Stopped"))).isNotEmpty();
    }
  }

  @Test
  void anObjectiveForEveryBatchIsNotKeptForEveryBatch() throws Exception {
    StringBuilder output = new StringBuilder();
    for (int batch = 1; batch <= 20_003; batch++) {
      output.append("loss=").append(1.0 / batch).append(";\n");
    }
    try (TuningBench server = new TuningBench(root, TuningBench.programs(any -> Script.running(output.toString())))) {
      server.create("batches", TuningBench.config("Random", 1, 1, Map.of("TrainingJobEarlyStoppingType", "Auto")));
      MetadataStore store = server.bench.platform().metadata();
      JobBench.await("all are taken in", () -> store.<Integer>read(tx -> tx.createQuery(
          "select coalesce(max(epoch), 0) from tuning_epoch").mapTo(Integer.class).one()) == 20_003);
      // the first 1,000, every tenth to 10,000, every hundredth to 20,000, and the last
      assertThat(store.<Integer>read(tx -> tx.createQuery("select count(*) from tuning_epoch").mapTo(Integer.class).one()))
          .isEqualTo(1_000 + 900 + 100 + 1);
      assertThat(store.<Double>read(tx -> tx.createQuery("select least from tuning_epoch where epoch = 15000")
          .mapTo(Double.class).one())).isEqualTo(1.0 / 15_000);
    }
  }

  @Test
  void gridsTryEveryCombinationOnce() throws Exception {
    try (TuningBench server = new TuningBench(root,
        TuningBench.programs(hyperParameters -> Script.exiting(0, "loss=" + hyperParameters.get("a") + ";\n")))) {
      Map<String, Object> config = TuningBench.config("Grid", 1, 3, Map.of(
          "ResourceLimits", Map.of("MaxParallelTrainingJobs", 3), "ParameterRanges",
          Map.of("CategoricalParameterRanges", List.of(Map.of("Name", "a", "Values", List.of("1", "2", "3")),
              Map.of("Name", "b", "Values", List.of("x", "y"))))));
      server.create("grid", config);
      server.await("grid", "Completed");
      Set<Object> tried = server.trials("grid").stream().map(each -> each.get("TunedHyperParameters"))
          .collect(Collectors.toSet());
      assertThat(tried).hasSize(6).contains(Map.of("a", "2", "b", "y"));
    }
  }

  @Test
  void warmStartsKnowWhatTheirParentsFound() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      server.create("parent", TuningBench.config("Random", 10, 3, Map.of()));
      Map<String, Object> parent = server.await("parent", "Completed");
      Map<String, Object> request = TuningBench.request("child", TuningBench.config("Bayesian", 2, 1, Map.of()),
          TuningBench.definition(Map.of()));
      request.put("WarmStartConfig", Map.of("WarmStartType", "IdenticalDataAndAlgorithm",
          "ParentHyperParameterTuningJobs", List.of(Map.of("HyperParameterTuningJobName", "parent"))));
      server.create(request);
      Map<String, Object> child = server.await("child", "Completed");
      Map<String, Object> overall = TuningBench.map(child.get("OverallBestTrainingJob"));
      Map<String, Object> own = TuningBench.map(child.get("BestTrainingJob"));
      Map<String, Object> before = TuningBench.map(parent.get("BestTrainingJob"));
      boolean better = BY_OBJECTIVE.compare(own, before) < 0;
      assertThat(overall).containsEntry("TuningJobName", better ? "child" : "parent")
          .containsAllEntriesOf(better ? own : before);
      // ten points of a parabola tell where its end is
      assertThat((Float) TuningBench.map(own.get("FinalHyperParameterTuningJobObjectiveMetric")).get("Value"))
          .isLessThan(0.02f);
    }
  }

  @Test
  void severalAlgorithmsShareOneJob() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      Map<String, Object> request = new HashMap<>(Map.of("HyperParameterTuningJobName", "multi",
          "HyperParameterTuningJobConfig", Map.of("Strategy", "Bayesian", "ResourceLimits",
              Map.of("MaxNumberOfTrainingJobs", 10, "MaxParallelTrainingJobs", 2))));
      request.put("TrainingJobDefinitions", List.of(one("left", "0", "0.1"), one("right", "0.25", "0.5")));
      server.create(request);
      Map<String, Object> best = TuningBench.map(server.await("multi", "Completed").get("BestTrainingJob"));
      assertThat(best).containsEntry("TrainingJobDefinitionName", "right");
      Map<Object, Long> counts = server.trials("multi").stream()
          .collect(Collectors.groupingBy(each -> each.get("TrainingJobDefinitionName"), Collectors.counting()));
      assertThat(counts.get("left")).isGreaterThanOrEqualTo(3);
      assertThat(counts.get("right")).isGreaterThanOrEqualTo(counts.get("left"));
    }
  }

  private static Map<String, Object> one(String name, String min, String max) {
    return TuningBench.definition(Map.of("DefinitionName", name,
        "TuningObjective", Map.of("Type", "Minimize", "MetricName", "loss"),
        "HyperParameterRanges", Map.of("ContinuousParameterRanges",
            List.of(Map.of("Name", "x", "MinValue", min, "MaxValue", max)))));
  }

  @Test
  void aVolumeOfNoSizeIsTheDefault() throws Exception {
    Map<String, Object> none = Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 0);
    try (TuningBench server = new TuningBench(root, new FakeComputeBackend(host ->
        host.resources().diskBytes() == 30L << 30 ? TuningBench.parabola(TuningBench.hyperParameters(host))
            : Script.exiting(1, "no disk\n"), Clock.systemUTC()))) {
      server.create(TuningBench.request("plain", TuningBench.config("Random", 1, 1, Map.of()),
          TuningBench.definition(Map.of("ResourceConfig", none))));
      Map<String, Object> flexible = TuningBench.definition(Map.of("HyperParameterTuningResourceConfig",
          Map.of("VolumeSizeInGB", 0, "InstanceConfigs", List.of(none))));
      flexible.remove("ResourceConfig");
      server.create(TuningBench.request("flexible", TuningBench.config("Random", 1, 1, Map.of()), flexible));
      for (String name : List.of("plain", "flexible")) {
        assertThat(server.await(name, "Completed")).containsKey("BestTrainingJob");
      }
    }
  }

  @Test
  void ofSeveralInstanceTypesTheFirstThatIsHereIsTaken() throws Exception {
    try (TuningBench server = new TuningBench(root, TuningBench.programs(TuningBench::parabola))) {
      Map<String, Object> several = TuningBench.definition(Map.of("HyperParameterTuningResourceConfig", Map.of(
          "AllocationStrategy", "Prioritized", "InstanceConfigs", List.of(
              Map.of("InstanceType", "ml.g4dn.xlarge", "InstanceCount", 1, "VolumeSizeInGB", 1),
              Map.of("InstanceType", "ml.m5.xlarge", "InstanceCount", 1, "VolumeSizeInGB", 2)))));
      several.remove("ResourceConfig");
      server.create(TuningBench.request("several", TuningBench.config("Random", 1, 1, Map.of()), several));
      String best = (String) TuningBench.map(server.await("several", "Completed").get("BestTrainingJob"))
          .get("TrainingJobName");
      assertThat(TuningBench.map(server.training(best).get("ResourceConfig")))
          .containsEntry("InstanceType", "ml.m5.xlarge").containsEntry("VolumeSizeInGB", 2);
      Map<String, Object> one = TuningBench.definition(Map.of("HyperParameterTuningResourceConfig",
          Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 3)));
      one.remove("ResourceConfig");
      server.create(TuningBench.request("one", TuningBench.config("Random", 1, 1, Map.of()), one));
      assertThat(TuningBench.map(TuningBench.map(server.describe("one").get("TrainingJobDefinition"))
          .get("ResourceConfig"))).containsEntry("InstanceType", "ml.m5.large").containsEntry("VolumeSizeInGB", 3);
      server.await("one", "Completed");
    }
  }

  @Test
  void aTrainingJobThatIsRefusedEndsTheJobWithAReason() throws Exception {
    FakeComputeBackend backend = TuningBench.programs(hyperParameters -> Script.running("loss=0.5;\n"));
    try (TuningBench server = new TuningBench(root, backend)) {
      server.bench.put("in/a", "1");
      server.create(TuningBench.request("tune", TuningBench.config("Random", 5, 1, Map.of()),
          TuningBench.definition(Map.of("InputDataConfig", List.of(Map.of("ChannelName", "train", "DataSource",
              Map.of("S3DataSource", Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/in/"))))))));
      JobBench.await("one runs", () -> running(backend).size() == 1);
      server.bench.call("s3", "DeleteObject", Map.of("Bucket", JobBench.BUCKET, "Key", "in/a"));
      running(backend).forEach(id -> backend.finish(id, "algo-1", 0, false));
      assertThat((String) server.await("tune", "Failed").get("FailureReason")).contains("No S3 objects found");
      assertThat(server.trials("tune")).hasSize(2);
      assertThat(server.describe("tune").get("HyperParameterTuningEndTime")).isInstanceOf(Instant.class);
    }
  }
}
