package dev.atelier.objects;

import static dev.atelier.objects.ObjectStoreTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flipped bit of any content is found, and the content is not served any more. */
class ScrubberTest {
  private static final long FAST = 1L << 40;
  private static final long SEED = 77;

  @TempDir Path root;
  private final Random random = new Random(SEED);
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, Clock.systemUTC()).with(ScrubberTest::key);
    store.buckets().create("b-1", new AccountId("123456789012"), new Region("us-east-1"));
    store.buckets().setVersioning("b-1", Versioning.ENABLED);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void everyFlippedBitIsFoundAndNothingElse() throws IOException {
    List<StoredObject> objects = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      objects.add(put("k" + i % 20, 1 + random.nextInt(300_000), i % 3 == 0 ? sealed() : ObjectAttributes.NONE));
    }
    objects.add(completed("joined", ObjectAttributes.NONE));
    objects.add(completed("joined", sealed()));
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST)).isEqualTo(new Scrubber.Pass(62, 0, 0));
    List<StoredObject> hit = objects.stream().filter(object -> object.key().equals("joined") || random.nextBoolean())
        .toList();
    for (StoredObject object : hit) {
      flip(object.file());
    }
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST)).as("seed %d", SEED)
        .isEqualTo(new Scrubber.Pass(62, 0, hit.size()));
    for (StoredObject object : objects) {
      ObjectName name = new ObjectName("b-1", object.key(), Optional.of(object.version()));
      if (hit.contains(object)) {
        assertFault("InternalError", 500, () -> store.open(name));
        assertFault("InternalError", 500, () -> store.copy(name, "b-1", "copy", StoredObject::attributes,
            Optional.empty(), Conditions.NONE));
      } else {
        assertThat(store.open(name).stream().readAllBytes()).hasSize((int) object.size());
      }
    }
    assertThat(Scrubber.damagedIn(root)).isEqualTo(hit.size());
  }

  @Test
  void damageIsKnownAfterARestartUntilTheObjectGoesOrIsPutBack() throws IOException {
    StoredObject one = put("one", 1000, ObjectAttributes.NONE);
    StoredObject two = put("two", 1000, ObjectAttributes.NONE);
    byte[] right = Files.readAllBytes(file(one.file()));
    flip(one.file());
    Files.delete(file(two.file()));
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST).damaged()).isEqualTo(2);
    close();
    store = ObjectStore.open(root, Clock.systemUTC()).with(ScrubberTest::key);
    assertFault("InternalError", 500, () -> store.open("b-1", "one"));
    assertFault("InternalError", 500, () -> store.open("b-1", "two"));
    replace(one.file(), right);
    store.delete("b-1", List.of(new Deletion("two", Optional.of(two.version()), Deletion.Expected.ANYTHING)));
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST)).isEqualTo(new Scrubber.Pass(1, 0, 0));
    assertThat(store.open("b-1", "one").stream().readAllBytes()).isEqualTo(right);
    assertThat(store.scrubber().damaged()).isZero();
  }

  @Test
  void partsOfUnfinishedUploadsAreComparedToo() throws IOException {
    for (ObjectAttributes attributes : List.of(ObjectAttributes.NONE, sealed())) {
      Upload upload = store.uploads().create("b-1", "u", attributes, Optional.empty(), Optional.empty());
      UploadPart part = part(upload, 7, content(5000));
      assertThat(store.scrubber().pass(ScrubberTest::key, FAST).damaged()).isZero();
      flip(part.file());
      assertThat(store.scrubber().pass(ScrubberTest::key, FAST).damaged()).isEqualTo(1);
      store.uploads().abort("b-1", "u", upload.id());
    }
  }

  @Test
  void damagedPartsDoNotBecomeAnObject() throws IOException {
    StoredObject before = put("u", 10, ObjectAttributes.NONE);
    Upload upload = store.uploads().create("b-1", "u", ObjectAttributes.NONE, Optional.empty(), Optional.empty());
    byte[] first = content(5 << 20);
    part(upload, 1, first);
    UploadPart last = part(upload, 2, content(5000));
    List<CompletedPart> parts = new ArrayList<>();
    store.uploads().parts("b-1", "u", upload.id(), 0, 9)
        .forEach(part -> parts.add(new CompletedPart(part.number(), part.etag(), Optional.empty())));
    byte[] right = Files.readAllBytes(file(last.file()));
    for (byte[] damaged : List.of(flipped(right), Arrays.copyOf(right, right.length - 1),
        Arrays.copyOf(right, right.length + 1), new byte[0])) {
      replace(last.file(), damaged);
      assertFault("InvalidPart", 400, () ->
          store.uploads().complete("b-1", "u", upload.id(), parts, Completion.ANY, Conditions.NONE));
      assertThat(store.open("b-1", "u").object()).isEqualTo(before);
    }
    // the client sends the part again and goes on
    part(upload, 2, right);
    StoredObject done = store.uploads().complete("b-1", "u", upload.id(), parts, Completion.ANY, Conditions.NONE);
    assertThat(store.open("b-1", "u").stream().readAllBytes()).startsWith(first).endsWith(right)
        .hasSize((int) done.size());
  }

  @Test
  void ofCustomersContentTheSizeIsCompared() throws IOException {
    Encryption own = sealed().encryption().orElseThrow();
    ObjectAttributes customers = ObjectAttributes.NONE.withEncryption(Optional.of(
        new Encryption("AES256", Optional.empty(), false, Optional.of("md5"), own.sealedKey())));
    StoredObject object = put("k", 5000, customers);
    flip(object.file());
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST)).isEqualTo(new Scrubber.Pass(0, 1, 0));
    replace(object.file(), new byte[4000]);
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST)).isEqualTo(new Scrubber.Pass(1, 0, 1));
  }

  @Test
  void aPassGoesOnWhereItStopped() {
    for (int i = 0; i < 250; i++) {
      put("k" + i, 10, i == 150 ? sealed() : ObjectAttributes.NONE);
    }
    int[] asked = {0};
    ContentKeys closing = (bucket, key, encryption) -> {
      asked[0]++;
      store.close();
      return key(bucket, key, encryption);
    };
    long first = store.scrubber().pass(closing, FAST).compared();
    assertThat(asked[0]).isEqualTo(1);
    store = ObjectStore.open(root, Clock.systemUTC()).with(ScrubberTest::key);
    long second = store.scrubber().pass(ScrubberTest::key, FAST).compared();
    // a batch of a hundred is begun anew
    assertThat(first + second).isBetween(250L, 351L);
    assertThat(second).isEqualTo(250 - first / 100 * 100);
    assertThat(store.scrubber().pass(ScrubberTest::key, FAST).compared()).isEqualTo(250);
  }

  private static ContentKey key(Bucket bucket, String key, Encryption encryption) {
    if (encryption.customerKeyMd5().isPresent() && encryption.sealedKey().isEmpty()) {
      throw new Fault("AccessDenied", 403, "Access Denied");
    }
    return CrashSteps.open(bucket, key, encryption);
  }

  private StoredObject put(String key, int size, ObjectAttributes attributes) {
    return store.put("b-1", key, new ByteArrayInputStream(content(size)), attributes, BodyChecks.NONE,
        Conditions.NONE);
  }

  private StoredObject completed(String key, ObjectAttributes attributes) {
    Upload upload = store.uploads().create("b-1", key, attributes, Optional.empty(), Optional.empty());
    List<CompletedPart> parts = new ArrayList<>();
    for (Map.Entry<Integer, Integer> part : List.of(Map.entry(2, 5 << 20), Map.entry(5, 777))) {
      parts.add(new CompletedPart(part.getKey(), part(upload, part.getKey(), content(part.getValue())).etag(),
          Optional.empty()));
    }
    return store.uploads().complete("b-1", key, upload.id(), parts, Completion.ANY, Conditions.NONE);
  }

  private UploadPart part(Upload upload, int number, byte[] content) {
    return store.uploads().put("b-1", upload.key(), upload.id(), number, new ByteArrayInputStream(content),
        BodyChecks.NONE);
  }

  private byte[] content(int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return content;
  }

  private ObjectAttributes sealed() {
    return ObjectAttributes.NONE.withEncryption(Optional.of(new Encryption("AES256", Optional.empty(), false,
        Optional.empty(), Optional.of(Base64.getEncoder().encodeToString(content(ContentKey.LENGTH))))));
  }

  private Path file(String id) {
    return CrashSteps.path(root.resolve("objects"), id);
  }

  private void flip(String id) throws IOException {
    replace(id, flipped(Files.readAllBytes(file(id))));
  }

  private byte[] flipped(byte[] content) {
    byte[] damaged = content.clone();
    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    return damaged;
  }

  private void replace(String id, byte[] content) throws IOException {
    Files.deleteIfExists(file(id));
    Files.write(file(id), content);
  }
}
