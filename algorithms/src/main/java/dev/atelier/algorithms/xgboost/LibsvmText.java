package dev.atelier.algorithms.xgboost;

/** Sparse rows: {@code label[:weight] [qid:n] index:value index:value ...}, indexes counted from zero as written. */
final class LibsvmText {
  /** The text's values as they come. */
  interface Values {
    void label(int row, float label, float weight);

    void group(int row, int group);

    void value(int row, int index, float value);
  }

  private LibsvmText() {}

  /**
   * Reads all rows; blank lines and comments after {@code #} are skipped.
   *
   * @throws NumberFormatException naming the line, when it is not LIBSVM
   */
  static int read(byte[] text, int firstRow, Values values) {
    return TextLines.read(text, firstRow, (from, to, row) -> readRow(text, from, to, row, values));
  }

  private static boolean readRow(byte[] text, int from, int to, int row, Values values) {
    int tokens = 0;
    int at = from;
    while (at < to && text[at] != '#') {
      if (text[at] <= ' ' && text[at] >= 0) {
        at++;
        continue;
      }
      int end = at;
      int colon = -1;
      while (end < to && (text[end] > ' ' || text[end] < 0) && text[end] != '#') {
        colon = text[end] == ':' && colon < 0 ? end : colon;
        end++;
      }
      readToken(text, at, colon, end, tokens, row, values);
      tokens++;
      at = end;
    }
    return tokens > 0;
  }

  private static void readToken(byte[] text, int from, int colon, int to, int token, int row, Values values) {
    if (colon < 0 && token > 0) {
      throw new NumberFormatException("a feature is not of the form index:value");
    }
    if (colon == to - 1) {
      throw new NumberFormatException("a feature has no value");
    }
    if (token == 0) {
      values.label(row, Numbers.read(text, from, colon < 0 ? to : colon),
          colon < 0 ? Float.NaN : Numbers.read(text, colon + 1, to));
    } else if (colon - from == 3 && text[from] == 'q' && text[from + 1] == 'i' && text[from + 2] == 'd') {
      values.group(row, index(text, colon + 1, to));
    } else {
      values.value(row, index(text, from, colon), Numbers.read(text, colon + 1, to));
    }
  }

  private static int index(byte[] text, int from, int to) {
    long index = to > from ? 0 : -1;
    for (int at = from; at < to && index >= 0; at++) {
      boolean digit = text[at] >= '0' && text[at] <= '9';
      index = digit && index < Integer.MAX_VALUE ? index * 10 + (text[at] - '0') : -1;
    }
    if (index < 0 || index > Integer.MAX_VALUE - 8) {
      throw new NumberFormatException("an index is not a whole number that is zero or more");
    }
    return (int) index;
  }
}
