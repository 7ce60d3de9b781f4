package dev.atelier.compute;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** When an output had which length, for who reads it long after it was written. */
public final class LogTimes {
  public static final LogTimes NONE = new LogTimes(Collections.emptyNavigableMap());

  private final NavigableMap<Long, Long> millis;

  private LogTimes(NavigableMap<Long, Long> millis) {
    this.millis = millis;
  }

  /** Of pairs of 64-bit numbers, in whatever order: bytes of the output and milliseconds since 1970. */
  public static LogTimes of(ByteBuffer pairs) {
    NavigableMap<Long, Long> millis = new TreeMap<>();
    while (pairs.remaining() >= 2 * Long.BYTES) {
      millis.merge(pairs.getLong(), pairs.getLong(), Math::min);
    }
    return new LogTimes(millis);
  }

  /** When the first {@code length} bytes were there for certain; empty where that was not noted. */
  public Optional<Instant> reached(long length) {
    return Optional.ofNullable(millis.ceilingEntry(length)).map(Map.Entry::getValue).map(Instant::ofEpochMilli);
  }
}
