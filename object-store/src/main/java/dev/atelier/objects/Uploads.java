package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/** Multipart uploads, from their creation until they are completed or aborted. */
public final class Uploads {
  /** The highest part number. */
  public static final int MOST_PARTS = 10_000;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration REPEATABLE = Duration.ofHours(24);

  private final MetadataStore database;
  private final ObjectFiles files;
  private final BodyWriter bodies;
  private final Clock clock;
  private final PartJoiner joiner;
  private final ContentKeys keys;

  Uploads(MetadataStore database, ObjectFiles files, BodyWriter bodies, Clock clock) {
    this(database, files, bodies, clock, ContentKeys.NONE);
  }

  private Uploads(MetadataStore database, ObjectFiles files, BodyWriter bodies, Clock clock, ContentKeys keys) {
    this.keys = keys;
    this.database = database;
    this.files = files;
    this.bodies = bodies;
    this.clock = clock;
    this.joiner = new PartJoiner(files);
  }

  Uploads with(ContentKeys other) {
    return new Uploads(database, files, bodies, clock, other);
  }

  /**
   * Begins an upload.
   *
   * @param algorithm the checksum that parts and object have; empty for none
   * @param type how the object's checksum is made; empty for the algorithm's default
   * @throws Fault NoSuchBucket, KeyTooLongError, InvalidRequest for a type that the algorithm cannot have
   */
  public Upload create(String bucket, String key, ObjectAttributes attributes, Optional<ChecksumAlgorithm> algorithm,
      Optional<Checksum.Type> type) {
    Optional<Checksum> checksum = algorithm.map(given ->
        new Checksum(given, "", type.orElse(given.multipartDefault())));
    checksum.filter(given -> !given.algorithm().allows(given.type())).ifPresent(given -> {
      throw S3Fault.invalidRequest("The " + given.type() + " checksum type cannot be used with the "
          + given.algorithm().name().toLowerCase(Locale.ROOT) + " checksum algorithm.");
    });
    Upload upload = new Upload(newId(), bucket, key, now(), attributes, checksum);
    return database.write(handle -> {
      Buckets.requireIn(handle, bucket);
      UploadIndex.insert(handle, upload);
      UploadIndex.pruneCompletedBefore(handle, now().minus(REPEATABLE));
      return upload;
    });
  }

