package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.Arrays;
import java.util.Optional;

/**
 * Conditions on the object that a write replaces or removes, decided in the transaction that commits it.
 *
 * @param ifMatch an ETag, with or without quotes, or {@code *} for any object
 * @param ifNoneMatch as {@code ifMatch}, for objects that must not be there
 */
public record Conditions(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
  public static final Conditions NONE = new Conditions(Optional.empty(), Optional.empty());

  /**
   * Holds the conditions against the present object.
   *
   * @throws Fault PreconditionFailed, or NoSuchKey when there is nothing that could match
   */
  void check(String key, Optional<StoredObject> present) {
    if (ifMatch.isPresent()) {
      StoredObject object = present.orElseThrow(() -> S3Fault.noSuchKey(key));
      if (!matches(ifMatch.get(), object.etag())) {
        throw S3Fault.preconditionFailed("If-Match");
      }
    }
    if (ifNoneMatch.isPresent() && present.filter(object -> matches(ifNoneMatch.get(), object.etag())).isPresent()) {
      throw S3Fault.preconditionFailed("If-None-Match");
    }
  }

  /** Asks for the present object only when there is a condition on it. */
  void check(String key, KeyHistory history) {
    if (!equals(NONE)) {
      check(key, history.current());
    }
  }

  /** Whether a header's list of ETags, or {@code *}, names this one. */
  public static boolean matches(String header, String etag) {
    return Arrays.stream(header.split(",")).map(String::strip)
        .anyMatch(given -> given.equals("*") || unquoted(given).equals(etag));
  }

  /** An ETag without its quotes and weakness mark. */
  public static String unquoted(String etag) {
    String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
    return strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"")
        ? strong.substring(1, strong.length() - 1) : strong;
  }
}
