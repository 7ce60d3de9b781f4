package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** S3's errors: code, status, wording, and the elements that stand beside the message. */
public final class S3Fault {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private S3Fault() {}

  public static Fault of(String code, int status, String message) {
    return new Fault(code, status, message);
  }

  /** A time as HTTP's headers have it. */
  public static String httpDate(Instant time) {
    return HTTP_DATE.format(time);
  }

  public static Fault noSuchBucket(String bucket) {
    if (SampleBuckets.region(bucket).isPresent()) {
      return SampleBuckets.noSuchBucket(bucket);
    }
    return new Fault("NoSuchBucket", 404, "The specified bucket does not exist", Map.of("BucketName", bucket));
  }

  public static Fault noSuchKey(String key) {
    return new Fault("NoSuchKey", 404, "The specified key does not exist.", Map.of("Key", key));
  }

  public static Fault noSuchUpload(String uploadId) {
    return new Fault("NoSuchUpload", 404, "The specified upload does not exist. The upload ID may be invalid, or the "
        + "upload may have been aborted or completed.", Map.of("UploadId", uploadId));
  }

  public static Fault preconditionFailed(String condition) {
    return new Fault("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold",
        Map.of("Condition", condition));
  }

  public static Fault accessDenied() {
    return new Fault("AccessDenied", 403, "Access Denied");
  }

  public static Fault invalidRequest(String message) {
    return of("InvalidRequest", 400, message);
  }

  public static Fault invalidArgument(String name, String value, String message) {
    return new Fault("InvalidArgument", 400, message, Map.of("ArgumentName", name, "ArgumentValue", value));
  }

  public static Fault invalidPart(String uploadId, int number, String etag) {
    return new Fault("InvalidPart", 400, "One or more of the specified parts could not be found.  The part may not "
        + "have been uploaded, or the specified entity tag may not match the part's entity tag.",
        Map.of("UploadId", uploadId, "PartNumber", Integer.toString(number), "ETag", etag));
  }

  public static Fault entityTooLarge(long size, long most) {
    return new Fault("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size",
        Map.of("ProposedSize", Long.toString(size), "MaxSizeAllowed", Long.toString(most)));
  }

  public static Fault badDigest(String algorithm) {
    return of("BadDigest", 400, "The " + algorithm + " you specified did not match the calculated checksum.");
  }

  /** The disk is full: nothing of the request is stored. */
  public static Fault insufficientStorage() {
    return of("InsufficientStorage", 507, "The server has no space left to store the request.");
  }
}
