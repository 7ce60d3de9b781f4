package dev.atelier.objects;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.mapper.RowMapper;

/** All buckets, of every account, and the documents that are stored with them. */
public final class Buckets {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final List<String> RESERVED_BEGINNINGS = List.of("xn--", "sthree-", "amzn-s3-demo-");
  private static final List<String> RESERVED_ENDS = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");
  private static final RowMapper<Bucket> BUCKET = (row, context) -> new Bucket(row.getString("name"),
      new AccountId(row.getString("account")), new Region(row.getString("region")),
      Instant.ofEpochMilli(row.getLong("created")), Versioning.valueOf(row.getString("versioning")));

  private static final int REMEMBERED = 1_000;

  private final MetadataStore database;
  private final ObjectFiles files;
  private final Clock clock;
  /** Every request asks for its bucket; whoever changes one forgets it here, after the commit. */
  private final Cache<String, Optional<Known>> known = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  Buckets(MetadataStore database, ObjectFiles files, Clock clock) {
    this.database = database;
    this.files = files;
    this.clock = clock;
  }

  /** A bucket with its documents by kind. */
  private record Known(Bucket bucket, Map<String, String> documents) {}

  /** What came of creating a bucket. */
  public sealed interface Creation {
    record Created(Bucket bucket) implements Creation {}

    /** A bucket of the name was there; it may be another account's. */
    record Existed(Bucket bucket) implements Creation {}
  }

  /** Creates a bucket without documents, as the other one does. */
  public Creation create(String name, AccountId account, Region region) {
    return create(name, account, region, Map.of());
  }

  /**
   * Creates a bucket unless the name is taken.
   *
   * @param documents by kind, stored with it
   * @throws Fault InvalidBucketName
   */
  public Creation create(String name, AccountId account, Region region, Map<String, String> documents) {
    if (!isName(name)) {
      throw new Fault("InvalidBucketName", 400, "The specified bucket is not valid.",
          Map.of("BucketName", name));
    }
    return change(name, handle -> {
      Optional<Bucket> present = find(handle, name);
      if (present.isPresent()) {
        return new Creation.Existed(present.get());
      }
      Bucket bucket = new Bucket(name, account, region, Instant.ofEpochMilli(clock.millis()),
          Versioning.UNSET);
      handle.createUpdate("""
              INSERT INTO bucket (name, account, region, created) VALUES (:name, :account, :region, :created)
              """)
          .bind("name", name).bind("account", account.value()).bind("region", region.name())
          .bind("created", bucket.created().toEpochMilli()).execute();
      documents.forEach((kind, document) -> put(handle, name, kind, document));
      return new Creation.Created(bucket);
    });
  }

  public Optional<Bucket> find(String name) {
    return known(name).map(Known::bucket);
  }

  /** @throws Fault NoSuchBucket */
  public Bucket require(String name) {
    return find(name).orElseThrow(() -> S3Fault.noSuchBucket(name));
  }

  /**
   * The buckets of an account whose names start with {@code prefix} and come after {@code after}, by name; of one
   * region when it is given.
   */
  public List<Bucket> list(AccountId account, String prefix, Optional<String> region, String after, int most) {
    return database.read(handle -> handle.createQuery("""
            SELECT name, account, region, created, versioning FROM bucket
            WHERE account = :account AND name > :after AND substr(name, 1, length(:prefix)) = :prefix
              AND (:region = '' OR region = :region)
            ORDER BY name LIMIT :most
            """)
        .bind("account", account.value()).bind("after", after).bind("prefix", prefix).bind("most", most)
        .bind("region", region.orElse("")).map(BUCKET).list());
  }

