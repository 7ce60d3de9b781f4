package dev.atelier.s3;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.RequestAccess.Holding;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.kms.Keyring;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ContentKeys;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** S3, assembled. */
public final class S3Feature {
  private final ObjectStore store;
  private final Encryptions encryptions;
  private final BucketAccess access;
  private final CrossOrigin origins;

  private S3Feature(ObjectStore store, Encryptions encryptions, BucketAccess access, CrossOrigin origins) {
    this.origins = origins;
    this.access = access;
    this.store = store;
    this.encryptions = encryptions;
  }

  /** Builds the feature without anybody whom access lists could name. */
  public static S3Feature open(ObjectStore store, Keyring keyring, OperationTable table) {
    return open(store, keyring, AccountDirectory.EMPTY, false, table);
  }

  /**
   * Builds the feature and registers its operations.
   *
   * @param encryptByDefault whether what nobody says how to encrypt is encrypted (SSE-S3)
   */
  public static S3Feature open(ObjectStore store, Keyring keyring, AccountDirectory accounts,
      boolean encryptByDefault, OperationTable table) {
    BucketAccess access = new BucketAccess(store, accounts);
    Encryptions encryptions = new Encryptions(store, keyring, encryptByDefault);
    Bodies bodies = new Bodies();
    new BucketApi(store, access).register(table);
    new BucketDocumentApi(store, access, new BucketPolicyRules(accounts), encryptions).register(table);
    new ListingApi(store, access).register(table);
    new VersioningApi(store, access).register(table);
    new UnsetConfigurationApi(store).register(table);
    new UnsetReportApi(store).register(table);
    new ObjectApi(store, bodies, encryptions, access).register(table);
    new ObjectDeletionApi(store).register(table);
    new ObjectTaggingApi(store).register(table);
    new CopyApi(store, encryptions, access).register(table);
    new MultipartApi(store, bodies, encryptions, access).register(table);
    new AccessListApi(store, access).register(table);
    new PublicAccessApi(store, access).register(table);
    new LifecycleApi(store).register(table);
    CrossOriginApi origins = new CrossOriginApi(store);
    origins.register(table);
    return new S3Feature(store, encryptions, access, new CrossOrigin(origins::rules));
  }

  /** The store whose encrypted contents open for whoever may use their keys. */
  public ObjectStore opening(Caller caller) {
    return encryptions.storeOf(caller, Map.of());
  }

  /** Opens what is encrypted for the server's own upkeep, which nobody asked for; customers' keys it does not have. */
  public ContentKeys ownKeys() {
    return encryptions::openForUpkeep;
  }

  /**
   * What a request of S3's says, by the names of its members, that stores an object in a bucket as asked for.
   *
   * @param kmsKey the key of KMS that was asked for; otherwise the bucket decides
   */
  public Map<String, Object> encryption(Caller caller, String bucket, Optional<String> kmsKey) {
    return kmsKey.map(id -> encryptions.asking(caller, bucket, id)).orElse(Map.of());
  }

  /**
   * How an object that Atelier writes for a caller is kept: encrypted and owned as one that the caller puts himself.
   *
   * @param request as {@link #encryption} has it
   * @throws Fault those of KMS, and AccessDenied
   */
  public ObjectAttributes attributes(Caller caller, String bucketName, String key, Map<String, Object> request) {
    Bucket bucket = store.buckets().require(bucketName);
    return Requests.attributes(request, encryptions.fresh(caller, bucket, key, request))
        .withOwnership(access.ofNewObject(caller, bucket, request));
  }

  /** The tags of an object, for authorisation; none when there is no such object. */
  public Map<String, String> objectTags(String bucket, String key, Optional<String> version) {
    try {
      return store.require(new ObjectName(bucket, key, version)).attributes().tags();
    } catch (Fault absent) {
      // the operation itself says what is wrong with the name
      return Map.of();
    }
  }

  /** Who owns what is to be accessed, and whom the owner lets in; empty when there is no such bucket. */
  public Optional<Holding> holding(String bucket, Access needed) {
    return access.holding(bucket, needed);
  }

  /** Whether all objects of a bucket are its owner's, and none has an access list that counts. */
  public boolean objectsAreAlike(String bucket) {
    return !access.listsCount(bucket);
  }

  /** Where a bucket is; empty when there is none. */
  public Optional<Region> region(String bucket) {
    return store.buckets().find(bucket).map(Bucket::region);
  }

  /** What browsers are told. */
  public CrossOrigin crossOrigin() {
    return origins;
  }

  /** What does the buckets' lifecycle rules; it stands still until it is told how often. */
  public LifecyclePass lifecycle(Clock clock) {
    return new LifecyclePass(store, clock);
  }

  /** The documents that a new bucket is made with, by kind. */
  public static Map<String, String> newBucket() {
    return BucketAccess.NEW_BUCKET;
  }
}
