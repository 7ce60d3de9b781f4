package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** HTTP's conditions on an object that is read; an ETag that is asked for outranks the time beside it. */
record Preconditions(String ifMatch, String ifNoneMatch, Instant ifModifiedSince, Instant ifUnmodifiedSince) {

  /** @throws Fault PreconditionFailed (412), or NotModified (304) */
  void checkRead(StoredObject object) {
    checkUnchanged(object, "If-Match", "If-Unmodified-Since");
    if (ifNoneMatch != null ? Conditions.matches(ifNoneMatch, object.etag()) : unmodified(object)) {
      throw S3Fault.of("NotModified", 304, "Not Modified").withHeaders(Map.of(
          "ETag", Answers.quoted(object.etag()), "Last-Modified", S3Fault.httpDate(object.lastModified())));
    }
  }

  /** As for reading, but a source that is as it was fails the copy. @throws Fault PreconditionFailed */
  void checkCopySource(StoredObject source) {
    checkUnchanged(source, "x-amz-copy-source-If-Match", "x-amz-copy-source-If-Unmodified-Since");
    if (ifNoneMatch != null ? Conditions.matches(ifNoneMatch, source.etag()) : unmodified(source)) {
      throw S3Fault.preconditionFailed(
          ifNoneMatch != null ? "x-amz-copy-source-If-None-Match" : "x-amz-copy-source-If-Modified-Since");
    }
  }

  private void checkUnchanged(StoredObject object, String matchName, String timeName) {
    if (ifMatch != null) {
      if (!Conditions.matches(ifMatch, object.etag())) {
        throw S3Fault.preconditionFailed(matchName);
      }
    } else if (ifUnmodifiedSince != null && seconds(object).isAfter(ifUnmodifiedSince)) {
      throw S3Fault.preconditionFailed(timeName);
    }
  }

  private boolean unmodified(StoredObject object) {
    return ifModifiedSince != null && !seconds(object).isAfter(ifModifiedSince);
  }

  /** HTTP's dates have whole seconds. */
  private static Instant seconds(StoredObject object) {
    return object.lastModified().truncatedTo(ChronoUnit.SECONDS);
  }
}
