package dev.atelier.s3;

import dev.atelier.identity.RequestAccess.BucketOwner;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.Keyring;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ContentKeys;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.util.Map;
import java.util.Optional;

/** S3, assembled. */
public final class S3Feature {
  private final ObjectStore store;
  private final Encryptions encryptions;

  private S3Feature(ObjectStore store, Encryptions encryptions) {
    this.store = store;
    this.encryptions = encryptions;
  }

  /** Builds the feature and registers its operations. */
  public static S3Feature open(ObjectStore store, Keyring keyring, OperationTable table) {
    Encryptions encryptions = new Encryptions(store, keyring);
    Bodies bodies = new Bodies();
    new BucketApi(store).register(table);
    new BucketDocumentApi(store).register(table);
    new ListingApi(store).register(table);
    new VersioningApi(store).register(table);
    new UnsetConfigurationApi(store).register(table);
    new UnsetReportApi(store).register(table);
    new ObjectApi(store, bodies, encryptions).register(table);
    new ObjectDeletionApi(store).register(table);
    new ObjectTaggingApi(store).register(table);
    new CopyApi(store, encryptions).register(table);
    new MultipartApi(store, bodies, encryptions).register(table);
    return new S3Feature(store, encryptions);
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
   * How an object that Atelier writes for a caller is to be encrypted.
   *
   * @param kmsKey the key of KMS that was asked for; otherwise the bucket decides
   * @throws Fault those of KMS, and AccessDenied
   */
  public Optional<Encryption> encryption(Caller caller, String bucket, String key, Optional<String> kmsKey) {
    return encryptions.fresh(caller, store.buckets().require(bucket), key, kmsKey
        .<Map<String, Object>>map(id -> Map.of("ServerSideEncryption", "aws:kms", "SSEKMSKeyId", id)).orElse(Map.of()));
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

  /** Who owns a bucket, with its policy, for authorisation; empty when there is no such bucket. */
  public Optional<BucketOwner> bucketOwner(String bucket) {
    return store.buckets().find(bucket).map(Bucket::account)
        .map(account -> new BucketOwner(account, store.buckets().document(bucket, BucketDocumentApi.POLICY)));
  }
}
