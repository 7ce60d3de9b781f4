package dev.atelier.objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON column of an object or an upload: all that no query asks for. Absent members are null in here only. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Details(Map<String, String> headers, Map<String, String> metadata, Map<String, String> tags,
    String storageClass, String encryption, String encryptionKey, boolean bucketKey, String customerKeyMd5,
    String sealedKey, Map<String, String> encryptionContext, String owner, String acl,
    ChecksumAlgorithm checksumAlgorithm, Checksum.Type checksumType, String checksum, List<PartDetails> parts) {

  private static final ObjectMapper JSON = new ObjectMapper();

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PartDetails(int number, long size, String checksum) {}

  static String ofObject(ObjectAttributes attributes, Optional<Checksum> checksum, List<StoredObject.Part> parts) {
    List<PartDetails> rows = parts.stream()
        .map(part -> new PartDetails(part.number(), part.size(), part.checksum().orElse(null))).toList();
    return new Details(attributes.headers(), attributes.metadata(), attributes.tags(), attributes.storageClass(),
        attributes.encryption().map(Encryption::algorithm).orElse(null),
        attributes.encryption().flatMap(Encryption::keyId).orElse(null),
        attributes.encryption().map(Encryption::bucketKey).orElse(false),
        attributes.encryption().flatMap(Encryption::customerKeyMd5).orElse(null),
        attributes.encryption().flatMap(Encryption::sealedKey).orElse(null),
        attributes.encryption().map(Encryption::context).filter(context -> !context.isEmpty()).orElse(null),
        attributes.ownership().owner().map(AccountId::value).orElse(null),
        attributes.ownership().acl().orElse(null),
        checksum.map(Checksum::algorithm).orElse(null), checksum.map(Checksum::type).orElse(null),
        checksum.map(Checksum::value).filter(value -> !value.isEmpty()).orElse(null), rows).json();
  }

  static Details read(String json) {
    try {
      return JSON.readValue(json, Details.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable details in the object index", e);
    }
  }

  ObjectAttributes attributes() {
    Optional<Encryption> stored = Optional.ofNullable(encryption)
        .map(algorithm -> new Encryption(algorithm, Optional.ofNullable(encryptionKey), bucketKey,
            Optional.ofNullable(customerKeyMd5), Optional.ofNullable(sealedKey),
            encryptionContext == null ? Map.of() : encryptionContext));
    return new ObjectAttributes(headers, metadata, tags, storageClass, stored,
        new Ownership(Optional.ofNullable(owner).map(AccountId::new), Optional.ofNullable(acl)));
  }

  /** The checksum; of an upload that is not completed, its value is empty. */
  Optional<Checksum> storedChecksum() {
    return Optional.ofNullable(checksumAlgorithm)
        .map(algorithm -> new Checksum(algorithm, Optional.ofNullable(checksum).orElse(""), checksumType));
  }

  List<StoredObject.Part> storedParts() {
    return parts.stream()
        .map(part -> new StoredObject.Part(part.number(), part.size(), Optional.ofNullable(part.checksum()))).toList();
  }

  private String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
