package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.Optional;

/**
 * What a request names: a key, or one of its versions.
 *
 * @param version empty for what the key gives at present
 */
public record ObjectName(String bucket, String key, Optional<String> version) {

  /** @throws Fault InvalidArgument: no version has such an id */
  public ObjectName {
    version.ifPresent(VersionId::require);
  }

  /** What the key gives at present. */
  public static ObjectName latest(String bucket, String key) {
    return new ObjectName(bucket, key, Optional.empty());
  }
}
