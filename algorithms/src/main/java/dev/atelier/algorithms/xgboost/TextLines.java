package dev.atelier.algorithms.xgboost;

/** The lines of a text that was read whole. */
final class TextLines {

  /** Reads one line without its line feed; whether it was a row. */
  interface Reader {
    boolean read(int from, int to, int row);
  }

  private TextLines() {}

  /**
   * Reads all lines in their order; the number that the row after the last would have.
   *
   * @throws NumberFormatException as the reader does, naming the line
   */
  static int read(byte[] text, int firstRow, Reader reader) {
    int row = firstRow;
    int at = 0;
    int line = 0;
    while (at < text.length) {
      int end = at;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      line++;
      try {
        row += reader.read(at, end, row) ? 1 : 0;
      } catch (NumberFormatException e) {
        throw new NumberFormatException("line " + line + ": " + e.getMessage());
      }
      at = end + 1;
    }
    return row;
  }
}
