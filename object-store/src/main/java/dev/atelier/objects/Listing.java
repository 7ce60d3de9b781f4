package dev.atelier.objects;

import java.util.List;
import java.util.Optional;

/**
 * One page of a bucket's keys.
 *
 * @param commonPrefixes what keys are rolled up to by the delimiter; objects and prefixes count alike against the limit
 * @param last the last key or common prefix of the page; present when more follow
 * @param next where the next page starts; present when more follow
 */
public record Listing(List<StoredObject> objects, List<String> commonPrefixes, Optional<String> last,
    Optional<Start> next) {
  public Listing {
    objects = List.copyOf(objects);
    commonPrefixes = List.copyOf(commonPrefixes);
  }

  /** Whether more follow. */
  public boolean truncated() {
    return next.isPresent();
  }

  /** Where a listing begins. */
  public sealed interface Start {
    /** With the first key above this one; a common prefix equal to it was given before. */
    record After(String key) implements Start {}

    /** With the first key above all that have this prefix. */
    record Past(String prefix) implements Start {}

    /** With the first key of the bucket. */
    Start BEGINNING = new After("");
  }
}
