package dev.atelier.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Entries;
import dev.atelier.hosting.PingServer;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.notebook.NotebookFeature;
import dev.atelier.training.TrainingFeature;
import dev.atelier.tuning.TuningFeature;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs is put down, through restarts and kills of the server, and budgets hold. */
class LedgerTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final String NOTEBOOK = "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/";
  private static final Payer ANN = new Payer("d-1", "ann");
  private static final String ROOT = "arn:aws:iam::123456789012:root";

  @TempDir Path root;
  private final MovingClock clock = new MovingClock();
  private PingServer program;
  private FakeComputeBackend backend;
  private JobBench bench;
  private UsageFeature usage;

  private static final class MovingClock extends Clock {
    private volatile Instant now = START;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }

    private void pass(Duration time) {
      now = now.plus(time);
    }
  }

  /** There are no apps here, and training jobs called nightly run a notebook of Ann's. */
  private static final class NoApps implements UsageFeature.Studio {
    @Override
    public Optional<Use> use(Arn app) {
      return Optional.empty();
    }

    @Override
    public Optional<Payer> payer(Caller caller, Map<String, Object> createApp) {
      return Optional.empty();
    }

    @Override
    public Optional<Payer> jobPayer(Caller caller, Map<String, Object> createTrainingJob) {
      return Optional.of(ANN).filter(ann -> createTrainingJob.get("TrainingJobName").equals("nightly"));
    }

    @Override
    public Optional<Payer> payer(Arn app) {
      return Optional.empty();
    }

    @Override
    public Optional<Map<String, Object>> deletion(Arn app) {
      return Optional.empty();
    }
  }

  @BeforeEach
  void open() throws Exception {
    program = new PingServer(root.resolve("service"));
    backend = new FakeComputeBackend(host -> new Script("up\n", Map.of(), new Ending.OnStop(0),
        Optional.of(root.resolve("service"))), clock);
    start();
  }

  private void start() {
    bench = new JobBench(root.resolve("data"), backend, clock);
    NotebookFeature notebooks = bench.keep(new NotebookFeature(bench.platform(), bench.operations(),
        new Entries(bench.platform().metadata(), clock), id -> "token", label -> label));
    TrainingFeature training = bench.keep(new TrainingFeature(bench.platform(), bench.operations()));
    TuningFeature tuning = bench.keep(new TuningFeature(bench.platform(), training.tuned(), bench.operations()));
    usage = bench.keep(new UsageFeature(bench.platform(), bench.operations(), new NoApps(),
        List.of(notebooks::use, training::use)));
    tuning.budget(usage::requireBudget);
    notebooks.adopt();
    notebooks.resume();
    usage.resume();
    backend.watch(event -> {
      usage.observed(event);
      notebooks.observed(event);
      training.observed(event);
    });
  }

  @AfterEach
  void close() throws Exception {
    backend.close();
    bench.close();
    program.close();
  }

  private void notebook(String operation, String name) {
    bench.call("sagemaker", operation, operation.equals("CreateNotebookInstance")
        ? Map.of("NotebookInstanceName", name, "InstanceType", "ml.m5.xlarge", "RoleArn", JobBench.ROLE)
        : Map.of("NotebookInstanceName", name));
    String goal = operation.startsWith("Stop") ? "Stopped" : "InService";
    JobBench.await(name + " is " + goal, () -> bench.call("sagemaker", "DescribeNotebookInstance",
        Map.of("NotebookInstanceName", name)).get("NotebookInstanceStatus").equals(goal));
  }

  private List<Entry> entries() {
    return usage.ledger().within(JobBench.ACCOUNT, JobBench.REGION, START.minus(Duration.ofDays(1)), clock.instant().plusMillis(1));
  }

  @Test
  void whatRunsIsPutDownFromItsStartToItsEnd() {
    notebook("CreateNotebookInstance", "a");
    clock.pass(Duration.ofMinutes(90));
    assertThat(entries()).singleElement().satisfies(entry -> {
      assertThat(entry.kind()).isEqualTo("NotebookInstance");
      assertThat(entry.resource()).isEqualTo(NOTEBOOK + "a");
      assertThat(entry.payer()).isEqualTo(new Payer("", ROOT));
      assertThat(entry.startedAt()).isEqualTo(START);
      assertThat(entry.endedAt()).isEmpty();
      assertThat(entry.cost(START, clock.instant())).isEqualByComparingTo("0.345");
    });
    notebook("StopNotebookInstance", "a");
    clock.pass(Duration.ofHours(5));
    assertThat(entries()).singleElement().satisfies(entry -> {
      assertThat(entry.endedAt()).contains(START.plus(Duration.ofMinutes(90)));
      assertThat(entry.hours(START.plus(Duration.ofMinutes(60)), clock.instant())).isEqualByComparingTo("0.5");
    });
    notebook("StartNotebookInstance", "a");
    clock.pass(Duration.ofHours(1));
    assertThat(entries()).extracting(entry -> entry.hours(START, clock.instant()).stripTrailingZeros())
        .containsExactly(new BigDecimal("1.5"), new BigDecimal("1"));
  }

  @Test
  void aKilledServerLosesNothingAndCountsNothingTwice() throws Exception {
    notebook("CreateNotebookInstance", "a");
    notebook("CreateNotebookInstance", "b");
    clock.pass(Duration.ofHours(1));
    backend.close();
    bench.close();
    WorkloadId gone = backend.list().keySet().iterator().next();
    backend.remove(gone);
    clock.pass(Duration.ofHours(1));
    start();
    clock.pass(Duration.ofHours(1));
    assertThat(entries()).hasSize(2);
    assertThat(entries()).filteredOn(entry -> entry.endedAt().isEmpty()).singleElement().satisfies(entry ->
        assertThat(entry.hours(START, clock.instant())).isEqualByComparingTo("3"));
    // the other one was seen last at its start
    assertThat(entries()).filteredOn(entry -> entry.endedAt().isPresent()).singleElement().satisfies(entry ->
        assertThat(entry.endedAt()).contains(START));
  }

  @Test
  void machinesThatAreSharedAreCountedOnce() {
    LedgerStore store = new LedgerStore(bench.platform().metadata());
    Use use = new Use("ann ml.t3.medium", "App", Arn.parse(NOTEBOOK + "x").orElseThrow(), JobBench.ACCOUNT,
        JobBench.REGION, "ml.t3.medium", 1, Optional.empty(), Arn.parse(NOTEBOOK + "x").orElseThrow(), Optional.empty());
    store.open(new WorkloadId("a1-1"), use, ANN, START);
    store.open(new WorkloadId("a1-1"), use, ANN, START.plusSeconds(5));
    store.open(new WorkloadId("a2-1"), use, ANN, START.plusSeconds(10));
    store.close(new WorkloadId("a1-1"), START.plusSeconds(20));
    store.close(new WorkloadId("a1-1"), START.plusSeconds(25));
    clock.pass(Duration.ofSeconds(60));
    assertThat(entries()).singleElement().satisfies(entry -> assertThat(entry.endedAt()).isEmpty());
    store.close(new WorkloadId("a2-1"), START.plusSeconds(30));
    assertThat(entries()).singleElement().satisfies(entry ->
        assertThat(entry.endedAt()).contains(START.plusSeconds(30)));
  }

  private void training(String name, Map<String, Object> resources, Map<String, Object> changes) {
    Map<String, Object> request = new HashMap<>(Map.of("TrainingJobName", name, "RoleArn", JobBench.ROLE,
        "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File"),
        "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"), "ResourceConfig", resources,
        "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600)));
    request.putAll(changes);
    bench.call("sagemaker", "CreateTrainingJob", request);
    JobBench.await(name + " runs", () -> bench.call("sagemaker", "DescribeTrainingJob",
        Map.of("TrainingJobName", name)).get("SecondaryStatus").equals("Training"));
    clock.pass(Duration.ofHours(1));
    bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", name));
    JobBench.await(name + " has ended", () -> bench.call("sagemaker", "DescribeTrainingJob",
        Map.of("TrainingJobName", name)).get("TrainingJobStatus").equals("Stopped"));
  }

  @Test
  void spotInstancesCostWhatTheirMarketSays() {
    training("spot", Map.of("InstanceType", "ml.m5.xlarge", "InstanceCount", 2, "VolumeSizeInGB", 1), Map.of(
        "EnableManagedSpotTraining", true,
        "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600, "MaxWaitTimeInSeconds", 7_200)));
    assertThat(entries()).singleElement().satisfies(entry ->
        assertThat(entry.cost(START, clock.instant())).isEqualByComparingTo("0.138"));
  }

  @Test
  void everyInstanceGroupCostsWhatItsTypeCosts() {
    training("groups", Map.of("VolumeSizeInGB", 1, "InstanceGroups", List.of(
        Map.of("InstanceGroupName", "a", "InstanceType", "ml.m5.xlarge", "InstanceCount", 1),
        Map.of("InstanceGroupName", "b", "InstanceType", "ml.m5.2xlarge", "InstanceCount", 2))), Map.of());
    assertThat(entries()).singleElement().satisfies(entry -> {
      assertThat(entry.instanceType()).isEqualTo("ml.m5.xlarge, ml.m5.2xlarge");
      assertThat(entry.cost(START, clock.instant())).isEqualByComparingTo("1.152");
    });
  }

  @Test
  void whoAskedForATuningJobPaysForItsTrainingJobs() {
    bench.call("sagemaker", "CreateHyperParameterTuningJob", Map.of("HyperParameterTuningJobName", "Tune",
        "HyperParameterTuningJobConfig", Map.of("Strategy", "Random", "HyperParameterTuningJobObjective",
            Map.of("Type", "Minimize", "MetricName", "loss"), "ResourceLimits",
            Map.of("MaxNumberOfTrainingJobs", 9, "MaxParallelTrainingJobs", 2), "ParameterRanges",
            Map.of("ContinuousParameterRanges", List.of(Map.of("Name", "x", "MinValue", "0", "MaxValue", "1")))),
        "TrainingJobDefinition", Map.of("RoleArn", JobBench.ROLE,
            "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File",
                "MetricDefinitions", List.of(Map.of("Name", "loss", "Regex", "(up)"))),
            "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"), "StoppingCondition", Map.of(),
            "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1))));
    JobBench.await("two run", () -> entries().size() == 2);
    assertThat(entries()).allSatisfy(entry -> {
      assertThat(entry.payer()).isEqualTo(new Payer("", ROOT));
      assertThat(entry.resource()).contains(":training-job/tune-00");
    });
    // stopping one of them would only begin the next
    assertThat(usage.running(JobBench.ACCOUNT, JobBench.REGION)).hasSize(2).allSatisfy(running -> {
      assertThat(running.operation()).isEqualTo("StopHyperParameterTuningJob");
      assertThat(running.request()).isEqualTo(Map.of("HyperParameterTuningJobName", "tune"));
    });
    usage.budgets().put(JobBench.ACCOUNT, JobBench.REGION, new Budget(new Payer("", ROOT), new BigDecimal("0.01")));
    clock.pass(Duration.ofHours(1));
    backend.finish(backend.list().keySet().iterator().next(), "algo-1", 0, false);
    Map<String, Object> named = Map.of("HyperParameterTuningJobName", "Tune");
    JobBench.await("the budget ends it", () -> bench.call("sagemaker", "DescribeHyperParameterTuningJob", named)
        .get("HyperParameterTuningJobStatus").equals("Failed"));
    assertThat((String) bench.call("sagemaker", "DescribeHyperParameterTuningJob", named).get("FailureReason"))
        .contains("The budget of " + ROOT).contains("The training job is not started");
    assertThat(entries()).hasSize(2);
  }

  @Test
  void nothingIsStartedOverABudget() {
    notebook("CreateNotebookInstance", "a");
    usage.budgets().put(JobBench.ACCOUNT, JobBench.REGION, new Budget(new Payer("", ROOT), new BigDecimal("0.23")));
    clock.pass(Duration.ofMinutes(59));
    notebook("CreateNotebookInstance", "b");
    notebook("StopNotebookInstance", "b");
    clock.pass(Duration.ofMinutes(1));
    for (String operation : List.of("CreateNotebookInstance", "StartNotebookInstance")) {
      assertThatThrownBy(() -> notebook(operation, operation.startsWith("Start") ? "b" : "c"))
          .isInstanceOfSatisfying(Fault.class, fault -> {
            assertThat(fault.code()).isEqualTo("ResourceLimitExceeded");
            assertThat(fault.getMessage()).contains("The budget of " + ROOT + " for November 2026 is used up: 0.23 of"
                + " 0.23 USD. The NotebookInstance is not started.");
          });
    }
    assertThatThrownBy(() -> bench.call("sagemaker", "DescribeNotebookInstance", Map.of("NotebookInstanceName", "c")))
        .hasMessageContaining("RecordNotFound");
    assertThat(usage.budgets().states(JobBench.ACCOUNT, JobBench.REGION)).singleElement().satisfies(state ->
        assertThat(state.usedUp()).isTrue());
    usage.budgets().put(JobBench.ACCOUNT, JobBench.REGION, new Budget(new Payer("", ROOT), new BigDecimal("5")));
    notebook("StartNotebookInstance", "b");
    assertThat(usage.budgets().remove(JobBench.ACCOUNT, JobBench.REGION, new Payer("", ROOT))).isTrue();
    assertThat(usage.budgets().remove(JobBench.ACCOUNT, JobBench.REGION, new Payer("", ROOT))).isFalse();
  }

  private void train(String name) {
    bench.call("sagemaker", "CreateTrainingJob", Map.of("TrainingJobName", name, "RoleArn", JobBench.ROLE,
        "AlgorithmSpecification", Map.of("TrainingImage", "image", "TrainingInputMode", "File"),
        "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"), "StoppingCondition",
        Map.of("MaxRuntimeInSeconds", 86_400), "ResourceConfig",
        Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1)));
  }

  @Test
  void notebookJobsCountForWhoeverMadeThem() {
    train("nightly");
    train("other");
    JobBench.await("both run", () -> entries().size() == 2);
    assertThat(entries()).extracting(Entry::payer).containsExactlyInAnyOrder(ANN, new Payer("", ROOT));
    assertThat(usage.running(JobBench.ACCOUNT, JobBench.REGION)).extracting(UsageFeature.Running::payer)
        .containsExactlyInAnyOrder(ANN, new Payer("", ROOT));
    usage.budgets().put(JobBench.ACCOUNT, JobBench.REGION, new Budget(ANN, new BigDecimal("0.1")));
    clock.pass(Duration.ofHours(1));
    bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", "nightly"));
    assertThatThrownBy(() -> train("nightly")).hasMessageContaining("The budget of UserProfile ann in Domain d-1");
    train("third");
  }

  @Test
  void whatIsRunningCanBeEnded() {
    notebook("CreateNotebookInstance", "a");
    assertThat(usage.running(JobBench.ACCOUNT, JobBench.REGION)).singleElement().satisfies(running -> {
      assertThat(running.operation()).isEqualTo("StopNotebookInstance");
      bench.call("sagemaker", running.operation(), running.request());
    });
    JobBench.await("it has ended", () -> usage.running(JobBench.ACCOUNT, JobBench.REGION).isEmpty());
  }

  @Test
  void pricesAreKnownWithTheirSource() {
    assertThat(Prices.perHour("ml.t3.medium")).contains(new BigDecimal("0.05"));
    assertThat(Prices.perHour("ml.unknown")).isEmpty();
    assertThat(Prices.source()).contains("https://aws.amazon.com/sagemaker/pricing/");
  }
}
