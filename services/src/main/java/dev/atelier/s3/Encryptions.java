package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.Keyring;
import dev.atelier.metadata.Secrets;
import dev.atelier.models.s3.ServerSideEncryptionByDefault;
import dev.atelier.models.s3.ServerSideEncryptionRule;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ContentKey;
import dev.atelier.objects.ContentKeys;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Server-side encryption: every object that is to be encrypted gets a key of its own, sealed under the account's key that
 * AWS manages (SSE-S3), a key of KMS (SSE-KMS) or the customer's (SSE-C).
 */
final class Encryptions {
  private static final String SERVICE = "s3";
  private static final String AES256 = "AES256";
  private static final List<String> CUSTOMER_KEYS = List.of("", "CopySource");

  private final ObjectStore store;
  private final Keyring keyring;
  private final boolean always;
  private final SecureRandom random = new SecureRandom();

  /** @param always whether a bucket without a configuration encrypts, too */
  Encryptions(ObjectStore store, Keyring keyring, boolean always) {
    this.always = always;
    this.store = store;
    this.keyring = keyring;
  }

  /** What a request or its bucket asks for. */
  private record Wish(String algorithm, Optional<String> keyId, boolean bucketKey, Map<String, String> context) {}

  /**
   * The encryption of a new object, with its fresh key; empty when nobody asks for any.
   *
   * @throws Fault InvalidArgument, and those of KMS with {@code KMS.} before their code
   */
  Optional<Encryption> fresh(Caller caller, Bucket bucket, String key, Map<String, Object> request) {
    Optional<CustomerKey> customer = CustomerKey.of(request, "");
    Optional<Wish> asked = asked(request, arn(bucket, key));
    if (customer.isPresent()) {
      if (asked.isPresent()) {
        throw S3Fault.invalidArgument("x-amz-server-side-encryption", asked.get().algorithm(), "Server Side Encryption "
            + "with Customer provided key is incompatible with the encryption method specified");
      }
      return Optional.of(ofCustomer(customer.get(), arn(bucket, key)));
    }
    return asked.or(() -> byDefault(bucket)).map(wish -> sealed(caller, bucket, key, wish));
  }

  /** What a request says that asks for a key of KMS, which it calls by its ARN where there is one of that name. */
  Map<String, Object> asking(Caller caller, String bucketName, String keyId) {
    return Map.of("ServerSideEncryption", "aws:kms", "SSEKMSKeyId", store.buckets().find(bucketName)
        .flatMap(bucket -> keyring.arn(in(bucket, caller), keyId)).orElse(keyId));
  }

  private Encryption ofCustomer(CustomerKey customer, String arn) {
    byte[] content = new byte[ContentKey.LENGTH];
    random.nextBytes(content);
    return new Encryption(AES256, Optional.empty(), false, Optional.of(customer.md5()),
        Optional.of(Secrets.of(customer.key()).seal(content, arn)));
  }

  private Encryption sealed(Caller caller, Bucket bucket, String key, Wish wish) {
    Map<String, String> context = EncryptionContext.with(wish.context(), arn(bucket, key));
    boolean kms = !wish.algorithm().equals(AES256);
    Keyring.DataKey made = kms && wish.keyId().isPresent()
        ? ofKms(() -> keyring.generate(in(bucket, caller), wish.keyId().get(), context, SERVICE))
        : keyring.generate(kms ? caller.account() : bucket.account(), bucket.region(), SERVICE, context);
    return new Encryption(wish.algorithm(), kms ? Optional.of(made.keyArn()) : Optional.empty(), wish.bucketKey(),
        Optional.empty(), Optional.of(Base64.getEncoder().encodeToString(made.sealed())), wish.context());
  }

  private static Optional<Wish> asked(Map<String, Object> request, String arn) {
    Optional<String> key = Requests.text(request, "SSEKMSKeyId");
    Optional<String> algorithm = Requests.text(request, "ServerSideEncryption");
    Optional<String> context = Requests.text(request, "SSEKMSEncryptionContext");
    if ((key.isPresent() || context.isPresent()) && algorithm.filter(name -> name.startsWith("aws:kms")).isEmpty()) {
      throw S3Fault.invalidArgument("x-amz-server-side-encryption", algorithm.orElse("null"),
          "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms");
    }
    Map<String, String> named = context.map(header -> EncryptionContext.of(header, arn)).orElse(Map.of());
    return algorithm.map(name ->
        new Wish(requireKnown(name), key, Boolean.TRUE.equals(request.get("BucketKeyEnabled")), named));
  }

  private static String requireKnown(String algorithm) {
    if (!List.of(AES256, "aws:kms", "aws:kms:dsse").contains(algorithm)) {
      throw S3Fault.invalidArgument("x-amz-server-side-encryption", algorithm,
          "The encryption method specified is not supported");
    }
    return algorithm;
  }

