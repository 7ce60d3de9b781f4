package dev.atelier.logs.insights;

/** The memory that one query may keep, in bytes, about. */
final class Budget {
  private long left;

  Budget(long bytes) {
    left = bytes;
  }

  /** @throws QueryRun.TooMany there is no more */
  void take(long bytes) {
    left -= bytes;
    if (left < 0) {
      throw new QueryRun.TooMany();
    }
  }

  void give(long bytes) {
    left += bytes;
  }
}