  /** @throws Fault NoSuchBucket, NoSuchUpload */
  public Upload require(String bucket, String key, String uploadId) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return open(handle, bucket, key, uploadId);
    });
  }

  /**
   * Stores a part, replacing the one of its number.
   *
   * @throws Fault NoSuchUpload, InvalidArgument for the number, and those of the body
   */
  public UploadPart put(String bucket, String key, String uploadId, int number, InputStream body, BodyChecks checks) {
    if (number < 1 || number > MOST_PARTS) {
      throw S3Fault.invalidArgument("partNumber", Integer.toString(number),
          "Part number must be an integer between 1 and " + MOST_PARTS + ", inclusive");
    }
    Upload upload = require(bucket, key, uploadId);
    Optional<BodyWriter.Sealing> sealing = upload.attributes().encryption()
        .filter(encryption -> encryption.sealedKey().isPresent())
        .map(encryption -> new BodyWriter.Sealing(keys.open(inBucket(bucket), key, encryption), number));
    BodyWriter.Written written = bodies.write(body, withAlgorithm(upload, checks), sealing, OptionalInt.empty());
    UploadPart part = new UploadPart(number, written.size(), written.etag(),
        written.checksum().map(Checksum::algorithm), written.checksum().map(Checksum::value), now(),
        written.body().inFile());
    Replacement.commit(database, files, Optional.of(part.file()), handle -> {
      open(handle, bucket, key, uploadId);
      return new Replacement(Optional.empty(), UploadIndex.putPart(handle, uploadId, part).stream().toList());
    });
    return part;
  }

  /** The parts whose numbers come after {@code after}, by number. */
  public List<UploadPart> parts(String bucket, String key, String uploadId, int after, int most) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      open(handle, bucket, key, uploadId);
      return UploadIndex.parts(handle, uploadId, after, most);
    });
  }

  /**
   * Makes the object from parts. Repeated after it succeeded, or while it does, it answers the same for a day.
   *
   * @param checks ETag conditions on the object that is replaced
   * @throws Fault NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed
   */
  public StoredObject complete(String bucket, String key, String uploadId, List<CompletedPart> wanted,
      Completion expected, Conditions checks) {
    byte[] keyBytes = ObjectKey.of(key);
    UploadIndex.Row row = row(bucket, key, uploadId);
    if (row.completedEtag().isPresent()) {
      return completed(row, keyBytes);
    }
    try {
      return join(row, keyBytes, wanted, expected, checks);
    } catch (Fault failed) {
      // another request may have completed the upload meanwhile, and taken the parts away from this one
      UploadIndex.Row now = row(bucket, key, uploadId);
      if (now.completedEtag().isPresent()) {
        return completed(now, keyBytes);
      }
      throw failed;
    }
  }

  private UploadIndex.Row row(String bucket, String key, String uploadId) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return UploadIndex.find(handle, uploadId).filter(found -> belongs(found.upload(), bucket, key))
          .orElseThrow(() -> S3Fault.noSuchUpload(uploadId));
    });
  }

  private StoredObject completed(UploadIndex.Row row, byte[] keyBytes) {
    return database.read(handle -> ObjectIndex.find(handle, row.upload().bucket(), keyBytes))
        .filter(object -> object.etag().equals(row.completedEtag().orElseThrow()))
        .orElseThrow(() -> S3Fault.noSuchUpload(row.upload().id()));
  }

  private StoredObject join(UploadIndex.Row row, byte[] keyBytes, List<CompletedPart> wanted,
      Completion expected, Conditions checks) {
    String bucket = row.upload().bucket();
    String key = row.upload().key();
    String uploadId = row.upload().id();
    expected.checkUpload(row.upload());
    List<UploadPart> parts = PartSelection.of(uploadId, wanted,
        database.read(handle -> UploadIndex.parts(handle, uploadId, 0, MOST_PARTS)));
    PartJoiner.checkComposed(row.upload(), parts, expected.checksum());
    expected.checkParts(row.upload(), wanted);
    expected.checkSize(parts.stream().mapToLong(UploadPart::size).sum());
    PartJoiner.Joined joined = joiner.join(row.upload(), parts, expected.checksum());
    return Replacement.commit(database, files, Optional.of(joined.file()), handle -> {
      open(handle, bucket, key, uploadId);
      List<UploadPart> present = UploadIndex.parts(handle, uploadId, 0, MOST_PARTS);
      if (!present.containsAll(parts)) {
        throw new Fault("OperationAborted", 409,
            "A conflicting conditional operation is currently in progress against this resource. Please try again.");
      }
      KeyHistory history = new KeyHistory(handle, Buckets.requireIn(handle, bucket), keyBytes);
      checks.check(key, history);
      StoredObject object = new StoredObject(bucket, key, joined.size(), joined.etag(), now(),
          row.upload().attributes(), joined.checksum(), parts.stream()
              .map(part -> new StoredObject.Part(part.number(), part.size(), part.checksumOf(joined.checksum())))
              .toList(), joined.file());
      UploadIndex.complete(handle, uploadId, joined.etag(), now());
      List<String> useless = new ArrayList<>(present.stream().map(UploadPart::file).toList());
      Replacement stored = history.replacement(object);
      useless.addAll(stored.contents());
      return new Replacement(stored.object(), useless);
    }).orElseThrow();
  }

  /** Ends an upload and drops its parts. @throws Fault NoSuchUpload */
  public void abort(String bucket, String key, String uploadId) {
    List<String> useless = database.write(handle -> {
      Buckets.requireIn(handle, bucket);
      open(handle, bucket, key, uploadId);
      List<String> parts =
          UploadIndex.parts(handle, uploadId, 0, MOST_PARTS).stream().map(UploadPart::file).toList();
      UploadIndex.delete(handle, uploadId);
      return parts;
    });
    useless.forEach(files::delete);
  }

  /**
   * One page of the unfinished uploads whose keys start with {@code prefix}.
   *
   * @param keyMarker the page starts above this key; empty for the beginning
   * @param idMarker with a key marker: the page starts above this upload of that key; empty for none
   */
  public UploadListing list(String bucket, String prefix, String delimiter, String keyMarker, String idMarker,
      int most) {
    return database.read(handle -> {
      Buckets.requireIn(handle, bucket);
      return new UploadWalk(handle, bucket, prefix, delimiter).page(keyMarker, idMarker, most);
    });
  }

  private Bucket inBucket(String bucket) {
    return database.read(handle -> Buckets.requireIn(handle, bucket));
  }

  private static BodyChecks withAlgorithm(Upload upload, BodyChecks checks) {
    Optional<ChecksumAlgorithm> ofUpload = upload.checksum().map(Checksum::algorithm);
    if (checks.algorithm().isEmpty()) {
      return new BodyChecks(checks.size(), checks.md5(), ofUpload, checks.checksum(), checks.accepted(),
          checks.most()).orDefault();
    }
    if (ofUpload.isPresent() && !ofUpload.equals(checks.algorithm())) {
      throw S3Fault.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: "
          + lower(ofUpload.get()) + ", actual checksum Type: " + lower(checks.algorithm().get()));
    }
    return checks;
  }

  private static String lower(ChecksumAlgorithm algorithm) {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }

  private static Upload open(Handle handle, String bucket, String key, String uploadId) {
    return UploadIndex.find(handle, uploadId)
        .filter(row -> row.completedEtag().isEmpty() && belongs(row.upload(), bucket, key))
        .orElseThrow(() -> S3Fault.noSuchUpload(uploadId)).upload();
  }

  private static boolean belongs(Upload upload, String bucket, String key) {
    return upload.bucket().equals(bucket) && upload.key().equals(key);
  }

  /** Ids sort by age. */
  private String newId() {
    byte[] tail = new byte[24];
    RANDOM.nextBytes(tail);
    return String.format("%012x", clock.millis()) + HexFormat.of().formatHex(tail);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
