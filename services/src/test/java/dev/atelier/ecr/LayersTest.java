package dev.atelier.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.ContainerImages;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers on one data folder, through restarts and days. */
final class LayersTest {
  @TempDir Path root;
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private EcrBench bench;
  private Repository repository;

  @BeforeEach
  void open() {
    bench = new EcrBench(root, Clock.fixed(now, ZoneOffset.UTC));
    repository = bench.repository("team/model");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void reopenAfter(Duration time) {
    close();
    now = now.plus(time);
    open();
  }

  private long append(String upload, byte[] piece) {
    return bench.registry().append(repository, upload, OptionalLong.empty(), OptionalLong.of(piece.length),
        new ByteArrayInputStream(piece));
  }

  private String push(byte[] content) {
    String upload = bench.registry().startUpload(repository);
    append(upload, content);
    bench.registry().complete(repository, upload, Manifest.sha256(content));
    return Manifest.sha256(content);
  }

  private byte[] read(String digest) throws IOException {
    try (ObjectReader reader = bench.registry().read(repository, digest).orElseThrow(); InputStream in = reader.stream()) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aLayerIsWhatWasSentInWhateverPiecesAndThroughRestarts(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] content = new byte[random.nextInt(600_000)];
    random.nextBytes(content);
    String upload = bench.registry().startUpload(repository);
    int sent = 0;
    while (sent < content.length) {
      int end = Math.min(content.length, sent + 1 + random.nextInt(200_000));
      assertThat(append(upload, Arrays.copyOfRange(content, sent, end))).as("seed " + seed).isEqualTo(end);
      sent = end;
      if (random.nextInt(3) == 0) {
        reopenAfter(Duration.ofSeconds(1));
        assertThat(bench.registry().received(repository, upload)).as("seed " + seed).isEqualTo(sent);
      }
    }
    bench.registry().complete(repository, upload, Manifest.sha256(content));
    reopenAfter(Duration.ofSeconds(1));
    assertThat(read(Manifest.sha256(content))).as("seed " + seed).isEqualTo(content);
    assertThat(bench.contents()).as("seed " + seed).isEqualTo(1);
  }

  @Test
  void whatIsNotWhatItsDigestSaysIsNoLayer() {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    String other = Manifest.sha256("other".getBytes(StandardCharsets.UTF_8));
    for (int pieces = 1; pieces <= 2; pieces++) {
      String upload = bench.registry().startUpload(repository);
      append(upload, content);
      if (pieces == 2) {
        append(upload, content);
      }
      assertThatThrownBy(() -> bench.registry().complete(repository, upload, other))
          .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("InvalidLayerException"));
      bench.registry().cancel(repository, upload);
    }
    assertThat(bench.registry().blob(repository, other)).isEmpty();
    assertThat(bench.contents()).isZero();
  }

  @Test
  void aBodyThatIsNotAsLongAsItSaysLeavesTheUploadAsItWas() {
    String upload = bench.registry().startUpload(repository);
    assertThatThrownBy(() -> bench.registry().append(repository, upload, OptionalLong.empty(), OptionalLong.of(9),
        new ByteArrayInputStream(new byte[3]))).isInstanceOf(Fault.class);
    assertThat(bench.registry().received(repository, upload)).isZero();
    assertThat(bench.contents()).isZero();
  }

  @Test
  void layersThatNoImageNeedsGoAfterADayAndThoseOfImagesStay() throws IOException {
    String config = push("{}".getBytes(StandardCharsets.UTF_8));
    String unused = push("unused".getBytes(StandardCharsets.UTF_8));
    String given = bench.registry().startUpload(repository);
    append(given, new byte[10]);
    image(config, "v1");
    bench.upkeep(Clock.fixed(now, ZoneOffset.UTC));
    assertThat(bench.contents()).isEqualTo(3);
    reopenAfter(Duration.ofHours(25));
    bench.upkeep(Clock.fixed(now, ZoneOffset.UTC));
    assertThat(bench.registry().blob(repository, unused)).isEmpty();
    assertThat(read(config)).asString().isEqualTo("{}");
    assertThat(bench.contents()).isEqualTo(1);
    bench.registry().delete(repository, ImageId.ofTag("v1"));
    bench.perform("DeleteRepository", Map.of("repositoryName", "team/model"));
    assertThat(bench.contents()).isZero();
  }

  /** An engine that has what it is given; a container uses what is in {@code used}. */
  private static final class FakeEngine implements ContainerImages {
    private final Set<String> names = new TreeSet<>();
    private final Set<String> used = new TreeSet<>();

