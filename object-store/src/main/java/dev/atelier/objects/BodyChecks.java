package dev.atelier.objects;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a body is checked against, and which checksum is kept with it.
 *
 * @param size the length that the client announced
 * @param md5 Content-MD5, Base64
 * @param algorithm the checksum to compute and keep
 * @param checksum the value that it must have, Base64; only with an algorithm
 * @param accepted asked about the computed value, Base64, at the end of the body: a value may come after it
 * @param most the longest body that is taken, in bytes
 */
public record BodyChecks(OptionalLong size, Optional<String> md5, Optional<ChecksumAlgorithm> algorithm,
    Optional<String> checksum, Predicate<String> accepted, long most) {
  /** The longest content of one request. */
  public static final long ONE_REQUEST = 5L << 30;
  /** The longest object. */
  public static final long ONE_OBJECT = 5L << 40;

  /** Nothing to check against, no checksum kept. */
  public static final BodyChecks NONE =
      new BodyChecks(OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** As {@link #NONE}, of an object that no request brings and that may be as long as any. */
  public static final BodyChecks OWN = NONE.atMost(ONE_OBJECT);

  /** Checks whose checksum, if any, is known before the body. */
  public BodyChecks(OptionalLong size, Optional<String> md5, Optional<ChecksumAlgorithm> algorithm,
      Optional<String> checksum) {
    this(size, md5, algorithm, checksum, computed -> true, ONE_REQUEST);
  }

  public BodyChecks {
    md5.ifPresent(value -> requireLength(value, 16,
        () -> S3Fault.of("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")));
    if (algorithm.isPresent() && checksum.isPresent()) {
      ChecksumAlgorithm kept = algorithm.get();
      requireLength(checksum.get(), kept.digest().value().length, () -> S3Fault.invalidRequest(
          "Value for x-amz-checksum-" + kept.name().toLowerCase(Locale.ROOT) + " header is invalid."));
    }
  }

  /** Keeps the checksum of an algorithm. */
  public static BodyChecks keeping(Optional<ChecksumAlgorithm> algorithm) {
    return new BodyChecks(OptionalLong.empty(), Optional.empty(), algorithm, Optional.empty());
  }

  /** The same, keeping the checksum that S3 makes when the client names none. */
  public BodyChecks orDefault() {
    return algorithm.isPresent() ? this
        : new BodyChecks(size, md5, Optional.of(ChecksumAlgorithm.DEFAULT), checksum, accepted, most);
  }

  /** The same of a body that has no more bytes than these. */
  public BodyChecks atMost(long bytes) {
    return new BodyChecks(size, md5, algorithm, checksum, accepted, bytes);
  }

  private static void requireLength(String base64, int length,
      Supplier<? extends RuntimeException> fault) {
    try {
      if (Base64.getDecoder().decode(base64).length != length) {
        throw fault.get();
      }
    } catch (IllegalArgumentException e) {
      throw fault.get();
    }
  }
}
