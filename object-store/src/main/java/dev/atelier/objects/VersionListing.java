package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Optional;

/**
 * One page of a bucket's versions, by key and, within one, from the newest on.
 *
 * @param next where the next page starts; present when more follow
 */
public record VersionListing(List<Entry> entries, List<String> commonPrefixes, Optional<Marker> next) {
  public VersionListing {
    entries = List.copyOf(entries);
    commonPrefixes = List.copyOf(commonPrefixes);
  }

  /** A version, and whether it is the newest of its key. */
  public record Entry(ObjectVersion version, boolean latest) {}

  /**
   * What a page ended with.
   *
   * @param key a key or common prefix; empty for the beginning of the bucket
   * @param version empty: the next page starts with the next key
   */
  public record Marker(String key, Optional<String> version) {
    public static final Marker BEGINNING = new Marker("", Optional.empty());

    /** @throws Fault InvalidArgument: no version has such an id */
    public Marker {
      version.ifPresent(VersionId::require);
    }
  }
}
