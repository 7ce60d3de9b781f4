package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingOutputTest {
  @TempDir Path root;

  private static Map<String, String> archive(TrainingBench server, String key) throws IOException {
    Map<String, String> files = new HashMap<>();
    try (InputStream raw = server.bench.objects().open(JobBench.BUCKET, key).stream();
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  @Test
  void modelAndOutputHoldWhatAllHostsLeft() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> new Script("", Map.of(
        "/opt/ml/model/same", host.name(), "/opt/ml/model/" + host.name() + "/weights", host.name(),
        "/opt/ml/output/data/" + host.name(), host.name()), new Ending.OnStop(143), Optional.empty()),
        Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of(
          "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 2, "VolumeSizeInGB", 1)));
      server.await("job", "Training");
      backend.finish(server.workload(), "algo-2", 0, false);
      backend.finish(server.workload(), "algo-1", 0, false);
      server.await("job", "Completed");
      assertThat(archive(server, "output/job/output/model.tar.gz")).isEqualTo(Map.of("same", "algo-1",
          "algo-1/weights", "algo-1", "algo-2/weights", "algo-2"));
      assertThat(archive(server, "output/job/output/output.tar.gz")).isEqualTo(Map.of("algo-1", "algo-1",
          "algo-2", "algo-2"));
    }
  }

  @Test
  void anArchiveThatCannotBeStoredFailsTheJobAndIsExplained() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
      server.bench.deny("s3:PutObject", "output/*");
      backend.finish(server.workload(), "algo-1", 0, false);
      assertThat((String) server.await("job", "Failed").get("FailureReason"))
          .contains("not authorized to perform: s3:PutObject");
      assertThat(explanation(server)).hasSize(2);
      assertThat(explanation(server).getFirst()).startsWith("What happened: ClientError: ")
          .contains("not authorized to perform: s3:PutObject").contains("The attempt began at ");
      assertThat(explanation(server).getLast())
          .startsWith("What to do: the job's role may not do s3:PutObject on arn:aws:s3:::data/output/job/")
          .contains("denies it");
    }
  }

  @Test
  void aHostThatWasLostIsExplained() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      server.create("job", Map.of());
      server.await("job", "Training");
      backend.lose(server.workload(), "algo-1", "host lost: power cut");
      server.await("job", "Failed");
      assertThat(explanation(server)).singleElement().asString().contains("host lost: power cut");
    }
  }

  private static List<String> explanation(TrainingBench server) {
    return server.bench.log("/aws/sagemaker/TrainingJobs", "job/explanation");
  }

  private static Map<String, Object> output(String uri, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(Map.of("S3OutputPath", uri));
    config.putAll(more);
    return Map.of("OutputDataConfig", config);
  }

  private static String key(TrainingBench server) {
    return key(server, JobBench.CALLER);
  }

  private static String key(TrainingBench server, Caller owner) {
    return (String) ((Map<?, ?>) server.bench.operations().find("kms", "CreateKey").orElseThrow()
        .perform(owner, Map.of()).get("KeyMetadata")).get("KeyId");
  }

  private void failsBeforeItRuns(TrainingBench server, Map<String, Object> changes, String... words) {
    String name = "job-" + changes.hashCode();
    server.create(name, changes);
    assertThat((String) server.await(name, "Failed").get("FailureReason")).startsWith("ClientError: ").contains(words);
    assertThat(server.describe(name)).doesNotContainKey("TrainingStartTime");
    assertThat(server.bench.log("/aws/sagemaker/TrainingJobs", name + "/explanation").getFirst()).contains(words);
  }

  @Test
  void whatCouldNotBeStoredAtTheEndFailsTheJobBeforeItRuns() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      failsBeforeItRuns(server, output("s3://gone/models", Map.of()),
          "The OutputDataConfig cannot be stored at s3://gone/models: ", "Create the bucket");
      failsBeforeItRuns(server, Map.of("CheckpointConfig", Map.of("S3Uri", "s3://gone/kept")),
          "The CheckpointConfig cannot be stored at s3://gone/kept: ", "Create the bucket");
      failsBeforeItRuns(server, Map.of("TensorBoardOutputConfig", Map.of("S3OutputPath", "s3://gone/boards")),
          "The TensorBoardOutputConfig cannot be stored at s3://gone/boards: ", "Create the bucket");
      server.bench.deny("s3:PutObject", "kept/*");
      failsBeforeItRuns(server, output("s3://data/kept", Map.of("CompressionType", "NONE")),
          "The OutputDataConfig cannot be stored at s3://data/kept: ", "not authorized to perform: s3:PutObject",
          "Give the job's role this right");
      assertThat(backend.list()).isEmpty();
      server.create("good", Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data")));
      server.await("good", "Training");
    }
  }

  @Test
  void nothingIsToldOfAKeyThatTheRoleMayNotUse() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      Caller other = new Caller(new AccountId("999999999999"), JobBench.REGION, new Identity.Root(), "");
      String enabled = key(server, other);
      String disabled = key(server, other);
      server.bench.operations().find("kms", "DisableKey").orElseThrow().perform(other, Map.of("KeyId", disabled));
      for (String id : List.of(enabled, disabled, "11111111-2222-3333-4444-555555555555")) {
        String arn = "arn:aws:kms:us-east-1:999999999999:key/" + id;
        failsBeforeItRuns(server, volume(arn), "is not authorized to perform: kms:CreateGrant on this resource because "
            + "the resource does not exist in this Region, no resource-based policies allow access, or a");
        failsBeforeItRuns(server, output("s3://data/output", Map.of("KmsKeyId", arn)), "is not authorized to perform: "
            + "kms:GenerateDataKey on this resource because the resource does not exist in this Region, no");
      }
      String own = key(server);
      server.bench.call("kms", "DisableKey", Map.of("KeyId", own));
      server.bench.state("""
          {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}""");
      failsBeforeItRuns(server, volume(own), "is not authorized to perform: kms:CreateGrant on resource: ");
      failsBeforeItRuns(server, output("s3://data/output", Map.of("KmsKeyId", own)),
          "is not authorized to perform: kms:GenerateDataKey on resource: ");
    }
  }

  private static Map<String, Object> volume(String key) {
    return Map.of("ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1,
        "VolumeKmsKeyId", key));
  }

  @Test
  void aKeyThatCannotBeUsedFailsTheJobBeforeItRuns() throws Exception {
    FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("up\n"), Clock.systemUTC());
    try (TrainingBench server = new TrainingBench(root, backend)) {
      String unknown = "11111111-2222-3333-4444-555555555555";
      String disabled = key(server);
      server.bench.call("kms", "DisableKey", Map.of("KeyId", disabled));
      for (String key : List.of(unknown, disabled)) {
        String what = key.equals(unknown) ? "does not exist" : "is disabled";
        failsBeforeItRuns(server, output("s3://data/output", Map.of("KmsKeyId", key)),
            "The OutputDataConfig with KmsKeyId " + key + " cannot be stored at s3://data/output: ", what,
            "Name a key that exists in this region and is enabled");
        failsBeforeItRuns(server, volume(key), "The VolumeKmsKeyId " + key + " cannot be used: ", what,
            "Name a key that exists in this region and is enabled");
      }
      String good = key(server);
      server.create("good", Map.of("OutputDataConfig", Map.of("S3OutputPath", "s3://data/output", "KmsKeyId", good),
          "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 1,
              "VolumeKmsKeyId", good)));
      server.await("good", "Training");
    }
  }
}