    @Override
    public boolean has(String name) {
      return names.contains(name);
    }

    @Override
    public void load(Archive archive) {
      try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(written(archive)))) {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
          if (entry.getName().equals("manifest.json")) {
            names.add(new ObjectMapper().readTree(tar.readAllBytes()).path(0).path("RepoTags").path(0).asText());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] written(Archive archive) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      archive.writeTo(bytes);
      return bytes.toByteArray();
    }

    @Override
    public Set<String> tags(String name) {
      return names.stream().filter(each -> each.startsWith(name + ":")).map(each -> each.substring(name.length() + 1))
          .collect(Collectors.toSet());
    }

    @Override
    public boolean remove(String name) {
      return !used.contains(name) && names.remove(name);
    }
  }

  private Manifest image(String config, String tag) {
    String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + Manifest.DOCKER + "\",\"config\":{\"mediaType\":\"c\","
        + "\"size\":2,\"digest\":\"" + config + "\"},\"layers\":[]}";
    bench.registry().put(repository, manifest.getBytes(StandardCharsets.UTF_8), Optional.empty(), ImageId.ofTag(tag));
    return Manifest.read(manifest.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }

  @Test
  void copiesOfImagesThatAreGoneLeaveTheEngine() {
    FakeEngine engine = new FakeEngine();
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    EngineImages copies = bench.copies(engine, root);
    Manifest one = image(push("{}".getBytes(StandardCharsets.UTF_8)), "v1");
    Manifest two = image(push("[]".getBytes(StandardCharsets.UTF_8)), "v2");
    String first = copies.require(bench.registry(), repository, one, () -> { });
    String second = copies.require(bench.registry(), repository, two, () -> { });
    String others = bench.copies(engine, root.resolve("other")).name(Manifest.sha256(new byte[1]));
    engine.names.add(others);
    bench.upkeep(clock, copies);
    assertThat(engine.names).containsExactlyInAnyOrder(first, second, others);
    engine.used.add(first);
    bench.registry().delete(repository, ImageId.ofTag("v1"));
    bench.upkeep(clock, copies);
    assertThat(engine.names).containsExactlyInAnyOrder(first, second, others);
    engine.used.clear();
    bench.upkeep(clock, copies);
    assertThat(engine.names).containsExactlyInAnyOrder(second, others);
  }

  @Test
  void policiesExpireImagesByTheirClock() {
    String config = push("{}".getBytes(StandardCharsets.UTF_8));
    image(config, "v1");
    bench.perform("PutLifecyclePolicy", Map.of("repositoryName", "team/model", "lifecyclePolicyText", """
        {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "sinceImagePushed",
          "countUnit": "days", "countNumber": 14}, "action": {"type": "expire"}}]}"""));
    bench.upkeep(Clock.fixed(now.plus(Duration.ofDays(14)), ZoneOffset.UTC));
    assertThat(bench.registry().tags(repository, "", 10)).containsExactly("v1");
    bench.upkeep(Clock.fixed(now.plus(Duration.ofDays(15)), ZoneOffset.UTC));
    assertThat(bench.registry().tags(repository, "", 10)).isEmpty();
    assertThat(bench.perform("GetLifecyclePolicy", Map.of("repositoryName", "team/model")))
        .containsEntry("lastEvaluatedAt", now.plus(Duration.ofDays(15)));
  }

  @Test
  void aTokenIsItsKeysForTwelveHours() {
    Map<?, ?> data = (Map<?, ?>) ((List<?>) bench.perform("GetAuthorizationToken", Map.of())
        .get("authorizationData")).getFirst();
    String token = (String) data.get("authorizationToken");
    assertThat(data.get("expiresAt")).isEqualTo(now.plus(Duration.ofHours(12)));
    assertThat(data.get("proxyEndpoint")).isEqualTo("https://123456789012.dkr.ecr.us-east-1.amazonaws.com");
    assertThat(bench.registry().caller(token)).contains(bench.caller());
    assertThat(bench.registry().caller(token.substring(0, 20) + "A" + token.substring(21))).isEmpty();
    assertThat(bench.registry().caller("none")).isEmpty();
    close();
    now = now.plus(Duration.ofHours(12));
    bench = new EcrBench(root, Clock.fixed(now, ZoneOffset.UTC));
    assertThat(bench.registry().caller(token)).isEmpty();
  }
}
