package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * The objects of all buckets. A method that returns has made its change durable; one that throws has changed nothing.
 * Every fault is one of S3's.
 */
public final class ObjectStore implements AutoCloseable {
  private static final int PAGE = 1_000;

  private final MetadataStore database;
  private final ObjectFiles files;
  private final BodyWriter bodies;
  private final Clock clock;
  private final Buckets buckets;
  private final Uploads uploads;
  private final CompletableFuture<Recovery> recovery;
  private final ContentKeys keys;
  private final Scrubber scrubber;

  private ObjectStore(MetadataStore database, ObjectFiles files, Clock clock) {
    this.database = database;
    this.files = files;
    this.clock = clock;
    this.bodies = new BodyWriter(files);
    this.buckets = new Buckets(database, files, clock);
    this.keys = ContentKeys.NONE;
    this.uploads = new Uploads(database, files, bodies, clock);
    this.recovery = Recovery.start(database, files);
    this.scrubber = new Scrubber(database, files, clock);
  }

  private ObjectStore(ObjectStore other, ContentKeys keys) {
    this.database = other.database;
    this.files = other.files;
    this.clock = other.clock;
    this.bodies = other.bodies;
    this.buckets = other.buckets;
    this.keys = keys;
    this.uploads = other.uploads.with(keys);
    this.recovery = other.recovery;
    this.scrubber = other.scrubber;
  }

  /** The same store, whose encrypted contents are opened with these keys; it is closed with this one. */
  public ObjectStore with(ContentKeys other) {
    return new ObjectStore(this, other);
  }

  /** Opens {@code objects.db} and {@code objects/} in a folder, making them when they are not there. */
  public static ObjectStore open(Path root, Clock clock) {
    return open(root, clock, Disk.REAL);
  }