  /**
   * Deletes an empty bucket with its documents and unfinished uploads.
   *
   * @throws Fault NoSuchBucket, BucketNotEmpty
   */
  public void delete(String name) {
    List<String> parts = change(name, handle -> {
      requireIn(handle, name);
      if (holds(handle, "object", name) || holds(handle, "noncurrent", name)) {
        throw new Fault("BucketNotEmpty", 409, "The bucket you tried to delete is not empty",
            Map.of("BucketName", name));
      }
      List<String> orphaned = handle.createQuery("""
              SELECT part.file FROM part JOIN upload ON upload.id = part.upload WHERE upload.bucket = :name
              """)
          .bind("name", name).mapTo(String.class).list();
      handle.createUpdate("DELETE FROM bucket WHERE name = :name").bind("name", name).execute();
      return orphaned;
    });
    parts.forEach(files::delete);
  }

  private static boolean holds(Handle handle, String table, String bucket) {
    return handle.createQuery("SELECT 1 FROM " + table + " WHERE bucket = :name LIMIT 1")
        .bind("name", bucket).mapTo(Integer.class).findOne().isPresent();
  }

  /** Begins to keep versions, or suspends it; {@link Versioning#UNSET} cannot be set. */
  public void setVersioning(String bucket, Versioning versioning) {
    change(bucket, handle -> {
      requireIn(handle, bucket);
      return handle.createUpdate("UPDATE bucket SET versioning = :versioning WHERE name = :bucket")
          .bind("versioning", versioning.name()).bind("bucket", bucket).execute();
    });
  }

  /** The document of a kind, such as {@code policy}. */
  public Optional<String> document(String bucket, String kind) {
    return Optional.ofNullable(known(bucket).orElseThrow(() -> S3Fault.noSuchBucket(bucket)).documents().get(kind));
  }

  /** The names of all buckets with a document of a kind. */
  public List<String> having(String kind) {
    return database.read(handle -> handle.createQuery("SELECT bucket FROM bucket_document WHERE kind = :kind ORDER BY bucket")
        .bind("kind", kind).mapTo(String.class).list());
  }

  /** Stores a document in the place of one of its kind. */
  public void putDocument(String bucket, String kind, String document) {
    change(bucket, handle -> {
      requireIn(handle, bucket);
      return put(handle, bucket, kind, document);
    });
  }

  private static int put(Handle handle, String bucket, String kind, String document) {
    return handle.createUpdate("""
            INSERT INTO bucket_document (bucket, kind, document) VALUES (:bucket, :kind, :document)
            ON CONFLICT (bucket, kind) DO UPDATE SET document = excluded.document
            """)
        .bind("bucket", bucket).bind("kind", kind).bind("document", document).execute();
  }

  public void deleteDocument(String bucket, String kind) {
    change(bucket, handle -> {
      requireIn(handle, bucket);
      return handle.createUpdate("DELETE FROM bucket_document WHERE bucket = :bucket AND kind = :kind")
          .bind("bucket", bucket).bind("kind", kind).execute();
    });
  }

  private Optional<Known> known(String name) {
    if (!isName(name)) {
      // whatever a request calls a bucket is asked for here; only names are worth remembering
      return Optional.empty();
    }
    return known.get(name, unknown -> database.read(handle -> find(handle, unknown).map(bucket ->
        new Known(bucket, handle.createQuery("SELECT kind, document FROM bucket_document WHERE bucket = :bucket")
            .bind("bucket", unknown).setMapKeyColumn("kind").setMapValueColumn("document")
            .collectInto(new GenericType<Map<String, String>>() {})))));
  }

  private <T> T change(String name, Function<Handle, T> work) {
    try {
      return database.write(work);
    } finally {
      known.invalidate(name);
    }
  }

  /** Whether S3 would take the name for a general purpose bucket. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && !name.contains("..") && !ADDRESS.matcher(name).matches()
        && RESERVED_BEGINNINGS.stream().noneMatch(name::startsWith) && RESERVED_ENDS.stream().noneMatch(name::endsWith);
  }

  static Bucket requireIn(Handle handle, String name) {
    return find(handle, name).orElseThrow(() -> S3Fault.noSuchBucket(name));
  }

  private static Optional<Bucket> find(Handle handle, String name) {
    return handle.createQuery("SELECT name, account, region, created, versioning FROM bucket WHERE name = :name")
        .bind("name", name).map(BUCKET).findOne();
  }
}