  private Optional<Wish> byDefault(Bucket bucket) {
    return BucketDocumentApi.encryption(store, bucket.name()).map(ServerSideEncryptionRule::fromDocument).flatMap(rule -> {
      ServerSideEncryptionByDefault given = rule.applyServerSideEncryptionByDefault();
      return given == null ? Optional.empty() : Optional.of(new Wish(given.sseAlgorithm(),
          Optional.ofNullable(given.kmsMasterKeyID()), Boolean.TRUE.equals(rule.bucketKeyEnabled()), Map.of()));
    }).or(() -> implied().map(rules -> new Wish(AES256, Optional.empty(), false, Map.of())));
  }

  /** The configuration of a bucket that was given none, as a document; empty when such a bucket does not encrypt. */
  Optional<Map<String, Object>> implied() {
    return always ? Optional.of(Map.of("Rules", List.of(Map.of("ApplyServerSideEncryptionByDefault",
        Map.of("SSEAlgorithm", AES256), "BucketKeyEnabled", false)))) : Optional.empty();
  }

  /** Whether how an object is encrypted was said by the request or by its bucket's own configuration. */
  boolean isSaid(String bucket, Map<String, Object> request) {
    return Requests.text(request, "ServerSideEncryption").isPresent() || CustomerKey.of(request, "").isPresent()
        || BucketDocumentApi.encryption(store, bucket).isPresent();
  }

  /** The store whose contents open for the caller, by keys of KMS that he may use and keys that his request brings. */
  ObjectStore storeOf(Caller caller, Map<String, Object> request) {
    List<CustomerKey> brought = CUSTOMER_KEYS.stream().map(prefix -> CustomerKey.of(request, prefix))
        .flatMap(Optional::stream).toList();
    return store.with((bucket, key, encryption) -> open(caller, brought, bucket, key, encryption));
  }

  private ContentKey open(Caller caller, List<CustomerKey> brought, Bucket bucket, String key, Encryption encryption) {
    String sealed = encryption.sealedKey().orElseThrow();
    if (encryption.customerKeyMd5().isPresent()) {
      CustomerKey mine = brought.stream().filter(each -> each.md5().equals(encryption.customerKeyMd5().get()))
          .findFirst().orElseThrow(() -> brought.isEmpty() ? keyMissing() : S3Fault.accessDenied());
      return new ContentKey(Secrets.of(mine.key()).unseal(sealed, arn(bucket, key)));
    }
    byte[] blob = Base64.getDecoder().decode(sealed);
    Map<String, String> context = context(bucket, key, encryption);
    return ofKms(() -> {
      if (encryption.keyId().isPresent()) {
        keyring.authoriseDecrypt(in(bucket, caller), blob, context, SERVICE);
      }
      return new ContentKey(keyring.open(blob, context));
    });
  }

  /** The key of content that the server holds the key of. @throws Fault when a customer does, or KMS does not open it */
  ContentKey openForUpkeep(Bucket bucket, String key, Encryption encryption) {
    if (encryption.customerKeyMd5().isPresent()) {
      throw keyMissing();
    }
    return new ContentKey(keyring.open(Base64.getDecoder().decode(encryption.sealedKey().orElseThrow()),
        context(bucket, key, encryption)));
  }

  /**
   * Returns when the request has the customer's key of the object, or none for an object without.
   *
   * @param prefix of the members' names: {@code CopySource} or nothing
   */
  static void requireCustomerKey(StoredObject object, Map<String, Object> request, String prefix) {
    Optional<CustomerKey> given = CustomerKey.of(request, prefix);
    Optional<String> wanted = object.attributes().encryption().flatMap(Encryption::customerKeyMd5);
    if (wanted.isPresent() && given.isEmpty()) {
      throw keyMissing();
    }
    if (wanted.isEmpty() && given.isPresent()) {
      throw S3Fault.invalidRequest("The encryption parameters are not applicable to this object.");
    }
    if (!wanted.equals(given.map(CustomerKey::md5))) {
      throw S3Fault.accessDenied();
    }
  }

  private static Fault keyMissing() {
    return S3Fault.invalidRequest("The object was stored using a form of Server Side Encryption. The correct parameters "
        + "must be provided to retrieve the object.");
  }

  /** KMS's errors as S3 passes them on. */
  private static <T> T ofKms(Supplier<T> work) {
    try {
      return work.get();
    } catch (Fault fault) {
      boolean own = Stream.of("NotFoundException", "DisabledException", "KMSInvalidStateException")
          .anyMatch(code -> Objects.equals(code, fault.code()));
      throw own ? new Fault("KMS." + fault.code(), 400, fault.getMessage()) : fault;
    }
  }

  private static Map<String, String> context(Bucket bucket, String key, Encryption encryption) {
    return EncryptionContext.with(encryption.context(), arn(bucket, key));
  }

  private static String arn(Bucket bucket, String key) {
    return "arn:" + bucket.region().partition().id() + ":s3:::" + bucket.name() + "/" + key;
  }

  /** Keys are of the bucket's region, wherever the request was signed for. */
  private static Caller in(Bucket bucket, Caller caller) {
    return new Caller(caller.account(), bucket.region(), caller.identity(), caller.accessKeyId());
  }
}
