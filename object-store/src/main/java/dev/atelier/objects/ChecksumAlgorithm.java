package dev.atelier.objects;

import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** S3's additional checksums. */
public enum ChecksumAlgorithm {
  CRC32(Checksum.Type.COMPOSITE),
  CRC32C(Checksum.Type.COMPOSITE),
  CRC64NVME(Checksum.Type.FULL_OBJECT),
  SHA1(Checksum.Type.COMPOSITE),
  SHA256(Checksum.Type.COMPOSITE);

  /** The one that S3 makes of its own accord. */
  public static final ChecksumAlgorithm DEFAULT = CRC64NVME;

  private final Checksum.Type multipartDefault;

  ChecksumAlgorithm(Checksum.Type multipartDefault) {
    this.multipartDefault = multipartDefault;
  }

  /** The algorithm of S3's name for it. */
  public static Optional<ChecksumAlgorithm> named(String name) {
    for (ChecksumAlgorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** How the checksum of a multipart object is made when the client does not say. */
  public Checksum.Type multipartDefault() {
    return multipartDefault;
  }

  /** Whether a multipart object can have a checksum of this type. */
  public boolean allows(Checksum.Type type) {
    return switch (this) {
      case CRC32, CRC32C -> true;
      case CRC64NVME -> type == Checksum.Type.FULL_OBJECT;
      case SHA1, SHA256 -> type == Checksum.Type.COMPOSITE;
    };
  }

  Digest digest() {
    return switch (this) {
      case CRC32 -> Digest.of(new CRC32(), 4);
      case CRC32C -> Digest.of(new CRC32C(), 4);
      case CRC64NVME -> Digest.of(new Crc64Nvme(), 8);
      case SHA1 -> Digest.of("SHA-1");
      case SHA256 -> Digest.of("SHA-256");
    };
  }
}
