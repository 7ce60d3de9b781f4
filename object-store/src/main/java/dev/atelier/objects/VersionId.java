package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Version ids: 32 URL-safe characters, opaque to clients. They begin with the version's place in the history of its key
 * in an alphabet that sorts as ASCII does, so a newer id sorts before an older one.
 */
final class VersionId {
  /** The version of objects that were stored while nothing was versioned. */
  static final String NULL = "null";

  private static final String ALPHABET = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 32;
  private static final int BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private VersionId() {}

  /** The place of what is stored at a time, when nothing newer is there. */
  static long place(Instant time) {
    return -1000 * time.toEpochMilli();
  }

  /** A new id for a place. */
  static String at(long place) {
    byte[] tail = new byte[BYTES - Long.BYTES];
    RANDOM.nextBytes(tail);
    byte[] bytes = ByteBuffer.allocate(BYTES).putLong(Long.MAX_VALUE + place).put(tail).array();
    StringBuilder id = new StringBuilder(LENGTH);
    for (int at = 0; at < BYTES; at += 3) {
      int three = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
      for (int shift = 18; shift >= 0; shift -= 6) {
        id.append(ALPHABET.charAt(three >> shift & 63));
      }
    }
    return id.toString();
  }

  /** The place that an id holds; empty for {@code null}. */
  static OptionalLong placeOf(String id) {
    if (id.equals(NULL)) {
      return OptionalLong.empty();
    }
    long place = 0;
    for (int at = 0; at < 11; at++) {
      int digit = ALPHABET.indexOf(id.charAt(at));
      // the eleventh character holds the last four of the 64 bits
      place = at < 10 ? place << 6 | digit : place << 4 | digit >> 2;
    }
    return OptionalLong.of(place - Long.MAX_VALUE);
  }

  /**
   * The id, when it has an id's form.
   *
   * @throws Fault InvalidArgument
   */
  static String require(String id) {
    boolean formed = id.equals(NULL)
        || id.length() == LENGTH && id.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    if (!formed) {
      throw S3Fault.invalidArgument("versionId", id, id.isEmpty()
          ? "Version id cannot be the empty string" : "Invalid version id specified");
    }
    return id;
  }
}
