package dev.atelier.metrics;

import java.time.Instant;

/**
 * A range of time in periods. The start is rounded down as AWS does: to the period when that is less than a minute and
 * the start is recent, else to a minute, to five minutes after 15 days, to an hour after 63.
 *
 * @param start inclusive, {@code end} exclusive, both seconds since 1970; the end may cut the last period
 * @param period in seconds
 */
record Window(long start, long end, int period) {
  private static final long DAY = 86_400;

  static Window of(Instant start, Instant end, int period, Instant now) {
    long age = now.getEpochSecond() - start.getEpochSecond();
    long grain = age < 3 * 3600 && period < 60 ? period : age < 15 * DAY ? 60 : age < 63 * DAY ? 300 : 3600;
    return new Window(Math.floorDiv(start.getEpochSecond(), grain) * grain, end.getEpochSecond(), period);
  }

  /** Whether AWS has this period. */
  static boolean isPeriod(int seconds) {
    return seconds == 1 || seconds == 5 || seconds == 10 || seconds == 20 || seconds == 30
        || seconds > 0 && seconds % 60 == 0;
  }

  /** The beginning of a time's period. */
  long bucket(long second) {
    return start + Math.floorDiv(second - start, (long) period) * period;
  }

  long periods() {
    return Math.ceilDiv(Math.max(0, end - start), (long) period);
  }
}
