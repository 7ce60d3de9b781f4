package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.Feed;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.jobs.FileSystems;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.StagedFiles;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputModeTest {
  @TempDir Path root;
  private final List<HostSpec> hosts = new CopyOnWriteArrayList<>();
  private FakeComputeBackend backend;
  private TrainingBench server;

  @BeforeEach
  void open() {
    backend = new FakeComputeBackend(host -> {
      hosts.add(host);
      return new Script("", Map.of("/opt/ml/model/weights/w", "1"), new Ending.AtOnce(0), Optional.empty());
    }, Clock.systemUTC());
    server = new TrainingBench(root, backend, new TrainingFeature.Settings(SpotMarket.CALM,
        new FileSystems(Map.of("fs-0123456789abcdef0", root.resolve("shared")))));
    server.bench.put("train/a", "one");
    server.bench.put("train/b/c", "two");
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static Map<String, Object> channel(String mode, String type) {
    return Map.of("InputDataConfig", List.of(Map.of("ChannelName", "train", "InputMode", mode, "DataSource",
        Map.of("S3DataSource", Map.of("S3DataType", type, "S3Uri", "s3://data/train")))));
  }

  @Test
  void smallFilesOfVeryManyArePacked() throws Exception {
    backend.packing(true);
    for (int i = 0; i < StagedFiles.MOST_LINKED + 5; i++) {
      server.bench.putSmall("many/%05d".formatted(i), "row " + i);
    }
    server.bench.put("many/z", "in a file");
    server.create("many", Map.of("InputDataConfig", List.of(Map.of("ChannelName", "train", "DataSource",
        Map.of("S3DataSource", Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/many/"))))));
    server.await("many", "Completed");
    assertThat(hosts).singleElement().satisfies(host -> assertThat(host.mounts()).anySatisfy(mount ->
        assertThat(mount).isInstanceOfSatisfying(Mount.Packed.class, packed -> {
          assertThat(packed.inside()).isEqualTo("/opt/ml/input/data/train");
          assertThat(packed.files()).hasSize(StagedFiles.MOST_LINKED + 1).containsKeys("00000", "00999", "z");
        })));
    server.create("few", channel("File", "S3Prefix"));
    server.await("few", "Completed");
    assertThat(hosts.getLast().mounts()).noneMatch(Mount.Packed.class::isInstance);
  }

  @Test
  void fastFileShowsTheFilesOfFile() {
    for (String mode : List.of("File", "FastFile")) {
      server.create(mode, channel(mode, "S3Prefix"));
      server.await(mode, "Completed");
    }
    assertThat(hosts).hasSize(2).allSatisfy(host -> assertThat(host.mounts()).anySatisfy(mount -> {
      assertThat(mount.inside()).isEqualTo("/opt/ml/input/data/train");
      assertThat(((Mount.Files) mount).files()).containsOnlyKeys("a", "b/c");
    }));
    assertThat(((Mount.Texts) hosts.getLast().mounts().getFirst()).texts().get("inputdataconfig.json"))
        .contains("\"TrainingInputMode\":\"FastFile\"");
  }

  @Test
  void fastFileTakesNoManifest() {
    assertThatThrownBy(() -> server.create("job", channel("FastFile", "ManifestFile")))
        .isInstanceOf(Fault.class).hasMessageContaining("not supported in FastFile mode");
  }

  @Test
  void anotherAccountsRoleIsNotPassed() {
    assertThatThrownBy(() -> server.create("job", Map.of("RoleArn", "arn:aws:iam::210987654321:role/other")))
        .isInstanceOf(Fault.class).hasMessage("RoleArn: Cross-account pass role is not allowed.");
  }

  private static Map<String, Object> pipe(Map<String, Object> source, Map<String, Object> more) {
    Map<String, Object> channel = new HashMap<>(Map.of("ChannelName", "train", "InputMode", "Pipe",
        "DataSource", Map.of("S3DataSource", source)));
    channel.putAll(more);
    return Map.of("InputDataConfig", List.of(channel));
  }

  private Feed feed() {
    return hosts.getLast().mounts().stream().filter(Mount.Feeds.class::isInstance)
        .map(mount -> ((Mount.Feeds) mount).feeds().getFirst()).findFirst().orElseThrow();
  }

  @Test
  void pipeFeedsTheObjects() {
    server.create("job", pipe(Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/train"),
        Map.of("CompressionType", "Gzip", "RecordWrapperType", "RecordIO", "ShuffleConfig", Map.of("Seed", 7L))));
    server.await("job", "Completed");
    assertThat(feed().entries()).hasSize(2).allSatisfy(entry ->
        assertThat(((Feed.Piece.Content) entry.getFirst()).gzip()).isTrue());
    assertThat(feed()).matches(feed -> feed.recordIo() && feed.shuffled() && feed.seed() == 7 && feed.shards() == 1);
  }

  @Test
  void aManifestsNamesNeedNotBeThoseOfFiles() {
    server.bench.put("train/b", "a folder's name");
    server.bench.put("manifest", "[{\"prefix\": \"s3://data/train/\"}, \"b\", \"b/c\"]");
    Map<String, Object> source = new HashMap<>(Map.of("S3DataType", "ManifestFile", "S3Uri", "s3://data/manifest"));
    server.create("pipe", pipe(source, Map.of()));
    server.await("pipe", "Completed");
    assertThat(feed().entries()).hasSize(2);
    source.put("S3DataDistributionType", "ShardedByS3Key");
    server.create("shards", Map.of(
        "ResourceConfig", Map.of("InstanceType", "ml.m5.large", "InstanceCount", 2, "VolumeSizeInGB", 1),
        "InputDataConfig", List.of(Map.of("ChannelName", "train", "DataSource", Map.of("S3DataSource", source)))));
    server.await("shards", "Completed");
    assertThat(hosts.subList(1, 3)).flatExtracting(HostSpec::mounts).filteredOn(Mount.Files.class::isInstance)
        .extracting(mount -> ((Mount.Files) mount).files().keySet())
        .containsExactlyInAnyOrder(Set.of("b"), Set.of("b/c"));
  }

  @Test
  void aVolumeOfNoSizeIsTheDefault() {
    server.create("job", Map.of("ResourceConfig",
        Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1, "VolumeSizeInGB", 0)));
    server.await("job", "Completed");
    assertThat(hosts.getLast().resources().diskBytes()).isEqualTo(30L << 30);
  }

  @Test
  void anAugmentedManifestsAttributesFollowEachOther() {
    server.bench.put("manifest", """
        {"source-ref": "s3://data/train/a", "label": 3, "class": "cat", "more": true}
        {"label": {"a": [1]}, "source-ref": "s3://data/train/b/c", "class": "dog"}
        """);
    server.create("job", pipe(Map.of("S3DataType", "AugmentedManifestFile", "S3Uri", "s3://data/manifest",
        "AttributeNames", List.of("source-ref", "label")), Map.of("RecordWrapperType", "RecordIO")));
    server.await("job", "Completed");
    assertThat(feed().entries()).hasSize(2);
    assertThat(feed().entries().getFirst().get(1)).isEqualTo(new Feed.Piece.Text("3"));
    assertThat(feed().entries().getLast()).element(1).isEqualTo(new Feed.Piece.Text("{\"a\":[1]}"));
    assertInvalid(pipe(Map.of("S3DataType", "AugmentedManifestFile", "S3Uri", "s3://data/manifest",
        "AttributeNames", List.of("gone")), Map.of()), "has no attribute \"gone\"");
    assertInvalid(pipe(Map.of("S3DataType", "AugmentedManifestFile", "S3Uri", "s3://data/train/a",
        "AttributeNames", List.of("label")), Map.of()), "is not valid JSON");
    assertInvalid(channel("File", "AugmentedManifestFile"), "only supported in Pipe mode");
  }

  @Test
  void groupsHaveTheirOwnChannelsAndShards() {
    Map<String, Object> source = Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/train",
        "S3DataDistributionType", "ShardedByS3Key", "InstanceGroupNames", List.of("two"));
    server.create("job", Map.of(
        "ResourceConfig", Map.of("VolumeSizeInGB", 1, "InstanceGroups", List.of(
            Map.of("InstanceGroupName", "one", "InstanceType", "ml.m5.xlarge", "InstanceCount", 1),
            Map.of("InstanceGroupName", "two", "InstanceType", "ml.m5.large", "InstanceCount", 2))),
        "InputDataConfig", List.of(Map.of("ChannelName", "train", "DataSource", Map.of("S3DataSource", source)))));
    server.await("job", "Completed");
    assertThat(hosts).extracting(HostSpec::name).containsExactly("algo-1", "algo-2", "algo-3");
    assertThat(hosts.getFirst().mounts()).noneMatch(Mount.Files.class::isInstance);
    assertThat(hosts.subList(1, 3)).allSatisfy(host -> assertThat(host.mounts()).filteredOn(
        Mount.Files.class::isInstance).singleElement().satisfies(
            mount -> assertThat(((Mount.Files) mount).files()).hasSize(1)));
    assertThat(hosts.get(0).resources().cpus()).isGreaterThan(hosts.get(1).resources().cpus());
    assertThat(((Mount.Texts) hosts.getLast().mounts().getFirst()).texts().get("resourceconfig.json"))
        .contains("\"current_group_name\":\"two\"").contains("\"hosts\":[\"algo-2\",\"algo-3\"]");
  }

  @Test
  void aFileSystemsFolderIsMountedAndNothingAboveIt() throws IOException {
    Files.createDirectories(root.resolve("shared/train"));
    Files.createSymbolicLink(root.resolve("shared/out"), root);
    Map<String, Object> source = Map.of("FileSystemId", "fs-0123456789abcdef0", "FileSystemAccessMode", "ro",
        "FileSystemType", "EFS", "DirectoryPath", "/train");
    server.create("job", fileSystem(source));
    server.await("job", "Completed");
    assertThat(hosts.getLast().mounts()).contains(
        new Mount.Folder("/opt/ml/input/data/train", root.toRealPath().resolve("shared/train"), true));
    for (String path : List.of("/../", "/out", "/gone")) {
      Map<String, Object> wrong = new HashMap<>(source);
      wrong.put("DirectoryPath", path);
      assertInvalid(fileSystem(wrong), "does not exist in the file system");
    }
  }

  private static Map<String, Object> fileSystem(Map<String, Object> source) {
    return Map.of("InputDataConfig",
        List.of(Map.of("ChannelName", "train", "DataSource", Map.of("FileSystemDataSource", source))));
  }

  @Test
  void aModelThatStaysUncompressedIsItsFiles() {
    server.create("job", Map.of("OutputDataConfig", Map.of("S3OutputPath", "s3://data/out", "CompressionType", "NONE")));
    Map<String, Object> job = server.await("job", "Completed");
    assertThat(job.get("ModelArtifacts")).isEqualTo(Map.of("S3ModelArtifacts", "s3://data/out/job/output/model/"));
    assertThat(server.bench.objects().find("data", "out/job/output/model/weights/w")).isPresent();
    assertThat(server.bench.objects().find("data", "out/job/output/model.tar.gz")).isEmpty();
  }

  private void assertInvalid(Map<String, Object> request, String why) {
    assertThatThrownBy(() -> server.create("refused", request)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("ValidationException");
      assertThat(fault.getMessage()).contains(why);
    });
  }
}
