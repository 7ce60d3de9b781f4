package dev.atelier.objects;

/**
 * A checksum as S3 renders it: Base64, with {@code -<parts>} when it is composed of the parts' checksums.
 */
public record Checksum(ChecksumAlgorithm algorithm, String value, Type type) {

  /** Whether a checksum is of the content or of the checksums of its parts. */
  public enum Type {
    FULL_OBJECT,
    COMPOSITE
  }
}
