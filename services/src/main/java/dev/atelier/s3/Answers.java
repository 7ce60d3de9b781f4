package dev.atelier.s3;

import dev.atelier.models.WireRecord;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Checksum;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Versioning;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What answers say alike about objects, written by the members' model names. */
final class Answers {
  private Answers() {}

  static String quoted(String etag) {
    return "\"" + etag + "\"";
  }

  /** The members that GetObject and HeadObject share, but for length, range and checksum. */
  static Map<String, Object> description(StoredObject object) {
    Map<String, Object> answer = new LinkedHashMap<>();
    ObjectAttributes attributes = object.attributes();
    answer.put("AcceptRanges", "bytes");
    answer.put("LastModified", object.lastModified());
    answer.put("ETag", quoted(object.etag()));
    answer.put("ContentType", "binary/octet-stream");
    Requests.CONTENT_HEADERS.forEach((member, header) ->
        Optional.ofNullable(attributes.headers().get(header)).ifPresent(value ->
            answer.put(member, value)));
    Map<String, String> metadata = new LinkedHashMap<>(attributes.metadata());
    metadata.replaceAll((name, value) -> HeaderWords.encode(value));
    answer.put("Metadata", metadata);
    if (!attributes.storageClass().equals("STANDARD")) {
      answer.put("StorageClass", attributes.storageClass());
    }
    if (!attributes.tags().isEmpty()) {
      answer.put("TagCount", attributes.tags().size());
    }
    encryption(answer, attributes.encryption());
    return answer;
  }

  static void encryption(Map<String, Object> answer, Optional<Encryption> encryption) {
    encryption.ifPresent(stored -> {
      if (stored.customerKeyMd5().isPresent()) {
        answer.put("SSECustomerAlgorithm", stored.algorithm());
        answer.put("SSECustomerKeyMD5", stored.customerKeyMd5().get());
        return;
      }
      answer.put("ServerSideEncryption", stored.algorithm());
      stored.keyId().ifPresent(key -> answer.put("SSEKMSKeyId", key));
      if (stored.bucketKey()) {
        answer.put("BucketKeyEnabled", true);
      }
    });
  }

  /** The encryption of an object that is written: the context that its key is tied to is only told then. */
  static void written(Map<String, Object> answer, Optional<Encryption> encryption) {
    encryption(answer, encryption);
    encryption.map(Encryption::context).filter(context -> !context.isEmpty()).ifPresent(context ->
        answer.put("SSEKMSEncryptionContext", EncryptionContext.encoded(context)));
  }

  /** Names the version that a write made; S3 names none where versioning is suspended. */
  static void made(Map<String, Object> answer, Bucket bucket, String version) {
    if (bucket.versioning() == Versioning.ENABLED) {
      answer.put("VersionId", version);
    }
  }

  /** Names the version that was read, in a bucket that has ever kept versions. */
  static void version(Map<String, Object> answer, Bucket bucket, String version) {
    if (bucket.versioning() != Versioning.UNSET) {
      answer.put("VersionId", version);
    }
  }

  /** When the object expires, where a lifecycle rule says so. */
  static void expiry(Map<String, Object> answer, ObjectStore store, StoredObject object) {
    store.buckets().document(object.bucket(), LifecycleRules.KIND).map(LifecycleRules::read)
        .flatMap(rules -> rules.expiry(object)).ifPresent(expiry -> answer.put("Expiration", expiry.header()));
  }

  static void checksum(Map<String, Object> answer, Optional<Checksum> checksum) {
    checksum.ifPresent(stored -> {
      answer.put(Bodies.member(stored.algorithm()), stored.value());
      answer.put("ChecksumType", stored.type().name());
    });
  }

  /** The record with members added to it. */
  static <R extends WireRecord> R with(R record, Map<String, Object> more, Function<Map<String, Object>, R> reader) {
    Map<String, Object> document = new LinkedHashMap<>(record.toDocument());
    document.putAll(more);
    return reader.apply(document);
  }
}
