package dev.atelier.logs.insights;

/** The memory that one query may keep, in bytes, about. */
final class Budget {
  /** A place in a map, or a text's in a key. */
  static final int ENTRY_BYTES = 48;
  private static final int TEXT_BYTES = 40;
  private static final int NUMBER_BYTES = 24;
  private static final char LATIN_END = 256;

  private long left;

  Budget(long bytes) {
    left = bytes;
  }

  /** A budget that nothing exhausts. */
  static Budget unlimited() {
    return new Budget(Long.MAX_VALUE);
  }

  /** What a value takes: of texts a byte for each character where all are of Latin-1, two otherwise. */
  static long bytes(Object value) {
    return switch (value) {
      case null -> 0;
      case String text -> TEXT_BYTES + (isLatin(text) ? 1L : 2L) * text.length();
      default -> NUMBER_BYTES;
    };
  }

  private static boolean isLatin(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= LATIN_END) {
        return false;
      }
    }
    return true;
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
