package dev.atelier.objects;

import static dev.atelier.objects.ObjectStoreTest.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadsTest {
  private static final int FIVE_MEBIBYTES = 5 << 20;

  @TempDir Path root;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, Clock.systemUTC());
    store.buckets().create("b-1", new AccountId("123456789012"), new Region("us-east-1"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void partsBecomeOneObjectOnce() throws Exception {
    byte[] first = content(1, FIVE_MEBIBYTES);
    byte[] second = content(2, 1000);
    Upload upload = create("k", Optional.of(ChecksumAlgorithm.SHA256), Optional.empty());
    put(upload, 7, second);
    put(upload, 3, content(9, 10));
    UploadPart one = put(upload, 3, first);
    UploadPart two = put(upload, 7, second);
    put(upload, 9, content(3, 5));
    close();
    store = ObjectStore.open(root, Clock.systemUTC());
    store.recovery().join();
    StoredObject object = complete(upload, one, two);
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] md5s = concat(md5.digest(first), md5.digest(second));
    byte[] shas = concat(sha.digest(first), sha.digest(second));
    assertThat(object.etag()).isEqualTo(HexFormat.of().formatHex(md5.digest(md5s)) + "-2");
    assertThat(object.checksum().orElseThrow().value())
        .isEqualTo(Base64.getEncoder().encodeToString(sha.digest(shas)) + "-2");
    assertThat(store.open("b-1", "k").stream().readAllBytes()).isEqualTo(concat(first, second));
    assertThat(object.parts()).extracting(StoredObject.Part::size).containsExactly((long) FIVE_MEBIBYTES, 1000L);
    assertThat(complete(upload, one, two).etag()).isEqualTo(object.etag());
    assertFault("NoSuchUpload", 404, () -> put(upload, 1, first));
    assertFault("NoSuchUpload", 404, () -> store.uploads().abort("b-1", "k", upload.id()));
    assertThat(contentFiles()).isEqualTo(1);
  }

  @Test
  void completionsAtOnceAnswerTheSame() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 5; round++) {
        Upload upload = create("k" + round, Optional.empty(), Optional.empty());
        UploadPart one = put(upload, 1, content(1, FIVE_MEBIBYTES));
        UploadPart two = put(upload, 2, content(2, 1000));
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<StoredObject>> answers = threads.invokeAll(Collections.nCopies(4, () -> {
          together.await(30, TimeUnit.SECONDS);
          return complete(upload, one, two);
        }));
        StoredObject first = answers.getFirst().get();
        for (Future<StoredObject> answer : answers) {
          assertThat(answer.get()).isEqualTo(first);
        }
        assertThat(contentFiles()).isEqualTo(round + 1);
      }
    }
  }

  @Test
  void fullObjectChecksumIsThatOfTheContent() {
    byte[] first = content(1, FIVE_MEBIBYTES);
    byte[] second = content(2, 77);
    Upload upload = create("k", Optional.of(ChecksumAlgorithm.CRC64NVME), Optional.empty());
    StoredObject object = complete(upload, put(upload, 1, first), put(upload, 2, second));
    StoredObject whole = store.put("b-1", "whole", new ByteArrayInputStream(concat(first, second)),
        ObjectAttributes.NONE, BodyChecks.keeping(Optional.of(ChecksumAlgorithm.CRC64NVME)), Conditions.NONE);
    assertThat(object.checksum()).isEqualTo(whole.checksum());
    StoredObject copy = store.copy(ObjectName.latest("b-1", "k"), "b-1", "copy", StoredObject::attributes, Optional.empty(),
        Conditions.NONE);
    assertThat(copy.etag()).isEqualTo(whole.etag());
    assertFault("InvalidRequest", 400, () -> create("k", Optional.of(ChecksumAlgorithm.CRC64NVME),
        Optional.of(Checksum.Type.COMPOSITE)));
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
  void checksumOfTheWholeFollowsFromTheParts(ChecksumAlgorithm algorithm) {
    byte[] first = content(3, FIVE_MEBIBYTES + 3);
    byte[] second = content(4, 12345);
    Upload upload = create("k", Optional.of(algorithm), Optional.of(Checksum.Type.FULL_OBJECT));
    StoredObject object = complete(upload, put(upload, 7, first), put(upload, 9, second));
    StoredObject whole = store.put("b-1", "whole", new ByteArrayInputStream(concat(first, second)),
        ObjectAttributes.NONE, BodyChecks.keeping(Optional.of(algorithm)), Conditions.NONE);
    assertThat(object.checksum()).isEqualTo(whole.checksum());
  }

  @Test
  void uploadThatNamesNoChecksumGetsTheDefault() {
    byte[] first = content(5, FIVE_MEBIBYTES);
    byte[] second = content(6, 10);
    Upload upload = create("k", Optional.empty(), Optional.empty());
    UploadPart other = store.uploads().put("b-1", "k", upload.id(), 2, new ByteArrayInputStream(second),
        BodyChecks.keeping(Optional.of(ChecksumAlgorithm.SHA1)));
    StoredObject object = complete(upload, put(upload, 1, first), other);
    StoredObject whole = store.put("b-1", "whole", new ByteArrayInputStream(concat(first, second)),
        ObjectAttributes.NONE, BodyChecks.NONE.orDefault(), Conditions.NONE);
    assertThat(object.checksum()).isEqualTo(whole.checksum());
    assertThat(object.parts().get(1).checksum()).isEmpty();
  }

  @Test
  void composedChecksumNeedsThoseOfTheParts() {
    Upload upload = create("k", Optional.of(ChecksumAlgorithm.SHA256), Optional.empty());
    UploadPart part = put(upload, 1, content(1, 10));
    assertFault("InvalidRequest", 400, () -> store.uploads().complete("b-1", "k", upload.id(),
        List.of(new CompletedPart(1, part.etag(), Optional.empty())), Completion.ANY, Conditions.NONE));
    assertThat(complete(upload, part).checksum().orElseThrow().value()).endsWith("-1");
  }

  @Test
  void badCompletionsAreRefusedAndTheUploadGoesOn() throws IOException {
    Upload upload = create("k", Optional.empty(), Optional.empty());
    UploadPart small = put(upload, 1, content(1, 100));
    UploadPart last = put(upload, 2, content(2, 100));
    assertFault("EntityTooSmall", 400, () -> complete(upload, small, last));
    assertFault("InvalidPartOrder", 400, () -> complete(upload, last, small));
    assertFault("InvalidPart", 400, () -> store.uploads().complete("b-1", "k", upload.id(),
        List.of(new CompletedPart(1, last.etag(), Optional.empty())), Completion.ANY, Conditions.NONE));
    assertFault("MalformedXML", 400, () -> complete(upload));
    assertFault("NoSuchUpload", 404, () -> store.uploads().complete("b-1", "other", upload.id(),
        List.of(new CompletedPart(1, small.etag(), Optional.empty())), Completion.ANY, Conditions.NONE));
    assertFault("InvalidArgument", 400, () -> put(upload, 10_001, new byte[1]));
    assertThat(store.uploads().parts("b-1", "k", upload.id(), 1, 10)).extracting(UploadPart::number).containsExactly(2);
    assertThat(contentFiles()).isEqualTo(2);
    store.uploads().abort("b-1", "k", upload.id());
    assertThat(contentFiles()).isZero();
    assertFault("NoSuchUpload", 404, () -> store.uploads().require("b-1", "k", upload.id()));
  }

  @Test
  void uploadsAreListedInPages() {
    List<String> ids = new ArrayList<>();
    for (String key : List.of("a", "a", "d/1", "d/2", "e", "é")) {
      ids.add(create(key, Optional.empty(), Optional.empty()).id());
    }
    List<String> listed = new ArrayList<>();
    UploadListing page = new UploadListing(List.of(), List.of(), true, "", "");
    while (page.truncated()) {
      page = store.uploads().list("b-1", "", "/", page.nextKey(), page.nextId(), 1);
      page.uploads().forEach(upload -> listed.add(upload.key()));
      listed.addAll(page.commonPrefixes());
    }
    assertThat(listed).containsExactly("a", "a", "d/", "e", "é");
    assertThat(store.uploads().list("b-1", "d/", "", "", "", 10).uploads()).extracting(Upload::id)
        .containsExactly(ids.get(2), ids.get(3));
  }

  @Test
  void aPartMayBeEmpty() {
    Upload upload = create("k", Optional.empty(), Optional.empty());
    BodyChecks announced = new BodyChecks(OptionalLong.of(0), Optional.empty(), Optional.empty(), Optional.empty());
    UploadPart empty = store.uploads().put("b-1", "k", upload.id(), 1, new ByteArrayInputStream(new byte[0]), announced);
    assertThat(complete(upload, empty).size()).isZero();
  }

  private Upload create(String key, Optional<ChecksumAlgorithm> algorithm, Optional<Checksum.Type> type) {
    return store.uploads().create("b-1", key, ObjectAttributes.NONE, algorithm, type);
  }

  private UploadPart put(Upload upload, int number, byte[] content) {
    return store.uploads().put("b-1", upload.key(), upload.id(), number, new ByteArrayInputStream(content),
        BodyChecks.NONE);
  }

  private StoredObject complete(Upload upload, UploadPart... parts) {
    List<CompletedPart> wanted = Stream.of(parts)
        .map(part -> new CompletedPart(part.number(), "\"" + part.etag() + "\"", part.checksum())).toList();
    return store.uploads().complete("b-1", upload.key(), upload.id(), wanted, Completion.ANY, Conditions.NONE);
  }

  private long contentFiles() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("objects"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static byte[] content(long seed, int size) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
