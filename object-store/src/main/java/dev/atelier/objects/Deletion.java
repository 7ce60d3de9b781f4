package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One object, or one version of it, to be deleted.
 *
 * @param version the version to remove for good; empty to delete as the bucket's versioning has it
 * @param expected what must be true of what is deleted
 */
public record Deletion(String key, Optional<String> version, Expected expected) {

  /** @throws Fault InvalidArgument: no version has such an id */
  public Deletion {
    version.ifPresent(VersionId::require);
  }

  /** Deletes what the key gives at present. */
  public static Deletion of(String key) {
    return new Deletion(key, Optional.empty(), Expected.ANYTHING);
  }

  /**
   * What the client takes for granted about the object.
   *
   * @param etag an ETag, with or without quotes, or {@code *}
   * @param lastModified to the second
   */
  public record Expected(Optional<String> etag, Optional<Instant> lastModified, Optional<Long> size) {
    public static final Expected ANYTHING = new Expected(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws Fault PreconditionFailed, or NoSuchKey when there is no object that could match */
    void check(String key, Optional<StoredObject> present) {
      if (equals(ANYTHING)) {
        return;
      }
      StoredObject object = present.orElseThrow(() -> S3Fault.noSuchKey(key));
      etag.filter(given -> !Conditions.matches(given, object.etag())).ifPresent(given -> {
        throw S3Fault.preconditionFailed("If-Match");
      });
      lastModified.filter(given -> !given.truncatedTo(ChronoUnit.SECONDS)
          .equals(object.lastModified().truncatedTo(ChronoUnit.SECONDS))).ifPresent(given -> {
        throw S3Fault.preconditionFailed("x-amz-if-match-last-modified-time");
      });
      size.filter(given -> given != object.size()).ifPresent(given -> {
        throw S3Fault.preconditionFailed("x-amz-if-match-size");
      });
    }
  }

  /** What became of it. */
  public sealed interface Outcome {

    /**
     * Done, or there was nothing to do.
     *
     * @param marker whether a delete marker was made or removed
     * @param version the version that was made or named; empty when versions are not kept
     */
    record Done(boolean marker, Optional<String> version) implements Outcome {}

    /** Nothing changed for this key. */
    record Refused(Fault fault) implements Outcome {}
  }
}
