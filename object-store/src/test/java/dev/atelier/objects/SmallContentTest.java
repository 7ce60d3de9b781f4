package dev.atelier.objects;

import static dev.atelier.objects.ObjectStoreTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short contents lie in rows: no file is made for them, and they are read, copied, replaced and deleted as others are. */
final class SmallContentTest {
  private static final Random RANDOM = new Random(16);

  @TempDir Path root;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, Clock.systemUTC()).with(CrashSteps::open);
    store.buckets().create("b-1", new AccountId("123456789012"), new Region("us-east-1"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void allObjectsAreToldWithTheContentsThatLieInTheClear() throws IOException {
    for (int i = 0; i < 2_003; i++) {
      put("many/%04d".formatted(i), ("content of " + i).getBytes(), ObjectAttributes.NONE);
    }
    put("many/0500-sealed", content(10), sealed());
    put("many/0501-long", content(SmallContent.MOST + 1), ObjectAttributes.NONE);
    put("moan", content(10), ObjectAttributes.NONE);
    List<StoredObject> listed = new ArrayList<>();
    store.each("b-1", "many/", listed::add);
    List<ObjectStore.Readable> told = new ArrayList<>();
    store.eachReadable("b-1", "many/", told::addAll);
    assertThat(told.stream().map(ObjectStore.Readable::object).toList()).isEqualTo(listed).hasSize(2_005);
    for (ObjectStore.Readable each : told) {
      boolean bare = each.object().key().matches("many/\\d{4}");
      assertThat(each.content().isPresent()).as(each.object().key()).isEqualTo(bare);
      if (bare) {
        assertThat(each.content().get()).isEqualTo(read(each.object().key()));
      }
    }
    assertFault("NoSuchBucket", 404, () -> store.eachReadable("b-2", "", page -> { }));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, SmallContent.MOST, SmallContent.MOST + 1})
  void aContentHasARowOrAFile(int size) throws IOException {
    byte[] content = content(size);
    for (ObjectAttributes attributes : List.of(ObjectAttributes.NONE, sealed())) {
      StoredObject object = put("k", content, attributes);
      boolean small = size <= SmallContent.MOST;
      assertThat(SmallContent.is(object.file())).isEqualTo(small);
      assertThat(rows()).isEqualTo(small ? 1 : 0);
      assertThat(files()).isEqualTo(small ? 0 : 1);
      assertThat(read("k")).isEqualTo(content);
      int from = size / 3;
      try (ObjectReader reader = store.open("b-1", "k")) {
        assertThat(reader.stream(from, size / 2).readAllBytes())
            .isEqualTo(Arrays.copyOfRange(content, from, from + size / 2));
      }
    }
  }

  @Test
  void aReaderFinishesWhatItOpened() throws IOException {
    byte[] old = content(4096);
    put("k", old, ObjectAttributes.NONE);
    try (ObjectReader reader = store.open("b-1", "k")) {
      put("k", content(100), ObjectAttributes.NONE);
      store.delete("b-1", List.of(Deletion.of("k")));
      assertThat(reader.stream().readAllBytes()).isEqualTo(old);
    }
    assertThat(rows()).isZero();
  }

  @Test
  void copiesAndLinksStandForThemselves() throws IOException {
    byte[] content = content(1000);
    put("k", content, ObjectAttributes.NONE);
    put("s", content, sealed());
    for (String key : List.of("k", "s")) {
      store.copy(ObjectName.latest("b-1", key), "b-1", key + "-copy", StoredObject::attributes, Optional.empty(),
          Conditions.NONE);
      Path link = root.resolve(key);
      store.link("b-1", key, link);
      store.delete("b-1", List.of(Deletion.of(key)));
      assertThat(read(key + "-copy")).isEqualTo(content);
      assertThat(link).hasBinaryContent(content);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link))).isEqualTo("r--r--r--");
    }
  }

  @Test
  void whatIsRefusedLeavesTheOldContent() throws IOException {
    byte[] old = content(50);
    put("k", old, ObjectAttributes.NONE);
    for (int size : new int[] {49, 51, 20_000}) {
      assertFault("IncompleteBody", 400, () -> store.put("b-1", "k", new ByteArrayInputStream(content(size)),
          ObjectAttributes.NONE, announced(50), Conditions.NONE));
    }
    assertFault("PreconditionFailed", 412, () -> store.put("b-1", "k", new ByteArrayInputStream(old),
        ObjectAttributes.NONE, announced(50), new Conditions(Optional.empty(), Optional.of("*"))));
    assertFault("BadDigest", 400, () -> store.put("b-1", "k", new ByteArrayInputStream(old), ObjectAttributes.NONE,
        new BodyChecks(OptionalLong.of(50), Optional.empty(), Optional.of(ChecksumAlgorithm.CRC32),
            Optional.of("AAAAAA==")), Conditions.NONE));
    assertThat(read("k")).isEqualTo(old);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void damageIsFoundAndRestartsKeepContents() throws IOException {
    byte[] content = content(4096);
    put("k", content, ObjectAttributes.NONE);
    put("hit", content, ObjectAttributes.NONE);
    assertThat(store.scrubber().pass(CrashSteps::open, 1L << 40)).isEqualTo(new Scrubber.Pass(2, 0, 0));
    store.close();
    store = ObjectStore.open(root, Clock.systemUTC()).with(CrashSteps::open);
    assertThat(store.recovery().join()).isEqualTo(new Recovery(0, List.of()));
    assertThat(read("k")).isEqualTo(content);
    String id = store.require("b-1", "hit").file().substring("row:".length());
    jdbi().useHandle(handle -> handle.execute(
        "UPDATE small_content SET content = zeroblob(4096) WHERE id = ?", Long.parseLong(id)));
    assertThat(store.scrubber().pass(CrashSteps::open, 1L << 40)).isEqualTo(new Scrubber.Pass(2, 0, 1));
    assertFault("InternalError", 500, () -> store.open("b-1", "hit"));
    assertThat(read("k")).isEqualTo(content);
  }

  private StoredObject put(String key, byte[] content, ObjectAttributes attributes) {
    return store.put("b-1", key, new ByteArrayInputStream(content), attributes, announced(content.length),
        Conditions.NONE);
  }

  private static BodyChecks announced(int size) {
    return new BodyChecks(OptionalLong.of(size), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private byte[] read(String key) throws IOException {
    try (ObjectReader reader = store.open("b-1", key)) {
      return reader.stream().readAllBytes();
    }
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    RANDOM.nextBytes(content);
    return content;
  }

  private static ObjectAttributes sealed() {
    return ObjectAttributes.NONE.withEncryption(Optional.of(new Encryption("AES256", Optional.empty(), false,
        Optional.empty(), Optional.of(Base64.getEncoder().encodeToString(content(ContentKey.LENGTH))))));
  }

  private Jdbi jdbi() {
    return Jdbi.create("jdbc:sqlite:" + root.resolve("objects.db"));
  }

  private int rows() {
    return jdbi().withHandle(handle ->
        handle.createQuery("SELECT count(*) FROM small_content").mapTo(Integer.class).one());
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("objects"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
