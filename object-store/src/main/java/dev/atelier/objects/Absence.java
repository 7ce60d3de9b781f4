package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.Map;
import java.util.Optional;

/** The answers to names that give no object. */
final class Absence {
  private Absence() {}

  /** The object that a version is. @throws Fault NoSuchVersion, MethodNotAllowed */
  static StoredObject object(ObjectName name, Optional<ObjectVersion> found) {
    return switch (found.orElseThrow(() -> noSuchVersion(name))) {
      case StoredObject object -> object;
      case DeleteMarker marker -> throw new Fault("MethodNotAllowed", 405,
          "The specified method is not allowed against this resource.",
          Map.of("ResourceType", "DeleteMarker", "Method", "GET")).withHeaders(Map.of(
              "Allow", "DELETE", "x-amz-delete-marker", "true", "x-amz-version-id", marker.version(),
              "Last-Modified", S3Fault.httpDate(marker.lastModified())));
    };
  }

  /** A key gives nothing. @param marker the delete marker that it ends with */
  static Fault ofKey(Bucket bucket, String key, Optional<DeleteMarker> marker) {
    Fault fault = bucket.account().equals(SampleBuckets.OWNER)
        ? SampleBuckets.noSuchKey(bucket.name(), key) : S3Fault.noSuchKey(key);
    return marker.map(mark -> fault.withHeaders(
        Map.of("x-amz-delete-marker", "true", "x-amz-version-id", mark.version()))).orElse(fault);
  }

  private static Fault noSuchVersion(ObjectName name) {
    return new Fault("NoSuchVersion", 404, "The specified version does not exist.",
        Map.of("Key", name.key(), "VersionId", name.version().orElse(VersionId.NULL)));
  }
}
