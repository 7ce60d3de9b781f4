package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/**
 * The objects of all buckets. A method that returns has made its change durable; one that throws has changed nothing.
 * Every fault is one of S3's.
 */
public final class ObjectStore implements AutoCloseable {
  private final MetadataStore database;
  private final ObjectFiles files;
  private final BodyWriter bodies;
  private final Clock clock;
  private final Buckets buckets;
  private final Uploads uploads;
  private final CompletableFuture<Recovery> recovery;

  private ObjectStore(MetadataStore database, ObjectFiles files, Clock clock) {
    this.database = database;
    this.files = files;
    this.clock = clock;
    this.bodies = new BodyWriter(files);
    this.buckets = new Buckets(database, files, clock);
    this.uploads = new Uploads(database, files, bodies, clock);
    this.recovery = Recovery.start(database, files);
  }

  /** Opens {@code objects.db} and {@code objects/} in a folder, making them when they are not there. */
  public static ObjectStore open(Path root, Clock clock) {
    try {
      ObjectFiles files = ObjectFiles.open(root.resolve("objects"));
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

  /** What the sweep found that runs beside the first requests after a start. */
  public CompletableFuture<Recovery> recovery() {
    return recovery.copy();
  }

  /**
   * Stores an object, replacing the one of its key.
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
    BodyWriter.Written written = bodies.write(body, checks);
    return commit(written.file(), handle -> {
      Buckets.requireIn(handle, bucket);
      Optional<StoredObject> present = ObjectIndex.find(handle, bucket, keyBytes);
      conditions.check(key, present);
      StoredObject object = new StoredObject(bucket, key, written.size(), written.etag(), now(), attributes,
          written.checksum(), List.of(), written.file());
      return replace(handle, present, object);
    });
  }

  /** The object of a key. */
  public Optional<StoredObject> find(String bucket, String key) {
    byte[] keyBytes = ObjectKey.bytes(key);
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return ObjectIndex.find(handle, bucket, keyBytes);
    });
  }

  /** @throws Fault NoSuchBucket, NoSuchKey */
  public StoredObject require(String bucket, String key) {
    return find(bucket, key).orElseThrow(() -> missing(bucket, key));
  }

  private Fault missing(String bucket, String key) {
    return buckets.require(bucket).account().equals(SampleBuckets.OWNER)
        ? SampleBuckets.noSuchKey(bucket, key) : S3Fault.noSuchKey(key);
  }

  /**
   * Opens the present content of a key.
   *
   * @throws Fault NoSuchBucket, NoSuchKey
   */
  public ObjectReader open(String bucket, String key) {
    return withFile(bucket, key, object ->
        new ObjectReader(object, FileChannel.open(files.path(object.file()), StandardOpenOption.READ)));
  }

  /**
   * Makes {@code target} a read-only hard link to the present content of a key. It stays what it is when the object is
   * replaced or deleted; the caller removes it. Nothing may ever write through it.
   *
   * @throws Fault NoSuchBucket, NoSuchKey
   */
  public StoredObject link(String bucket, String key, Path target) {
    return withFile(bucket, key, object -> {
      Files.createLink(target, files.path(object.file()));
      return object;
    });
  }

  /**
   * Where the present content of a key lies, for reading; the name goes away when the object is replaced or deleted.
   *
   * @throws Fault NoSuchBucket, NoSuchKey
   */
  public Path fileOf(String bucket, String key) {
    return files.path(require(bucket, key).file());
  }

