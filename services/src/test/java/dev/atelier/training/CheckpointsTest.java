package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.Deletion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final String FOLDER = "/opt/ml/checkpoints";
  private static final ListingLimits LISTING = new ListingLimits(10, 1_000, left -> { });
  private static final Map<String, Object> TWO_HOSTS = Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/kept"),
      "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 2, "VolumeSizeInGB", 1));
  private static final Map<String, Object> CHECKPOINTS =
      Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/kept"));

  @TempDir Path root;
  private FakeComputeBackend backend;
  private TrainingBench server;

  @BeforeEach
  void open() {
    backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    server = new TrainingBench(root, backend);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private String fileOf(String key) {
    return server.bench.objects().require(JobBench.BUCKET, key).file();
  }

  private boolean stored(String key) {
    return server.bench.objects().find(JobBench.BUCKET, key).isPresent();
  }

  private WorkloadId started(Map<String, Object> changes) {
    server.create("job", changes);
    server.await("job", "Training");
    return server.workload();
  }

  private TrainingJobStore rows() {
    return new TrainingJobStore(server.bench.platform().metadata(), server.bench.platform().tags());
  }

  private TrainingJob job() {
    return rows().find(JobBench.ACCOUNT, JobBench.REGION, "job").orElseThrow();
  }

  private Checkpoints checkpoints(int mostFiles) {
    return new Checkpoints(backend, server.bench.platform().roles(), server.bench.platform().logs(), rows(), mostFiles);
  }

  private void restart() throws Exception {
    server.close();
    server = new TrainingBench(root, backend);
  }

  private void completed(WorkloadId id, String... hosts) {
    for (String host : hosts) {
      backend.finish(id, host, 0, false);
    }
    server.await("job", "Completed");
  }

  @Test
  void theProgramGoesOnFromWhatIsKeptAndKeepsWhatItWrites() throws IOException {
    server.bench.put("kept/state", "epoch 1");
    server.bench.put("kept/sub/old", "as it was");
    server.bench.put("kept-elsewhere", "another's");
    String untouched = fileOf("kept/sub/old");
    WorkloadId id = started(CHECKPOINTS);
    assertThat(backend.files(id, "algo-1", FOLDER, LISTING).stream().map(file -> file.name()))
        .containsExactly("state", "sub/old");
    backend.write(id, "algo-1", FOLDER + "/state", "epoch 2");
    backend.write(id, "algo-1", FOLDER + "/sub/new", "epoch 2 too");
    backend.finish(id, "algo-1", 0, false);
    server.await("job", "Completed");
    assertThat(server.bench.text("kept/state")).isEqualTo("epoch 2");
    assertThat(server.bench.text("kept/sub/new")).isEqualTo("epoch 2 too");
    assertThat(fileOf("kept/sub/old")).isEqualTo(untouched);
  }

  @Test
  void eachPassStoresWhatChangedSinceTheLast() throws IOException {
    WorkloadId id = started(CHECKPOINTS);
    Checkpoints checkpoints = checkpoints(100);
    TrainingJob job = job();
    assertThat(checkpoints.follow(job)).isTrue();
    backend.write(id, "algo-1", FOLDER + "/a", "one");
    backend.write(id, "algo-1", FOLDER + "/b", "one");
    checkpoints.pass(job);
    String first = fileOf("kept/b");
    backend.write(id, "algo-1", FOLDER + "/a", "two");
    checkpoints.pass(job);
    assertThat(server.bench.text("kept/a")).isEqualTo("two");
    assertThat(fileOf("kept/b")).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 137})
  void whatAFailedProgramWroteIsKept(int exitCode) throws IOException {
    WorkloadId id = started(CHECKPOINTS);
    backend.write(id, "algo-1", FOLDER + "/last", "words");
    backend.finish(id, "algo-1", exitCode, false);
    server.await("job", "Failed");
    assertThat(server.bench.text("kept/last")).isEqualTo("words");
  }

  @Test
  void whatAStoppedProgramWroteIsKept() throws IOException {
    WorkloadId id = started(CHECKPOINTS);
    backend.write(id, "algo-1", FOLDER + "/last", "words");
    server.bench.call("sagemaker", "StopTrainingJob", Map.of("TrainingJobName", "job"));
    server.await("job", "Stopped");
    assertThat(server.bench.text("kept/last")).isEqualTo("words");
  }

  @Test
  void whatALostHostWroteIsKept() throws IOException {
    WorkloadId id = started(CHECKPOINTS);
    backend.write(id, "algo-1", FOLDER + "/last", "words");
    backend.lose(id, "algo-1", "ended from outside");
    server.await("job", "Failed");
    JobBench.await("the last checkpoint is stored", () -> stored("kept/last"));
    assertThat(server.bench.text("kept/last")).isEqualTo("words");
  }

  @Test
  void theNextServerGoesOn() throws Exception {
    WorkloadId id = started(CHECKPOINTS);
    server.close();
    backend.write(id, "algo-1", FOLDER + "/meanwhile", "words");
    server = new TrainingBench(root, backend);
    backend.finish(id, "algo-1", 0, false);
    server.await("job", "Completed");
    assertThat(server.bench.text("kept/meanwhile")).isEqualTo("words");
  }

  @Test
  void afterARestartTheNewestOfAllHostsFilesIsKept() throws Exception {
    server.bench.put("kept/latest", "before the job");
    WorkloadId id = started(TWO_HOSTS);
    backend.write(id, "algo-1", FOLDER + "/latest", "epoch 1");
    restart();
    completed(id, "algo-1", "algo-2");
    assertThat(server.bench.text("kept/latest")).isEqualTo("epoch 1");
  }

  @Test
  void afterARestartNothingFromBeforeTheJobReplacesWhatItStored() throws Exception {
    server.bench.put("kept/latest", "before the job");
    server.bench.put("kept/gone", "before the job");
    WorkloadId id = started(TWO_HOSTS);
    // as a host's own does whose file is stored and taken away again
    server.bench.put("kept/latest", "epoch 1");
    server.bench.objects().delete(JobBench.BUCKET, List.of(Deletion.of("kept/gone")));
    restart();
    completed(id, "algo-1", "algo-2");
    assertThat(server.bench.text("kept/latest")).isEqualTo("epoch 1");
    assertThat(server.bench.text("kept/gone")).isEqualTo("before the job");
  }

  @Test
  void whatIsWrittenAfterARestartIsStoredByEachPass() throws Exception {
    server.bench.put("kept/latest", "before the job");
    WorkloadId id = started(TWO_HOSTS);
    Checkpoints checkpoints = checkpoints(100);
    assertThat(checkpoints.follow(job())).isTrue();
    for (String host : List.of("algo-1", "algo-2", "algo-1")) {
      backend.write(id, host, FOLDER + "/latest", "by " + host);
      checkpoints.pass(job());
      assertThat(server.bench.text("kept/latest")).isEqualTo("by " + host);
    }
  }

  @Test
  void ofOneNameTheFileThatWasWrittenLastIsStored() throws IOException {
    WorkloadId id = started(TWO_HOSTS);
    backend.write(id, "algo-2", FOLDER + "/latest", "first");
    backend.write(id, "algo-1", FOLDER + "/latest", "last");
    completed(id, "algo-1", "algo-2");
    assertThat(server.bench.text("kept/latest")).isEqualTo("last");
  }

  @Test
  void aFileThatCannotBeStoredKeepsNoOtherFromIt() throws IOException {
    server.bench.deny("s3:PutObject", "kept/a-bad*");
    WorkloadId id = started(TWO_HOSTS);
    backend.write(id, "algo-1", FOLDER + "/a-bad", "words");
    backend.write(id, "algo-1", FOLDER + "/good", "words");
    backend.write(id, "algo-2", FOLDER + "/better", "words");
    backend.finish(id, "algo-1", 0, false);
    backend.finish(id, "algo-2", 0, false);
    assertThat((String) server.await("job", "Failed").get("FailureReason"))
        .contains("not authorized to perform: s3:PutObject");
    assertThat(server.bench.text("kept/good")).isEqualTo("words");
    assertThat(server.bench.text("kept/better")).isEqualTo("words");
    assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", "job/"))
        .anyMatch(line -> line.startsWith("not stored as a checkpoint: a-bad: "));
  }

  @Test
  void moreFilesThanAreStoredAreTold() {
    WorkloadId id = started(TWO_HOSTS);
    for (String host : List.of("algo-1", "algo-2")) {
      for (int i = 0; i < 3; i++) {
        backend.write(id, host, FOLDER + "/" + host + i, "words");
      }
    }
    Checkpoints checkpoints = checkpoints(5);
    assertThat(checkpoints.follow(job())).isTrue();
    checkpoints.pass(job());
    checkpoints.pass(job());
    assertThat(stored("kept/algo-10") && stored("kept/algo-11") && stored("kept/algo-20")).isTrue();
    assertThat(stored("kept/algo-12") || stored("kept/algo-22")).isFalse();
    assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", "job/"))
        .containsOnlyOnce("not all checkpoints are stored: more than 2 files: those above that are left out (algo-1)")
        .containsOnlyOnce("not all checkpoints are stored: more than 2 files: those above that are left out (algo-2)");
    assertThat(rows().transitions(job().arn()).getLast().message().split("Not all checkpoint files are stored", -1))
        .hasSize(2);
  }

  @Test
  void everyHostBeginsWithAllAndKeepsItsOwn() throws IOException {
    server.bench.put("kept/state", "epoch 1");
    WorkloadId id = started(Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/kept/", "LocalPath", "/opt/ml/mine/"),
        "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 2, "VolumeSizeInGB", 1)));
    for (String host : List.of("algo-1", "algo-2")) {
      assertThat(backend.files(id, host, "/opt/ml/mine", LISTING).getFirst().name()).isEqualTo("state");
      backend.write(id, host, "/opt/ml/mine/" + host, "rank of " + host);
      backend.finish(id, host, 0, false);
    }
    server.await("job", "Completed");
    assertThat(server.bench.text("kept/algo-1")).isEqualTo("rank of algo-1");
    assertThat(server.bench.text("kept/algo-2")).isEqualTo("rank of algo-2");
  }

  @Test
  void aRoleThatMayNotKeepThemFailsTheJob() {
    WorkloadId id = started(CHECKPOINTS);
    server.bench.deny("s3:PutObject", "kept/*");
    backend.write(id, "algo-1", FOLDER + "/last", "words");
    backend.finish(id, "algo-1", 0, false);
    assertThat((String) server.await("job", "Failed").get("FailureReason"))
        .contains("not authorized to perform: s3:PutObject");
    assertThat(stored("kept/last")).isFalse();
  }

  @Test
  void aRoleThatMayOnlyReadThemRunsAJobThatWritesNone() throws Exception {
    server.bench.put("kept/state", "epoch 1");
    server.bench.deny("s3:PutObject", "kept*");
    WorkloadId id = started(CHECKPOINTS);
    assertThat(backend.files(id, "algo-1", FOLDER, LISTING)).hasSize(1);
    completed(id, "algo-1");
    assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", "job/")).filteredOn(line ->
        line.startsWith("checkpoints cannot be stored at s3://data/kept, so the job fails if it writes any: ")
            && line.contains("not authorized to perform: s3:PutObject")).hasSize(1);
  }

  @Test
  void aRoleThatMayNotReadThemFailsTheJobBeforeItRuns() {
    server.bench.put("kept/state", "epoch 1");
    server.bench.deny("s3:GetObject", "kept/*");
    server.create("job", CHECKPOINTS);
    assertThat((String) server.await("job", "Failed").get("FailureReason"))
        .contains("not authorized to perform: s3:GetObject");
  }

  @Test
  void withoutConfigurationTheFolderIsEmptyAndForgotten() {
    WorkloadId id = started(Map.of());
    assertThat(backend.files(id, "algo-1", FOLDER, LISTING)).isEmpty();
    backend.write(id, "algo-1", FOLDER + "/last", "words");
    backend.finish(id, "algo-1", 0, false);
    server.await("job", "Completed");
    assertThat(stored("kept/last")).isFalse();
  }

  @Test
  void theConfigurationIsWrittenDownForTheProgram() {
    List<Mount> mounts = new java.util.concurrent.CopyOnWriteArrayList<>();
    FakeComputeBackend telling = new FakeComputeBackend(host -> {
      mounts.addAll(host.mounts());
      return Script.exiting(0, "");
    }, Clock.systemUTC());
    try (TrainingBench other = new TrainingBench(root.resolve("other"), telling)) {
      other.create("job", CHECKPOINTS);
      other.await("job", "Completed");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(mounts).anySatisfy(mount -> assertThat(((Mount.Texts) mount).texts().get("checkpointconfig.json"))
        .isEqualTo("{\"S3Uri\":\"s3://data/kept\",\"LocalPath\":\"/opt/ml/checkpoints\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/ml", "/opt/ml/input", "/opt/ml/model/sub", "/opt/ml/output/data", "/opt/ml/code", "/",
      "/opt", "checkpoints", "/opt/ml/../../etc", "/etc/x", "/proc", "/usr/local/x", "/opt/atelier", "/opt/atelier/python", "/opt/ml/checkpoints/\0"})
  void aFolderThatIsTakenIsRefused(String path) {
    assertThatThrownBy(() -> server.create("job",
        Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/kept", "LocalPath", path))))
        .isInstanceOf(Fault.class).hasMessageContaining("of the CheckpointConfig");
    assertThatThrownBy(() -> server.describe("job")).isInstanceOf(Fault.class);
  }
}