  static ObjectStore open(Path root, Clock clock, Disk disk) {
    try {
      ObjectFiles files = ObjectFiles.open(root.resolve("objects"), disk);
      return new ObjectStore(MetadataStore.open(root.resolve("objects.db"), "db/objects"), files, clock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the object store in " + root, e);
    }
  }

  public Buckets buckets() {
    return buckets;
  }

  /** Multipart uploads. */
  public Uploads uploads() {
    return uploads;
  }

  /** What re-reads the contents; it does not run until it is started. */
  public Scrubber scrubber() {
    return scrubber;
  }

  /** What the sweep found that runs beside the first requests after a start. */
  public CompletableFuture<Recovery> recovery() {
    return recovery.copy();
  }

  /**
   * Stores an object as what its key gives; what it gave before is kept or goes by the bucket's versioning.
   *
   * @throws Fault NoSuchBucket, KeyTooLongError, PreconditionFailed, and those of the body
   */
  public StoredObject put(String bucket, String key, InputStream body, ObjectAttributes attributes, BodyChecks checks,
      Conditions conditions) {
    byte[] keyBytes = ObjectKey.of(key);
    buckets.require(bucket);
    if (!conditions.equals(Conditions.NONE)) {
      conditions.check(key, find(bucket, key));
    }
    BodyWriter.Written written = bodies.write(body, checks,
        contentKey(bucket, key, attributes).map(sealed -> new BodyWriter.Sealing(sealed, 0)),
        OptionalInt.of(SmallContent.MOST));
    return commit(written.body(), bucket, keyBytes, conditions, content -> new StoredObject(bucket, key, written.size(),
        written.etag(), now(), attributes, written.checksum(), List.of(), content));
  }

  /** The object that a key gives at present. */
  public Optional<StoredObject> find(String bucket, String key) {
    byte[] keyBytes = ObjectKey.bytes(key);
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return ObjectIndex.find(handle, bucket, keyBytes);
    });
  }

  /** @throws Fault NoSuchBucket, NoSuchKey */
  public StoredObject require(String bucket, String key) {
    return require(ObjectName.latest(bucket, key));
  }

  /**
   * The object of a name.
   *
   * @throws Fault NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
   */
  public StoredObject require(ObjectName name) {
    return database.read(handle -> require(handle, name));
  }

  private static StoredObject require(Handle handle, ObjectName name) {
    byte[] key = ObjectKey.bytes(name.key());
    Bucket bucket = Buckets.requireIn(handle, name.bucket());
    if (name.version().isPresent()) {
      return Absence.object(name, VersionIndex.find(handle, name.bucket(), key, name.version().get()));
    }
    return ObjectIndex.find(handle, name.bucket(), key).orElseThrow(() -> Absence.ofKey(bucket, name.key(),
        bucket.versioning() == Versioning.UNSET ? Optional.empty()
            : VersionIndex.newestMarker(handle, name.bucket(), key)));
  }

  /**
   * Opens the present content of a key.
   *
   * @throws Fault NoSuchBucket, NoSuchKey
   */
  public ObjectReader open(String bucket, String key) {
    return open(ObjectName.latest(bucket, key));
  }

  /** Opens the content of a version. @throws Fault as {@link #require(ObjectName)} */
  public ObjectReader open(ObjectName name) {
    return withContent(name, this::reader);
  }

  private ObjectReader reader(StoredObject object, Optional<byte[]> small) throws IOException {
    Optional<ContentKey> sealed = contentKey(object.bucket(), object.key(), object.attributes());
    return new ObjectReader(object, Content.open(object.file(), small, files), sealed);
  }

  private Optional<ContentKey> contentKey(String bucket, String key, ObjectAttributes attributes) {
    return attributes.encryption().filter(encryption -> encryption.sealedKey().isPresent())
        .map(encryption -> keys.open(buckets.require(bucket), key, encryption));
  }

  /**
   * Makes {@code target} a read-only hard link to the present content of a key, or a copy of it in the clear when it is
   * encrypted or has no file of its own. It stays what it is when the object is replaced or deleted; the caller removes it. Nothing may ever write
   * through it.
   *
   * @throws Fault NoSuchBucket, NoSuchKey
   */
  public StoredObject link(String bucket, String key, Path target) {
    return withContent(ObjectName.latest(bucket, key), (object, small) -> {
      if (object.attributes().sealed() || small.isPresent()) {
        try (ObjectReader reader = reader(object, small)) {
          Files.copy(reader.stream(), target);
        }
        Files.setPosixFilePermissions(target, ObjectFiles.KEPT);
      } else {
        Files.createLink(target, files.path(object.file()));
      }
      return object;
    });
  }

  /**
   * Copies an object. The content is shared on disk unless it must be read anew for an ETag or a checksum.
   *
   * @param attributes those of the copy, from the source; throws when the source does not meet the conditions
   * @param algorithm the checksum to keep; empty keeps the source's
   * @param conditions on the object that the copy replaces
   */
  public StoredObject copy(ObjectName source, String bucket, String key,
      Function<StoredObject, ObjectAttributes> attributes, Optional<ChecksumAlgorithm> algorithm,
      Conditions conditions) {
    byte[] keyBytes = ObjectKey.of(key);
    buckets.require(bucket);
    StoredObject original = require(source);
    ObjectName exactly = new ObjectName(source.bucket(), source.key(),
        source.version().or(() -> Optional.of(original.version())));
    ObjectAttributes given = attributes.apply(original);
    Optional<ChecksumAlgorithm> kept = algorithm.or(() -> original.checksum().map(Checksum::algorithm));
    boolean sharable = original.parts().isEmpty() && !original.attributes().sealed() && !given.sealed()
        && kept.equals(original.checksum().map(Checksum::algorithm));
    if (!sharable) {
      try (ObjectReader reader = open(exactly)) {
        if (reader.object().size() > BodyChecks.ONE_REQUEST) {
          throw S3Fault.invalidRequest("The specified copy source is larger than the maximum allowable size for a copy"
              + " source: " + BodyChecks.ONE_REQUEST);
        }
        return put(bucket, key, reader.stream(), given, BodyChecks.keeping(kept), conditions);
      } catch (IOException e) {
        throw BodyWriter.storageFault(e);
      }
    }
    return withContent(exactly, (current, small) -> {
      if (!current.file().equals(original.file())) {
        // replaced meanwhile: what was decided about the original need not hold for this one
        return copy(source, bucket, key, attributes, algorithm, conditions);
      }
      BodyWriter.Body body = small.isPresent() ? new BodyWriter.Body.InMemory(small.get())
          : new BodyWriter.Body.InFile(files.link(current.file()));
      return commit(body, bucket, keyBytes, conditions, content -> new StoredObject(bucket, key, current.size(),
          current.etag(), now(), given, current.checksum(), List.of(), content));
    });
  }

  /** Changes what is said about an object beside its content, such as its tags. */
  public StoredObject update(ObjectName name, UnaryOperator<ObjectAttributes> change) {
    byte[] key = ObjectKey.bytes(name.key());
    return database.write(handle -> {
      Bucket bucket = Buckets.requireIn(handle, name.bucket());
      StoredObject old = name.version().isPresent()
          ? Absence.object(name, VersionIndex.find(handle, name.bucket(), key, name.version().get()))
          : ObjectIndex.find(handle, name.bucket(), key).orElseThrow(() -> Absence.ofKey(bucket, name.key(),
              VersionIndex.newestMarker(handle, name.bucket(), key)));
      StoredObject changed = old.withAttributes(change.apply(old.attributes()));
      VersionIndex.update(handle, changed);
      return changed;
    });
  }

  /** As {@link #update}, unless the version has gone or was replaced since it was seen. */
  public void updateIfPresent(StoredObject seen, UnaryOperator<ObjectAttributes> change) {
    byte[] key = ObjectKey.bytes(seen.key());
    database.write(handle -> {
      VersionIndex.find(handle, seen.bucket(), key, seen.version())
          .filter(StoredObject.class::isInstance).map(StoredObject.class::cast)
          .filter(present -> present.file().equals(seen.file()))
          .ifPresent(present -> VersionIndex.update(handle, present.withAttributes(change.apply(present.attributes()))));
      return seen;
    });
  }

  /**
   * Deletes objects or versions in one transaction; what became of each, in their order.
   *
   * @throws Fault NoSuchBucket
   */
  public List<Deletion.Outcome> delete(String bucket, List<Deletion> deletions) {
    List<String> useless = new ArrayList<>();
    List<Deletion.Outcome> outcomes = database.write(handle -> {
      useless.clear();
      Bucket from = Buckets.requireIn(handle, bucket);
      return deletions.stream().map(deletion -> {
        KeyHistory history = new KeyHistory(handle, from, ObjectKey.bytes(deletion.key()));
        Deletion.Outcome outcome = history.delete(deletion, now());
        useless.addAll(SmallContent.delete(handle, history.useless()));
        return outcome;
      }).toList();
    });
    useless.forEach(files::delete);
    return outcomes;
  }

  /**
   * One page of the keys that start with {@code prefix}, in the order of their UTF-8 bytes.
   *
   * @param delimiter rolls keys up to the part before it; empty for none
   */
  public Listing list(String bucket, String prefix, String delimiter, Listing.Start start, int most) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return new ListingWalk(handle, bucket, prefix, delimiter).page(start, most);
    });
  }

  /** One page of the versions, delete markers among them, of the keys that start with {@code prefix}. */
  public VersionListing versions(String bucket, String prefix, String delimiter, VersionListing.Marker start,
      int most) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return new VersionWalk(handle, bucket, prefix, delimiter).page(start, most);
    });
  }

  /** Every object of {@code bucket} under {@code prefix}, page by page, for use inside the server. */
  public void each(String bucket, String prefix, Consumer<StoredObject> action) {
    Optional<Listing.Start> start = Optional.of(Listing.Start.BEGINNING);
    while (start.isPresent()) {
      Listing page = list(bucket, prefix, "", start.get(), 1000);
      page.objects().forEach(action);
      start = page.next();
    }
  }

  /** An object, with its content when that is small and lies in the clear, so that nobody need open it. */
  public record Readable(StoredObject object, Optional<byte[]> content) {}

  /**
   * As {@link #each}, some at a time and with small contents; the next ones are read while {@code action} has the others.
   *
   * @throws Fault NoSuchBucket
   */
  public void eachReadable(String bucket, String prefix, Consumer<List<Readable>> action) {
    byte[] first = ObjectKey.bytes(prefix);
    Optional<byte[]> end = ObjectKey.after(first);
    CompletableFuture<List<Readable>> next = CompletableFuture.completedFuture(readable(bucket, first, end));
    while (true) {
      List<Readable> page = joined(next);
      if (page.size() == PAGE) {
        byte[] last = ObjectKey.bytes(page.getLast().object().key());
        byte[] after = Arrays.copyOf(last, last.length + 1);
        next = CompletableFuture.supplyAsync(() -> readable(bucket, after, end), Thread::startVirtualThread);
      }
      action.accept(page);
      if (page.size() < PAGE) {
        return;
      }
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private List<Readable> readable(String bucket, byte[] from, Optional<byte[]> end) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return ObjectIndex.rangeWithContent(handle, bucket, from, end, PAGE).stream().map(row -> {
        scrubber.requireSound(row.object());
        return new Readable(row.object(), row.content().filter(content -> !row.object().attributes().sealed()));
      }).toList();
    });
  }

  @Override
  public void close() {
    scrubber.close();
    recovery.cancel(true);
    database.close();
  }

  /** Commits a body as the object that a key gives. */
  private StoredObject commit(BodyWriter.Body body, String bucket, byte[] key, Conditions conditions,
      Function<String, StoredObject> object) {
    return Replacement.commit(database, files, body.file(), handle -> {
      KeyHistory history = new KeyHistory(handle, Buckets.requireIn(handle, bucket), key);
      conditions.check(ObjectKey.text(key), history);
      return history.replacement(object.apply(switch (body) {
        case BodyWriter.Body.InFile(String id) -> id;
        case BodyWriter.Body.InMemory(byte[] bytes) -> SmallContent.put(handle, bytes);
      }));
    }).orElseThrow();
  }

  /** Looks the object up again when its file was replaced between look-up and opening. */
  private <T> T withContent(ObjectName name, Opening<T> opening) {
    NoSuchFileException missing = new NoSuchFileException(name.key());
    for (int attempt = 0; attempt < 10; attempt++) {
      Found found = database.read(handle -> {
        StoredObject object = require(handle, name);
        return new Found(object, SmallContent.find(handle, object.file()));
      });
      scrubber.requireSound(found.object);
      try {
        return opening.open(found.object, found.small);
      } catch (NoSuchFileException e) {
        missing = e;
      } catch (IOException e) {
        throw BodyWriter.storageFault(e);
      }
    }
    throw new UncheckedIOException("the content of an object is missing", missing);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  /** An object with its content, when that lies in a row. */
  private record Found(StoredObject object, Optional<byte[]> small) {}

  private interface Opening<T> {
    T open(StoredObject object, Optional<byte[]> small) throws IOException;
  }
}
