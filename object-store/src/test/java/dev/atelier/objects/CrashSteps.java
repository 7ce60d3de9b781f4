package dev.atelier.objects;

import dev.atelier.objects.S3Model.Entry;
import dev.atelier.objects.S3Model.Key;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Random changes of a store, each with what a right store holds after it. */
final class CrashSteps {
  static final List<String> BUCKETS = List.of("plain", "kept");
  /** The key of new uploads' ids. */
  static final Key UPLOAD = new Key("", "");
  private static final List<String> KEYS = List.of("a", "a/1", "b", "../x", "ü/😀");
  private static final int MOST_VERSIONS = 6;
  private static final int MOST_UPLOADS = 3;
  private static final int LEAST_PART = 5 << 20;

  private final Random random;
  /** Everything that was ever sent, by its digest. */
  private final Map<String, byte[]> bodies = new HashMap<>();
  private final byte[] long1;

  /** @param call changes the store; the ids that it chose */
  record Step(String name, S3Model after, Supplier<Map<Key, String>> call) {}

  CrashSteps(Random random) {
    this.random = random;
    this.long1 = new byte[LEAST_PART];
    random.nextBytes(long1);
  }

  /** The key of content is what is "sealed". */
  static ContentKey open(Bucket bucket, String key, Encryption encryption) {
    return new ContentKey(Base64.getDecoder().decode(encryption.sealedKey().orElseThrow()));
  }

