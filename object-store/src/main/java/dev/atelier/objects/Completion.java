package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a Complete request expects the object to be.
 *
 * @param checksum of the whole object; its type is of no account
 * @param size in bytes
 */
public record Completion(Optional<Checksum> checksum, Optional<Checksum.Type> type, Optional<Long> size) {

  /** Nothing in particular. */
  public static final Completion ANY = new Completion(Optional.empty(), Optional.empty(), Optional.empty());

  /** @throws Fault InvalidRequest: the upload makes another kind of checksum */
  void checkUpload(Upload upload) {
    Checksum.Type made = upload.checksum().map(Checksum::type).orElse(Checksum.Type.FULL_OBJECT);
    if (type.isPresent() && type.get() != made) {
      throw S3Fault.invalidRequest("The upload was created using the " + made
          + " checksum mode. The complete request must use the same checksum mode.");
    }
  }

  /** A composed checksum is only made of checksums that the client knows. @throws Fault InvalidRequest */
  void checkParts(Upload upload, List<CompletedPart> parts) {
    upload.checksum().filter(kind -> kind.type() == Checksum.Type.COMPOSITE).ifPresent(kind ->
        parts.stream().filter(part -> part.checksum().isEmpty()).findFirst().ifPresent(part -> {
          throw S3Fault.invalidRequest("The upload was created using a "
              + kind.algorithm().name().toLowerCase(Locale.ROOT) + " checksum. The complete request must include the "
              + "checksum for each part. It was missing for part " + part.number() + " in the request.");
        }));
  }

  void checkSize(long joined) {
    if (size.isPresent() && size.get() != joined) {
      throw S3Fault.invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.");
    }
  }
}