  /**
   * Copies an object. The content is shared on disk unless it must be read anew for an ETag or a checksum.
   *
   * @param attributes those of the copy, from the source; throws when the source does not meet the conditions
   * @param algorithm the checksum to keep; empty keeps the source's
   * @param conditions on the object that the copy replaces
   */
  public StoredObject copy(String bucket, String key, String targetBucket, String targetKey,
      Function<StoredObject, ObjectAttributes> attributes, Optional<ChecksumAlgorithm> algorithm,
      Conditions conditions) {
    byte[] targetBytes = ObjectKey.of(targetKey);
    buckets.require(targetBucket);
    StoredObject source = require(bucket, key);
    ObjectAttributes given = attributes.apply(source);
    Optional<ChecksumAlgorithm> kept = algorithm.or(() -> source.checksum().map(Checksum::algorithm));
    boolean sharable = source.parts().isEmpty()
        && kept.equals(source.checksum().map(Checksum::algorithm));
    if (!sharable) {
      try (ObjectReader reader = open(bucket, key)) {
        if (reader.object().size() > BodyChecks.ONE_REQUEST) {
          throw S3Fault.invalidRequest("The specified copy source is larger than the maximum allowable size for a copy"
              + " source: " + BodyChecks.ONE_REQUEST);
        }
        return put(targetBucket, targetKey, reader.stream(), given, BodyChecks.keeping(kept), conditions);
      } catch (IOException e) {
        throw BodyWriter.storageFault(e);
      }
    }
    return withFile(bucket, key, current -> {
      String file = files.link(current.file());
      return commit(file, handle -> {
        Buckets.requireIn(handle, targetBucket);
        Optional<StoredObject> present = ObjectIndex.find(handle, targetBucket, targetBytes);
        conditions.check(targetKey, present);
        return replace(handle, present, new StoredObject(targetBucket, targetKey, current.size(), current.etag(),
            now(), given, current.checksum(), List.of(), file));
      });
    });
  }

  /** Changes what is said about an object beside its content, such as its tags. */
  public StoredObject update(String bucket, String key, UnaryOperator<ObjectAttributes> change) {
    byte[] keyBytes = ObjectKey.bytes(key);
    return database.write(handle -> {
      Buckets.requireIn(handle, bucket);
      StoredObject old = ObjectIndex.find(handle, bucket, keyBytes).orElseThrow(() -> S3Fault.noSuchKey(key));
      StoredObject changed = new StoredObject(bucket, key, old.size(), old.etag(), old.lastModified(),
          change.apply(old.attributes()), old.checksum(), old.parts(), old.file());
      ObjectIndex.put(handle, changed);
      return changed;
    });
  }

  /**
   * Deletes an object; whether there was one.
   *
   * @throws Fault NoSuchBucket, PreconditionFailed
   */
  public boolean delete(String bucket, String key, Conditions conditions) {
    byte[] keyBytes = ObjectKey.bytes(key);
    Optional<StoredObject> deleted = database.write(handle -> {
      Buckets.requireIn(handle, bucket);
      Optional<StoredObject> present = ObjectIndex.find(handle, bucket, keyBytes);
      conditions.check(key, present);
      ObjectIndex.delete(handle, bucket, keyBytes);
      return present;
    });
    deleted.ifPresent(object -> files.delete(object.file()));
    return deleted.isPresent();
  }

  /** Deletes the objects of these keys in one transaction; keys without an object are passed over. */
  public void deleteAll(String bucket, List<String> keys) {
    List<String> gone = database.write(handle -> {
      Buckets.requireIn(handle, bucket);
      return keys.stream().map(ObjectKey::bytes).flatMap(key -> {
        Optional<String> file = ObjectIndex.find(handle, bucket, key).map(StoredObject::file);
        ObjectIndex.delete(handle, bucket, key);
        return file.stream();
      }).toList();
    });
    gone.forEach(files::delete);
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

  /** Every object of {@code bucket} under {@code prefix}, page by page, for use inside the server. */
  public void each(String bucket, String prefix, Consumer<StoredObject> action) {
    Optional<Listing.Start> start = Optional.of(Listing.Start.BEGINNING);
    while (start.isPresent()) {
      Listing page = list(bucket, prefix, "", start.get(), 1000);
      page.objects().forEach(action);
      start = page.next();
    }
  }

  @Override
  public void close() {
    recovery.cancel(true);
    database.close();
  }

  /** Commits the row of a kept file; the file is removed when the commit fails, the replaced one when it succeeds. */
  private StoredObject commit(String file, Function<Handle, Replacement> work) {
    return Replacement.commit(database, files, file, work).orElseThrow();
  }

  private static Replacement replace(Handle handle, Optional<StoredObject> present, StoredObject object) {
    ObjectIndex.put(handle, object);
    return new Replacement(Optional.of(object), present.map(StoredObject::file).stream().toList());
  }

  /** Looks the object up again when it was replaced between look-up and opening. */
  private <T> T withFile(String bucket, String key, Opening<T> opening) {
    NoSuchFileException missing = new NoSuchFileException(key);
    for (int attempt = 0; attempt < 10; attempt++) {
      StoredObject object = require(bucket, key);
      try {
        return opening.open(object);
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

  private interface Opening<T> {
    T open(StoredObject object) throws IOException;
  }
}
