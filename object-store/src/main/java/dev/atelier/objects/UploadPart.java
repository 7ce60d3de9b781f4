package dev.atelier.objects;

import java.time.Instant;
import java.util.Optional;

/**
 * A part of an unfinished upload.
 *
 * @param algorithm of the checksum; there is none without the other
 * @param checksum Base64
 * @param file the opaque id of its content
 */
public record UploadPart(int number, long size, String etag, Optional<ChecksumAlgorithm> algorithm,
    Optional<String> checksum, Instant lastModified, String file) {

  /** The checksum, if it is made as the whole object's is. */
  Optional<String> checksumOf(Optional<Checksum> whole) {
    return whole.map(Checksum::algorithm).equals(algorithm) ? checksum : Optional.empty();
  }
}