  Step next(ObjectStore store, S3Model model) {
    S3Model after = model.copy();
    Key key = new Key(BUCKETS.get(random.nextInt(2)), KEYS.get(random.nextInt(KEYS.size())));
    if (model.of(key).size() >= MOST_VERSIONS) {
      return remove(store, after, key);
    }
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> put(store, after, key);
      case 5, 6 -> copy(store, model, after, key);
      case 7, 8 -> delete(store, after);
      case 9, 10 -> model.of(key).isEmpty() ? put(store, after, key) : remove(store, after, key);
      case 11 -> tag(store, model, after, key);
      case 12, 13 -> model.uploads().size() < MOST_UPLOADS ? begin(store, after, key) : part(store, model, after);
      case 14, 15, 16 -> part(store, model, after);
      case 17 -> complete(store, model, after);
      case 18 -> random.nextInt(3) == 0 ? abort(store, model, after) : complete(store, model, after);
      default -> toggle(store, after);
    };
  }

  private Step put(ObjectStore store, S3Model after, Key key) {
    byte[] body = body();
    ObjectAttributes attributes = attributes();
    after.add(key, new Entry("", Optional.of(remember(body)), md5(body), attributes));
    return new Step("put", after, () -> Map.of(key, store.put(key.bucket(), key.key(), new ByteArrayInputStream(body),
        attributes, checks(body.length), Conditions.NONE).version()));
  }

  private Step copy(ObjectStore store, S3Model model, S3Model after, Key key) {
    List<Map.Entry<Key, Entry>> sources = new ArrayList<>();
    model.entries().forEach((from, list) -> list.stream().filter(entry -> entry.digest().isPresent())
        .forEach(entry -> sources.add(Map.entry(from, entry))));
    if (sources.isEmpty()) {
      return put(store, after, key);
    }
    Map.Entry<Key, Entry> source = sources.get(random.nextInt(sources.size()));
    ObjectAttributes attributes = random.nextInt(3) > 0 ? source.getValue().attributes() : attributes();
    after.add(key, new Entry("", source.getValue().digest(), md5(bodies.get(source.getValue().digest().get())),
        attributes));
    ObjectName name = new ObjectName(source.getKey().bucket(), source.getKey().key(),
        Optional.of(source.getValue().version()));
    return new Step("copy", after, () -> Map.of(key, store.copy(name, key.bucket(), key.key(), old -> attributes,
        random.nextInt(4) == 0 ? Optional.of(ChecksumAlgorithm.SHA256) : Optional.empty(),
        Conditions.NONE).version()));
  }

  /** Up to three keys of one bucket in one request. */
  private Step delete(ObjectStore store, S3Model after) {
    String bucket = BUCKETS.get(random.nextInt(2));
    List<String> keys = KEYS.stream().filter(key -> random.nextInt(KEYS.size()) < 2).toList();
    keys.forEach(key -> after.delete(new Key(bucket, key)));
    return new Step("delete", after, () -> {
      List<Deletion.Outcome> outcomes = store.delete(bucket, keys.stream().map(Deletion::of).toList());
      Map<Key, String> ids = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        ids.put(new Key(bucket, keys.get(i)),
            ((Deletion.Outcome.Done) outcomes.get(i)).version().orElse(VersionId.NULL));
      }
      return ids;
    });
  }

  private Step remove(ObjectStore store, S3Model after, Key key) {
    List<Entry> list = after.of(key);
    String version = list.get(random.nextInt(list.size())).version();
    after.remove(key, version);
    return new Step("remove", after, () -> {
      store.delete(key.bucket(), List.of(new Deletion(key.key(), Optional.of(version), Deletion.Expected.ANYTHING)));
      return Map.of();
    });
  }

  private Step tag(ObjectStore store, S3Model model, S3Model after, Key key) {
    List<Entry> present = model.of(key).stream().filter(entry -> entry.digest().isPresent()).toList();
    if (present.isEmpty()) {
      return put(store, after, key);
    }
    Entry entry = present.get(random.nextInt(present.size()));
    Map<String, String> tags = Map.of("t", "v" + random.nextInt(1000));
    after.entries().get(key).replaceAll(old -> old.version().equals(entry.version())
        ? new Entry(old.version(), old.digest(), old.etag(), old.attributes().withTags(tags)) : old);
    return new Step("tag", after, () -> {
      store.update(new ObjectName(key.bucket(), key.key(), Optional.of(entry.version())), old -> old.withTags(tags));
      return Map.of();
    });
  }

  private Step toggle(ObjectStore store, S3Model after) {
    Versioning versioning = random.nextBoolean() ? Versioning.ENABLED : Versioning.SUSPENDED;
    after.versioning().put("kept", versioning);
    return new Step("versioning", after, () -> {
      store.buckets().setVersioning("kept", versioning);
      return Map.of();
    });
  }

  private Step begin(ObjectStore store, S3Model after, Key key) {
    ObjectAttributes attributes = attributes();
    after.uploads().put(S3Model.NEW, new S3Model.Open(key, attributes, new TreeMap<>()));
    return new Step("begin", after, () -> Map.of(UPLOAD, store.uploads().create(key.bucket(), key.key(), attributes,
        Optional.empty(), Optional.empty()).id()));
  }

  private Step part(ObjectStore store, S3Model model, S3Model after) {
    Optional<String> id = upload(model);
    if (id.isEmpty()) {
      return put(store, after, new Key("plain", "a"));
    }
    S3Model.Open open = after.uploads().get(id.get());
    int number = 1 + random.nextInt(3);
    // all but the last must be long
    byte[] body = number == 3 ? body() : random.nextInt(3) == 0 ? long1 : body();
    open.parts().put(number, new S3Model.Part(remember(body), md5(body), body.length));
    return new Step("part", after, () -> {
      store.uploads().put(open.key().bucket(), open.key().key(), id.get(), number, new ByteArrayInputStream(body),
          BodyChecks.NONE);
      return Map.of();
    });
  }

  private Step complete(ObjectStore store, S3Model model, S3Model after) {
    Optional<String> id = upload(model).filter(each -> !model.uploads().get(each).parts().isEmpty());
    if (id.isEmpty()) {
      return part(store, model, after);
    }
    S3Model.Open open = after.uploads().remove(id.get());
    List<CompletedPart> wanted = new ArrayList<>();
    MessageDigest md5s = digest("MD5");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    open.parts().forEach((number, part) -> {
      if (part.size() >= LEAST_PART || number.equals(open.parts().lastKey())) {
        wanted.add(new CompletedPart(number, part.etag(), Optional.empty()));
        md5s.update(HexFormat.of().parseHex(part.etag()));
        whole.writeBytes(bodies.get(part.digest()));
      }
    });
    String etag = HexFormat.of().formatHex(md5s.digest()) + "-" + wanted.size();
    after.add(open.key(), new Entry("", Optional.of(remember(whole.toByteArray())), etag, open.attributes()));
    return new Step("complete", after, () -> Map.of(open.key(), store.uploads().complete(open.key().bucket(),
        open.key().key(), id.get(), wanted, Completion.ANY, Conditions.NONE).version()));
  }

  private Step abort(ObjectStore store, S3Model model, S3Model after) {
    Optional<String> id = upload(model);
    if (id.isEmpty()) {
      return part(store, model, after);
    }
    S3Model.Open open = after.uploads().remove(id.get());
    return new Step("abort", after, () -> {
      store.uploads().abort(open.key().bucket(), open.key().key(), id.get());
      return Map.of();
    });
  }

  private Optional<String> upload(S3Model model) {
    List<String> ids = List.copyOf(model.uploads().keySet());
    return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
  }

  /** Every other length is announced, so that short contents lie in rows as well as in files. */
  private BodyChecks checks(int size) {
    return new BodyChecks(random.nextBoolean() ? OptionalLong.of(size) : OptionalLong.empty(), Optional.empty(),
        random.nextInt(3) == 0 ? Optional.of(ChecksumAlgorithm.CRC32C) : Optional.empty(), Optional.empty());
  }

  private byte[] body() {
    int[] most = {1, 200, 5_000, 40_000, 40_000, 700_000};
    byte[] body = new byte[random.nextInt(most[random.nextInt(most.length)])];
    random.nextBytes(body);
    return body;
  }

  private ObjectAttributes attributes() {
    ObjectAttributes plain = new ObjectAttributes(Map.of("Content-Type", "x/" + random.nextInt(99)),
        Map.of("n", Integer.toString(random.nextInt(1000))), Map.of(), "STANDARD", Optional.empty());
    if (random.nextInt(4) > 0) {
      return plain;
    }
    byte[] secret = new byte[ContentKey.LENGTH];
    random.nextBytes(secret);
    return plain.withEncryption(Optional.of(new Encryption("AES256", Optional.empty(), false, Optional.empty(),
        Optional.of(Base64.getEncoder().encodeToString(secret)))));
  }

  private String remember(byte[] body) {
    String digest = HexFormat.of().formatHex(digest("SHA-256").digest(body));
    bodies.put(digest, body);
    return digest;
  }

  /** Forgets contents that nothing has any more. */
  void forget(S3Model model) {
    Set<String> used = new HashSet<>();
    model.entries().values().forEach(list -> list.forEach(entry -> entry.digest().ifPresent(used::add)));
    model.uploads().values().forEach(open -> open.parts().values().forEach(part -> used.add(part.digest())));
    bodies.keySet().retainAll(used);
  }

  /** What a store holds, read whole. */
  static S3Model look(ObjectStore store, Path objects) throws IOException {
    S3Model seen = new S3Model();
    for (String bucket : BUCKETS) {
      seen.versioning().put(bucket, store.buckets().require(bucket).versioning());
      Optional<VersionListing.Marker> start = Optional.of(VersionListing.Marker.BEGINNING);
      List<String> latest = new ArrayList<>();
      while (start.isPresent()) {
        VersionListing page = store.versions(bucket, "", "", start.get(), 7);
        for (VersionListing.Entry entry : page.entries()) {
          seen.entries().computeIfAbsent(new Key(bucket, entry.version().key()), none -> new ArrayList<>())
              .add(entry(store, entry.version()));
          if (entry.latest() && entry.version() instanceof StoredObject) {
            latest.add(entry.version().key());
          }
        }
        start = page.next();
      }
      List<String> listed = store.list(bucket, "", "", Listing.Start.BEGINNING, 1000).objects().stream()
          .map(StoredObject::key).toList();
      if (!listed.equals(latest)) {
        throw new AssertionError("the objects are " + listed + " by one listing, " + latest + " by another");
      }
      for (Upload upload : store.uploads().list(bucket, "", "", "", "", 1000).uploads()) {
        TreeMap<Integer, S3Model.Part> parts = new TreeMap<>();
        for (UploadPart part : store.uploads().parts(bucket, upload.key(), upload.id(), 0, 1000)) {
          parts.put(part.number(), new S3Model.Part(partDigest(objects, upload, part), part.etag(), part.size()));
        }
        seen.uploads().put(upload.id(), new S3Model.Open(new Key(bucket, upload.key()), upload.attributes(), parts));
      }
    }
    return seen;
  }

  private static Entry entry(ObjectStore store, ObjectVersion version) {
    return switch (version) {
      case DeleteMarker marker -> Entry.marker(marker.version());
      case StoredObject object -> new Entry(object.version(), Optional.of(content(() -> store.open(
          new ObjectName(object.bucket(), object.key(), Optional.of(object.version()))).stream())), object.etag(),
          object.attributes());
    };
  }

  private static String partDigest(Path objects, Upload upload, UploadPart part) {
    return content(() -> {
      Content channel = new Content.InFile(FileChannel.open(path(objects, part.file())));
      Optional<ContentKey> key = upload.attributes().encryption()
          .map(encryption -> open(null, upload.key(), encryption));
      return new ObjectReader(new StoredObject(upload.bucket(), upload.key(), part.size(), part.etag(),
          part.lastModified(), upload.attributes(), Optional.empty(),
          List.of(new StoredObject.Part(part.number(), part.size(), Optional.empty())), part.file()), channel, key)
          .stream();
    });
  }

  static Path path(Path objects, String file) {
    return objects.resolve(file.substring(0, 2)).resolve(file.substring(2, 3)).resolve(file);
  }

  private interface Source {
    InputStream open() throws IOException;
  }

  private static String content(Source source) {
    try (InputStream stream = source.open()) {
      return HexFormat.of().formatHex(digest("SHA-256").digest(stream.readAllBytes()));
    } catch (IOException | RuntimeException e) {
      boolean missing = e instanceof NoSuchFileException
          || e.getCause() instanceof NoSuchFileException;
      return missing ? S3Model.MISSING : "unreadable: " + e;
    }
  }

  private static String md5(byte[] body) {
    return HexFormat.of().formatHex(digest("MD5").digest(body));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
