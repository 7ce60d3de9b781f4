package dev.atelier.objects;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An object as the index has it.
 *
 * @param etag without quotes
 * @param parts what a multipart object was completed from; empty for others
 * @param file the opaque id of its content
 */
public record StoredObject(String bucket, String key, long size, String etag, Instant lastModified,
    ObjectAttributes attributes, Optional<Checksum> checksum, List<Part> parts, String file, String version)
    implements ObjectVersion {
  public StoredObject {
    parts = List.copyOf(parts);
  }

  /** An object of a bucket that keeps no versions. */
  StoredObject(String bucket, String key, long size, String etag, Instant lastModified, ObjectAttributes attributes,
      Optional<Checksum> checksum, List<Part> parts, String file) {
    this(bucket, key, size, etag, lastModified, attributes, checksum, parts, file, VersionId.NULL);
  }

  StoredObject withVersion(String other) {
    return new StoredObject(bucket, key, size, etag, lastModified, attributes, checksum, parts, file, other);
  }

  StoredObject withAttributes(ObjectAttributes other) {
    return new StoredObject(bucket, key, size, etag, lastModified, other, checksum, parts, file, version);
  }

  /** One part of a completed upload; {@code checksum} is Base64. */
  public record Part(int number, long size, Optional<String> checksum) {}
}
