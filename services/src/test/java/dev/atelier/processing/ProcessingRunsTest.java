package dev.atelier.processing;

import static dev.atelier.processing.ProcessingBench.input;
import static dev.atelier.processing.ProcessingBench.output;
import static dev.atelier.processing.ProcessingBench.outputs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Call;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.StagedFiles;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.processing.ProcessingJobStore.Change;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessingRunsTest {
  private static final String IN = "/opt/ml/processing/in";
  private static final String OUT = "/opt/ml/processing/out";
  private static final Map<String, Object> OUTPUTS = outputs(output("o", "s3://data/kept", OUT, "EndOfJob"));

  @TempDir Path root;
  private final List<HostSpec> hosts = new CopyOnWriteArrayList<>();
  private final FakeComputeBackend backend = new FakeComputeBackend(host -> {
    hosts.add(host);
    return Script.running("up\n");
  }, Clock.systemUTC());

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> others) {
    Map<String, Object> all = new HashMap<>(some);
    all.putAll(others);
    return all;
  }

  /** A job that has been accepted, and nothing more. */
  private static ProcessingJob accepted(Map<String, Object> changes, Instant at) {
    return ProcessingJob.accepted(Arn.of("sagemaker", JobBench.REGION, JobBench.ACCOUNT, "processing-job/job"),
        JobBench.CALLER, CreateProcessingJobRequest.fromDocument(ProcessingBench.request("job", changes)), at);
  }

  private static ProcessingJob accepted(Map<String, Object> changes) {
    return accepted(changes, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private static boolean stored(ProcessingBench server, String key) {
    return server.bench.objects().find(JobBench.BUCKET, key).isPresent();
  }

  private static Map<String, Path> files(HostSpec host, String folder) {
    return host.mounts().stream().filter(mount -> mount.inside().equals(folder)).map(mount -> switch (mount) {
      case Mount.Files files -> files.files();
      case Mount.Copies copies -> copies.files();
      default -> Map.<String, Path>of();
    }).findFirst().orElseThrow();
  }

  private static String config(HostSpec host, String name) {
    return host.mounts().stream().filter(Mount.Texts.class::isInstance).map(Mount.Texts.class::cast)
        .map(mount -> mount.texts().get(name)).findFirst().orElseThrow();
  }

  @Test
  void theContractOfTheContainer() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.bench.put("in/a", "1");
      server.bench.put("in/b", "2");
      server.bench.put("in/c", "3");
      server.create("job", with(OUTPUTS, Map.of(
          "ProcessingInputs", List.of(
              input("all", "s3://data/in", IN, Map.of()),
              input("part", "s3://data/in/", IN + "/part", Map.of("S3DataDistributionType", "ShardedByS3Key"))),
          "Environment", Map.of("MODE", "fast"),
          "ProcessingResources", ProcessingBench.cluster(2))));
      server.running("job");
      assertThat(hosts).hasSize(2);
      assertThat(hosts.get(0).command()).containsExactly("python3", "run.py", "--rows", "3");
      assertThat(hosts.get(0).environment()).containsEntry("MODE", "fast").containsEntry("AWS_REGION", "us-east-1");
      assertThat(files(hosts.get(0), IN)).containsOnlyKeys("a", "b", "c");
      assertThat(files(hosts.get(0), IN + "/part")).containsOnlyKeys("a", "c");
      assertThat(files(hosts.get(1), IN + "/part")).containsOnlyKeys("b");
      assertThat(config(hosts.get(1), "resourceconfig.json")).contains("\"current_host\":\"algo-2\"")
          .contains("\"hosts\":[\"algo-1\",\"algo-2\"]");
      assertThat(config(hosts.get(0), "processingjobconfig.json"))
          .contains("\"ProcessingJobArn\":\"arn:aws:sagemaker:us-east-1:123456789012:processing-job/job\"")
          .contains("\"MODE\":\"fast\"").contains("\"S3DataDistributionType\":\"ShardedByS3Key\"")
          .contains("\"MaxRuntimeInSeconds\":86400").doesNotContain("Tags");
    }
  }

  @Test
  void aManifestsFilesAreSharedOut() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      for (String key : List.of("in/a", "in/b", "in/c", "in/d")) {
        server.bench.put(key, "1");
      }
      server.bench.put("manifest", "[{\"prefix\": \"s3://data/in/\"}, \"c\", \"a\", \"c\", \"b\"]");
      Map<String, Object> manifest = Map.of("S3DataType", "ManifestFile", "S3DataDistributionType", "ShardedByS3Key");
      server.create("job", with(OUTPUTS, Map.of("ProcessingResources", ProcessingBench.cluster(2),
          "ProcessingInputs", List.of(input("i", "s3://data/manifest", IN, manifest)))));
      server.running("job");
      assertThat(files(hosts.get(0), IN)).containsOnlyKeys("c", "b");
      assertThat(files(hosts.get(1), IN)).containsOnlyKeys("a");
    }
  }

  @Test
  void smallFilesOfVeryManyArePackedUnlessTheyAreStored() throws Exception {
    backend.packing(true);
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      for (int i = 0; i <= StagedFiles.MOST_LINKED; i++) {
        server.bench.putSmall("many/%05d".formatted(i), "row");
      }
      server.create("job", with(OUTPUTS, Map.of("ProcessingInputs", List.of(
          input("read", "s3://data/many/", IN, Map.of()), input("kept", "s3://data/many/", OUT + "/many", Map.of())))));
      server.running("job");
      assertThat(hosts).singleElement().satisfies(host -> assertThat(host.mounts())
          .anySatisfy(mount -> assertThat(mount).isInstanceOfSatisfying(Mount.Packed.class, packed -> {
            assertThat(packed.inside()).isEqualTo(IN);
            assertThat(packed.files()).hasSize(StagedFiles.MOST_LINKED);
          }))
          .anySatisfy(mount -> assertThat(mount).isInstanceOfSatisfying(Mount.Copies.class, copies -> {
            assertThat(copies.inside()).isEqualTo(OUT + "/many");
            assertThat(copies.files()).hasSize(StagedFiles.MOST_LINKED + 1);
          })));
    }
  }

  @Test
  void theFilesOfAllHostsLieUnderOnePrefix() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", with(OUTPUTS, Map.of("ProcessingResources", ProcessingBench.cluster(2))));
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", OUT + "/one.csv", "1");
      backend.write(id, "algo-2", OUT + "/sub/two.csv", "2");
      backend.write(id, "algo-1", "/opt/ml/output/message", "half, ");
      backend.write(id, "algo-2", "/opt/ml/output/message", "done");
      backend.finish(id, "algo-1", 0, false);
      backend.finish(id, "algo-2", 0, false);
      assertThat(server.await("job", "Completed")).containsEntry("ExitMessage", "half, done")
          .containsKeys("ProcessingStartTime", "ProcessingEndTime").doesNotContainKey("FailureReason");
      assertThat(server.bench.text("kept/one.csv")).isEqualTo("1");
      assertThat(server.bench.text("kept/sub/two.csv")).isEqualTo("2");
      assertThat(server.bench.log(ProcessingBench.GROUP, "job/algo-2")).containsExactly("up");
      JobBench.await("its hosts are removed", () -> backend.list().isEmpty());
    }
  }

  @Test
  void aFailureIsExplainedAndContinuousOutputsAreKept() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", outputs(output("end", "s3://data/end", OUT, "EndOfJob"),
          output("live", "s3://data/live", OUT + "-live", "Continuous")));
      WorkloadId id = server.running("job");
      backend.print(id, "algo-1", "Traceback (most recent call last):\nValueError: no rows\n");
      backend.write(id, "algo-1", OUT + "/half", "1");
      backend.write(id, "algo-1", OUT + "-live/row", "1");
      backend.write(id, "algo-1", "/opt/ml/output/message", "no rows");
      backend.finish(id, "algo-1", 1, false);
      Map<String, Object> job = server.await("job", "Failed");
      assertThat((String) job.get("FailureReason")).startsWith("AlgorithmError: ").contains("ValueError: no rows")
          .contains("exit code: 1");
      assertThat(job).containsEntry("ExitMessage", "no rows");
      assertThat(server.bench.text("live/row")).isEqualTo("1");
      assertThat(stored(server, "end/half")).isFalse();
      assertThat(server.bench.log(ProcessingBench.GROUP, "job/"))
          .contains("not stored: end, since the program failed and its mode is EndOfJob");
    }
  }

  @Test
  void aStoppedJobKeepsWhatItHas() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", OUTPUTS);
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", OUT + "/half", "1");
      backend.write(id, "algo-1", "/opt/ml/output/message", "stopped early");
      server.stop("job");
      assertThat(server.await("job", "Stopped")).containsEntry("ExitMessage", "stopped early")
          .doesNotContainKey("FailureReason");
      assertThat(server.bench.text("kept/half")).isEqualTo("1");
      assertThatThrownBy(() -> server.stop("job")).isInstanceOf(Fault.class)
          .hasMessage("The request was rejected because the processing job is in status Stopped.");
    }
  }

  @Test
  void aJobThatRunsTooLongIsStoppedAndSaysSo() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", with(OUTPUTS, Map.of("StoppingCondition", Map.of("MaxRuntimeInSeconds", 1))));
      assertThat((String) server.await("job", "Stopped").get("FailureReason")).contains("MaxRuntimeInSeconds (1)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EndOfJob", "Continuous"})
  void anInputThatIsAnOutputIsStoredWithIt(String mode) throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.bench.put("in/a", "as given");
      server.create("job", with(outputs(output("o", "s3://data/kept", IN, mode)),
          Map.of("ProcessingInputs", List.of(input("i", "s3://data/in/", IN + "/given", Map.of())))));
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", IN + "/made", "new");
      backend.finish(id, "algo-1", 0, false);
      server.await("job", "Completed");
      assertThat(server.bench.text("kept/made")).isEqualTo("new");
      assertThat(server.bench.text("kept/given/a")).isEqualTo("as given");
    }
  }

  @Test
  void outputsThatTheRoleMayNotWriteFailTheJob() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.bench.deny("s3:PutObject", "kept/*");
      server.create("job", OUTPUTS);
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", OUT + "/row", "1");
      backend.write(id, "algo-1", "/opt/ml/output/message", "done");
      backend.finish(id, "algo-1", 0, false);
      Map<String, Object> job = server.await("job", "Failed");
      assertThat((String) job.get("FailureReason")).startsWith("ClientError: ").contains("s3:PutObject");
      assertThat(job).containsEntry("ExitMessage", "done");
      assertThat(server.bench.log(ProcessingBench.GROUP, "job/explanation")).hasSize(2)
          .anyMatch(line -> line.startsWith("What happened: ClientError: "))
          .anyMatch(line -> line.startsWith("What to do: the job's role may not do s3:PutObject on "));
    }
  }

  @Test
  void whatCannotBeUsedIsRefusedAtOnce() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      assertThatThrownBy(() -> server.create("job", Map.of("ProcessingInputs",
          List.of(input("i", "s3://data/nothing/", IN, Map.of()))))).hasMessageContaining("No S3 objects found");
      assertThatThrownBy(() -> server.create("job", outputs(output("o", "s3://gone/kept", OUT, "EndOfJob"))))
          .hasMessageContaining("The ProcessingOutput o cannot be stored at s3://gone/kept");
      assertThatThrownBy(() -> server.create("job", Map.of("ProcessingOutputConfig", Map.of("KmsKeyId",
          "11111111-2222-3333-4444-555555555555", "Outputs",
          List.of(output("o", "s3://data/kept", OUT, "EndOfJob"))))))
          .isInstanceOf(Fault.class).hasMessageContaining("11111111-2222-3333-4444-555555555555");
      assertThatThrownBy(() -> server.create("job", Map.of("RoleArn", "arn:aws:iam::210987654321:role/other")))
          .hasMessage("RoleArn: Cross-account pass role is not allowed.");
      assertThatThrownBy(() -> server.create("job", Map.of("ProcessingResources", Map.of("ClusterConfig",
          Map.of("InstanceType", "ml.m5.large", "InstanceCount", 500, "VolumeSizeInGB", 1)))))
          .isInstanceOf(Fault.class).hasMessageContaining("'Maximum number of instances per processing job' is 250 ")
          .extracting(e -> ((Fault) e).code()).isEqualTo("ResourceLimitExceeded");
      assertThatThrownBy(() -> server.describe("job"))
          .hasMessage("Could not find requested job with name: job");
      server.create("job", Map.of());
      assertThatThrownBy(() -> server.create("JOB", Map.of())).isInstanceOf(Fault.class)
          .extracting(e -> ((Fault) e).code()).isEqualTo("ResourceInUse");
    }
  }

  @Test
  void anImageWithoutProgramAsksForOne() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", Map.of("AppSpecification", Map.of("ImageUri", "image")));
      assertThat((String) server.await("job", "Failed").get("FailureReason")).contains("ContainerEntrypoint");
    }
  }

  @Test
  void deletedJobsAreForgottenAndTheirNamesAreFree() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", Map.of());
      server.running("job");
      assertThatThrownBy(() -> server.bench.call("sagemaker", "DeleteProcessingJob",
          Map.of("ProcessingJobName", "job"))).isInstanceOf(Fault.class)
          .extracting(e -> ((Fault) e).code()).isEqualTo("ResourceInUse");
      server.stop("job");
      server.await("job", "Stopped");
      server.bench.call("sagemaker", "DeleteProcessingJob", Map.of("ProcessingJobName", "job"));
      assertThatThrownBy(() -> server.describe("job")).hasMessageContaining("Could not find");
      server.create("job", Map.of());
    }
  }

  @Test
  void whoeverDeletesAJobLateLeavesTheNextOfItsNameAsItIs() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      ProcessingJobStore store = server.store();
      ProcessingJob first = accepted(Map.of(), Instant.EPOCH);
      ProcessingJob second = accepted(Map.of(), Instant.EPOCH.plusMillis(1));
      store.insert(first, Map.of("which", "first"));
      store.apply(first, ProcessingState.STOPPED, Change.NONE, Instant.EPOCH);
      ProcessingJob ended = store.find(first.arn().toString()).orElseThrow();
      store.delete(ended);
      store.insert(second, Map.of("which", "second"));
      store.delete(ended);
      store.delete(first);
      JobPlatform platform = server.bench.platform();
      assertThat(store.find(first.arn().toString()).filter(second::is)).isPresent();
      assertThat(platform.metadata().<Map<String, String>>read(tx -> platform.tags().all(tx, first.arn().toString())))
          .containsExactly(Map.entry("which", "second"));
    }
  }

  @Test
  void anEventOfADeletedJobMeansNothingToTheNextOfItsName() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      ProcessingJobStore store = server.store();
      CompletableFuture<Void> removal = new CompletableFuture<>();
      backend.before(Call.REMOVE, id -> removal.join());
      server.create("job", Map.of());
      WorkloadId first = server.running("job");
      backend.finish(first, "algo-1", 0, false);
      server.await("job", "Completed");
      server.bench.call("sagemaker", "DeleteProcessingJob", Map.of("ProcessingJobName", "job"));
      server.create("job", Map.of());
      server.running("job");
      try (ProcessingRuns runs = new ProcessingRuns(server.bench.platform(), store)) {
        runs.observed(new WorkloadEvent(first, "algo-1", backend.list().get(first).get("algo-1")));
        assertThat(store.find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow().state())
            .isEqualTo(ProcessingState.RUNNING);
      }
      removal.complete(null);
    }
  }

  @Test
  void aJobThatIsStoppedBeforeItAsksForCapacityKeepsNone() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      JobPlatform platform = server.bench.platform();
      ProcessingJob job = accepted(Map.of());
      server.store().insert(job, Map.of());
      server.stop("job");
      JobBench.await("it is released", () -> platform.live().ids().isEmpty());
      try (ProcessingRuns runs = new ProcessingRuns(platform, server.store())) {
        runs.act(job);
        Resources all = new Resources(1, platform.capacity().memoryBytes(), 0, 1, 1);
        assertThat(platform.capacity().acquire("another", all, 1, () -> { })).isEmpty();
        assertThat(platform.live().ids()).isEmpty();
      }
    }
  }

  @RepeatedTest(10)
  void aServerThatClosesFailsNoJob() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", outputs(output("o", "s3://data/kept", OUT, "Continuous")));
      JobBench.await("the job has a sandbox", () -> !backend.list().isEmpty());
    }
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", OUT + "/row", "1");
      backend.finish(id, "algo-1", 0, false);
      server.await("job", "Completed");
      assertThat(server.bench.text("kept/row")).isEqualTo("1");
      assertThat(hosts).hasSize(1);
    }
  }

  @Test
  void aServerStartsWhateverItFinds() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.store().insert(accepted(Map.of("ProcessingResources", Map.of(
          "ClusterConfig", Map.of("InstanceType", "ml.gone.large", "InstanceCount", 1, "VolumeSizeInGB", 1)),
          "StoppingCondition", Map.of("MaxRuntimeInSeconds", 60))), Map.of());
    }
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      assertThat((String) server.await("job", "Failed").get("FailureReason")).contains("ml.gone.large");
      server.create("next", Map.of());
      server.running("next");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPING", "EXPIRING"})
  void aJobThatWasToldToEndHasEndedWhenItsHostsAreGone(ProcessingState told) throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      ProcessingJob job = accepted(Map.of("StoppingCondition", Map.of("MaxRuntimeInSeconds", 60)));
      server.store().insert(job, Map.of());
      server.store().apply(job, told, Change.failure("why"), Instant.now());
    }
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      assertThat(server.await("job", "Stopped")).containsEntry("FailureReason", "why").containsKey("ProcessingEndTime");
    }
  }

  @Test
  void aHostThatWasLostFailsTheJobWithItsReason() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      server.create("job", outputs(output("o", "s3://data/kept", OUT, "Continuous")));
      WorkloadId id = server.running("job");
      backend.write(id, "algo-1", OUT + "/row", "1");
      backend.lose(id, "algo-1", "ended from outside");
      assertThat(server.await("job", "Failed")).containsEntry("FailureReason", "ended from outside");
      JobBench.await("what it had stored is there", () -> stored(server, "kept/row"));
    }
  }

  @Test
  void listsFilterSortAndPage() throws Exception {
    try (ProcessingBench server = new ProcessingBench(root, backend)) {
      for (String name : List.of("b-two", "a-one", "c-two")) {
        server.create(name, Map.of());
      }
      server.stop("b-two");
      server.await("b-two", "Stopped");
      Map<String, Object> first = server.bench.call("sagemaker", "ListProcessingJobs",
          Map.of("SortBy", "Name", "SortOrder", "Ascending", "MaxResults", 2));
      assertThat(names(first)).containsExactly("a-one", "b-two");
      assertThat(names(server.bench.call("sagemaker", "ListProcessingJobs", Map.of("SortBy", "Name",
          "SortOrder", "Ascending", "MaxResults", 2, "NextToken", first.get("NextToken"))))).containsExactly("c-two");
      assertThat(names(server.bench.call("sagemaker", "ListProcessingJobs",
          Map.of("NameContains", "two", "StatusEquals", "Stopped")))).containsExactly("b-two");
    }
  }

  private static List<String> names(Map<String, Object> answer) {
    return ((List<?>) answer.get("ProcessingJobSummaries")).stream()
        .map(each -> (String) ((Map<?, ?>) each).get("ProcessingJobName")).toList();
  }

  @Test
  void isolatedHostsReachNothing() {
    ProcessingJob job = accepted(Map.of("NetworkConfig", Map.of("EnableNetworkIsolation", true)));
    assertThat(ProcessingWorkload.spec(job, new PreparedImage(
        new Image.Layered(List.of(), Map.of()), List.of(), List.of(), List.of(), List.of()),
        new Resources(1, 1, 0, 1, 1), List.of(List.of())).network())
        .isEqualTo(NetworkPolicy.ISOLATED);
  }
}
