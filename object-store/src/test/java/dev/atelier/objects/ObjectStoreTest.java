package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoreTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("us-east-1");

  @TempDir Path root;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, Clock.systemUTC());
    store.buckets().create("b-1", ACCOUNT, REGION);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void readerOfAReplacedObjectFinishesTheOldContent() throws IOException {
    put("k", "old content");
    try (ObjectReader reader = store.open("b-1", "k")) {
      put("k", "new");
      store.delete("b-1", List.of(Deletion.of("k")));
      assertThat(reader.stream(4, 7).readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("content");
    }
    assertThat(contentFiles()).isEmpty();
  }

  /** Each reader sees one writer's content whole, and the last answer's content stays. */
  @Test
  void concurrentWritersOfAKeyNeverMix() throws Exception {
    String[] letters = "abcdefgh".split("");
    put("race", "z".repeat(400_000));
    List<String> torn = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (String letter : letters) {
      threads.add(Thread.ofVirtual().start(() -> {
        for (int turn = 1; turn <= 10; turn++) {
          put("race", letter.repeat(300_000 + turn));
          try (ObjectReader reader = store.open("b-1", "race")) {
            String content = new String(reader.stream().readAllBytes(), StandardCharsets.UTF_8);
            if (content.chars().distinct().count() != 1 || content.length() != reader.object().size()) {
              torn.add(content.length() + " bytes of " + content.chars().distinct().count() + " writers");
            }
          } catch (IOException e) {
            torn.add(e.toString());
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(torn).isEmpty();
    put("race", "last");
    assertThat(store.open("b-1", "race").stream()).hasContent("last");
    assertThat(contentFiles()).hasSize(1);
  }

  @Test
  void linkOutlivesItsObject() throws IOException {
    put("k", "staged");
    Path link = root.resolve("link");
    store.link("b-1", "k", link);
    store.delete("b-1", List.of(Deletion.of("k")));
    assertThat(link).hasContent("staged");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link))).isEqualTo("r--r--r--");
  }

  @Test
  void copySharesContentUntilAChecksumIsAsked() throws IOException {
    put("k", "shared");
    StoredObject copy = store.copy(ObjectName.latest("b-1", "k"), "b-1", "copy", StoredObject::attributes, Optional.empty(),
        Conditions.NONE);
    assertThat(Files.getAttribute(store(copy.file()), "unix:ino"))
        .isEqualTo(Files.getAttribute(store(store.require("b-1", "k").file()), "unix:ino"));
    assertThat(copy.etag()).isEqualTo(store.require("b-1", "k").etag());
    StoredObject checked = store.copy(ObjectName.latest("b-1", "k"), "b-1", "k", StoredObject::attributes,
        Optional.of(ChecksumAlgorithm.SHA256), Conditions.NONE);
    assertThat(checked.checksum()).isPresent();
    store.delete("b-1", List.of(Deletion.of("k")));
    assertThat(store.open("b-1", "copy").stream()).hasContent("shared");
  }

  @Test
  void bodyThatBreaksOffOrDoesNotMatchLeavesTheOldObject() throws IOException {
    put("k", "old");
    InputStream broken = new InputStream() {
      private int given;

      @Override
      public int read() throws IOException {
        if (given++ > 100_000) {
          throw new IOException("connection reset");
        }
        return 'x';
      }
    };
    assertThatThrownBy(() -> store.put("b-1", "k", broken, ObjectAttributes.NONE, BodyChecks.NONE, Conditions.NONE))
        .hasMessageContaining("broke off");
    assertFault("BadDigest", 400, () -> put("k", "new", new BodyChecks(OptionalLong.empty(),
        Optional.of("XrY7u+Ae7tCTyyK7j1rNww=="), Optional.empty(), Optional.empty())));
    assertFault("BadDigest", 400, () -> put("k", "new", new BodyChecks(OptionalLong.empty(), Optional.empty(),
        Optional.of(ChecksumAlgorithm.CRC32), Optional.of("AAAAAA=="))));
    assertFault("IncompleteBody", 400, () -> put("k", "new", new BodyChecks(OptionalLong.of(9), Optional.empty(),
        Optional.empty(), Optional.empty())));
    assertThat(store.open("b-1", "k").stream()).hasContent("old");
    assertThat(contentFiles()).hasSize(1);
    assertFault("InvalidDigest", 400, () -> new BodyChecks(OptionalLong.empty(), Optional.of("nonsense"),
        Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 300_000, 3_000_000})
  void aBodyIsAsLongAsItsChecksAllow(int most) throws IOException {
    put("k", "old");
    BodyChecks checks = BodyChecks.NONE.atMost(most);
    assertFault("EntityTooLarge", 400, () -> put("k", "x".repeat(most + 1), checks));
    assertFault("EntityTooLarge", 400, () -> put("k", "x".repeat(most + 1), new BodyChecks(OptionalLong.of(most + 1),
        Optional.empty(), Optional.empty(), Optional.empty()).atMost(most)));
    assertThat(store.open("b-1", "k").stream()).hasContent("old");
    assertThat(put("k", "x".repeat(most), checks).size()).isEqualTo(most);
    assertThat(contentFiles()).hasSize(1);
  }

  @Test
  void onlyWhatARequestBringsIsBoundedByOneRequest() {
    assertThat(BodyChecks.NONE.most()).isEqualTo(5L << 30);
    assertThat(BodyChecks.keeping(Optional.empty()).most()).isEqualTo(5L << 30);
    assertThat(BodyChecks.OWN.most()).isEqualTo(5L << 40);
  }

  /** The published check values of "123456789". */
  @ParameterizedTest
  @CsvSource({"CRC32, y/Q5Jg==", "CRC32C, 4waSgw==", "CRC64NVME, rosUhgp5mIg=", "SHA1, 98O8HYCOBHMq32eZZczDTKeuNEE=",
      "SHA256, FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="})
  void checksumsHaveTheirPublishedValues(ChecksumAlgorithm algorithm, String value) {
    StoredObject object = put("k", "123456789", BodyChecks.keeping(Optional.of(algorithm)));
    assertThat(object.checksum()).contains(new Checksum(algorithm, value, Checksum.Type.FULL_OBJECT));
    assertThat(store.require("b-1", "k").checksum()).isEqualTo(object.checksum());
  }

  @Test
  void conditionsAreDecidedWithTheCommit() throws Exception {
    Conditions absent = new Conditions(Optional.empty(), Optional.of("*"));
    List<Thread> writers = new ArrayList<>();
    List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 20; i++) {
      String content = "writer " + i;
      writers.add(Thread.ofVirtual().start(() -> {
        try {
          store.put("b-1", "race", body(content), ObjectAttributes.NONE, BodyChecks.NONE, absent);
          outcomes.add(content);
        } catch (Fault e) {
          outcomes.add(e.code());
        }
      }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(outcomes).filteredOn(outcome -> !outcome.equals("PreconditionFailed")).hasSize(1)
        .first().satisfies(winner -> assertThat(store.open("b-1", "race").stream()).hasContent(winner));
    assertThat(contentFiles()).hasSize(1);
    Conditions match = new Conditions(Optional.of("\"" + store.require("b-1", "race").etag() + "\""), Optional.empty());
    store.put("b-1", "race", body("next"), ObjectAttributes.NONE, BodyChecks.NONE, match);
    assertFault("PreconditionFailed", 412, () -> store.put("b-1", "race", body("late"), ObjectAttributes.NONE,
        BodyChecks.NONE, match));
    assertFault("NoSuchKey", 404, () -> store.put("b-1", "none", body("late"), ObjectAttributes.NONE,
        BodyChecks.NONE, match));
  }

  @Test
  void bucketsAreUniqueAndDeletedEmpty() throws IOException {
    assertThat(store.buckets().create("b-1", new AccountId("999999999999"), REGION))
        .isEqualTo(new Buckets.Creation.Existed(store.buckets().require("b-1")));
    put("k", "x");
    assertFault("BucketNotEmpty", 409, () -> store.buckets().delete("b-1"));
    store.delete("b-1", List.of(Deletion.of("k"), Deletion.of("absent")));
    Upload upload = store.uploads().create("b-1", "u", ObjectAttributes.NONE, Optional.empty(), Optional.empty());
    store.uploads().put("b-1", "u", upload.id(), 1, body("part"), BodyChecks.NONE);
    store.buckets().delete("b-1");
    assertThat(contentFiles()).isEmpty();
    assertFault("NoSuchBucket", 404, () -> put("k", "x"));
    Stream.of("ab", "Ab-c", "a..b", "192.168.1.1", "-ab", "a_b", "xn--abc", "sthree-a", "a-s3alias", "a".repeat(64), "../x").forEach(name ->
        assertFault("InvalidBucketName", 400, () -> store.buckets().create(name, ACCOUNT, REGION)));
  }

  @Test
  void filesWithoutRowAreSweptAndRowsWithoutFileReported() throws IOException {
    put("kept", "kept");
    StoredObject lost = put("lost", "lost");
    store.close();
    Files.delete(store(lost.file()));
    String orphan = "ab" + "c" + "0".repeat(29);
    Files.createDirectories(store(orphan).getParent());
    Files.writeString(store(orphan), "never acknowledged");
    Files.writeString(root.resolve("objects/tmp/left"), "half");
    open();
    assertThat(store.recovery().join()).isEqualTo(new Recovery(1, List.of(lost.file())));
    assertThat(store(orphan)).doesNotExist();
    assertThat(root.resolve("objects/tmp")).isEmptyDirectory();
    assertThat(store.open("b-1", "kept").stream()).hasContent("kept");
  }

  @Test
  void hostileKeysStayInTheIndex() throws IOException {
    List<String> keys = List.of("../../etc/passwd", "/abs", "a/../../b", ".", "..", "a\u0000b", "con:", "\\..\\x", "//");
    keys.forEach(key -> put(key, key));
    for (String key : keys) {
      assertThat(store.open("b-1", key).stream().readAllBytes()).isEqualTo(key.getBytes(StandardCharsets.UTF_8));
    }
    try (Stream<Path> outside = Files.list(root)) {
      assertThat(outside.map(path -> path.getFileName().toString()))
          .containsOnly("objects", "objects.db", "objects.db-wal", "objects.db-shm", "objects.db.reserve");
    }
    assertFault("KeyTooLongError", 400, () -> put("é".repeat(513), "x"));
    assertFault("InvalidURI", 400, () -> put("\ud800", "x"));
  }

  @Test
  void attributesAreKeptAndTagsChange() {
    ObjectAttributes attributes = new ObjectAttributes(Map.of("Content-Type", "text/csv"), Map.of("a", "ü"), Map.of(),
        "STANDARD", Optional.of(new Encryption("aws:kms", Optional.empty(), true, Optional.empty(),
            Optional.empty())));
    store.put("b-1", "k", body("x"), attributes, BodyChecks.NONE, Conditions.NONE);
    store.update(ObjectName.latest("b-1", "k"), old -> old.withTags(Map.of("t", "v")));
    close();
    store = ObjectStore.open(root, Clock.systemUTC());
    assertThat(store.require("b-1", "k").attributes()).isEqualTo(attributes.withTags(Map.of("t", "v")));
  }

  private StoredObject put(String key, String content) {
    return put(key, content, BodyChecks.NONE);
  }

  private StoredObject put(String key, String content, BodyChecks checks) {
    return store.put("b-1", key, body(content), ObjectAttributes.NONE, checks, Conditions.NONE);
  }

  private static InputStream body(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }

  private Path store(String file) {
    return root.resolve("objects").resolve(file.substring(0, 2)).resolve(file.substring(2, 3)).resolve(file);
  }

  private List<Path> contentFiles() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("objects"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  static void assertFault(String code, int status, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo(code);
      assertThat(fault.status()).isEqualTo(status);
    });
  }
}
