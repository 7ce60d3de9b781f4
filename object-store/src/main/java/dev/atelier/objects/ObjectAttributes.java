package dev.atelier.objects;

import java.util.Map;
import java.util.Optional;

/**
 * What a client says about an object beside its content.
 *
 * @param headers content headers by their HTTP names, such as {@code Content-Type}
 * @param metadata user metadata, names in lower case without {@code x-amz-meta-}
 */
public record ObjectAttributes(Map<String, String> headers, Map<String, String> metadata, Map<String, String> tags,
    String storageClass, Optional<Encryption> encryption, Ownership ownership) {

  /** Nothing said: class STANDARD. */
  public static final ObjectAttributes NONE =
      new ObjectAttributes(Map.of(), Map.of(), Map.of(), "STANDARD", Optional.empty());

  public ObjectAttributes {
    headers = Map.copyOf(headers);
    metadata = Map.copyOf(metadata);
    tags = Map.copyOf(tags);
  }

  /** Those of an object that is its bucket's owner's. */
  public ObjectAttributes(Map<String, String> headers, Map<String, String> metadata, Map<String, String> tags,
      String storageClass, Optional<Encryption> encryption) {
    this(headers, metadata, tags, storageClass, encryption, Ownership.OF_BUCKET);
  }

  public ObjectAttributes withEncryption(Optional<Encryption> other) {
    return new ObjectAttributes(headers, metadata, tags, storageClass, other, ownership);
  }

  public ObjectAttributes withOwnership(Ownership other) {
    return new ObjectAttributes(headers, metadata, tags, storageClass, encryption, other);
  }

  public ObjectAttributes withStorageClass(String other) {
    return new ObjectAttributes(headers, metadata, tags, other, encryption, ownership);
  }

  /** Whether the content is encrypted on disk. */
  boolean sealed() {
    return encryption.flatMap(Encryption::sealedKey).isPresent();
  }

  public ObjectAttributes withTags(Map<String, String> newTags) {
    return new ObjectAttributes(headers, metadata, newTags, storageClass, encryption, ownership);
  }
}
