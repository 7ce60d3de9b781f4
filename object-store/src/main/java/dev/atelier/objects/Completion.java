package dev.atelier.objects;

import java.util.Optional;

/**
 * What a Complete request expects the object to be.
 *
 * @param checksum of the whole object, Base64
 * @param size in bytes
 */
public record Completion(Optional<String> checksum, Optional<Checksum.Type> type, Optional<Long> size) {

  /** Nothing in particular. */
  public static final Completion ANY = new Completion(Optional.empty(), Optional.empty(), Optional.empty());

  void checkUpload(Upload upload) {
    Optional<Checksum.Type> made = upload.checksum().map(Checksum::type);
    if (type.isPresent() && made.isPresent() && !type.equals(made)) {
      throw S3Fault.invalidRequest("The upload was created using the " + made.get()
          + " checksum mode. The complete request must use the same checksum mode.");
    }
  }

  void checkSize(long joined) {
    if (size.isPresent() && size.get() != joined) {
      throw S3Fault.invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.");
    }
  }
}
