package dev.atelier.algorithms.xgboost;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Rows of numbers separated by one character, without a header; an empty field is a missing value. */
final class CsvText {
  private static final String DELIMITERS = ",\t; |:";

  /** Takes the fields of the text, in order. */
  interface Fields {
    void field(int row, int column, float value);

    /** @throws NumberFormatException when the row does not have the expected number of fields */
    void rowEnd(int row, int columns);
  }

  private CsvText() {}

  /** The first known delimiter that the first line has. */
  static Optional<Character> delimiter(byte[] text) {
    String line = firstLine(text);
    return DELIMITERS.chars().filter(each -> line.indexOf(each) >= 0).mapToObj(each -> (char) each).findFirst();
  }

  static String firstLine(byte[] text) {
    int end = 0;
    while (end < text.length && text[end] != '\n' && end < 100_000) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8).strip();
  }

  /**
   * Reads all rows; blank lines are skipped.
   *
   * @throws NumberFormatException naming the line, when a field is not a number
   */
  static int read(byte[] text, char delimiter, int firstRow, Fields fields) {
    return TextLines.read(text, firstRow, (from, end, row) -> {
      int to = end > from && text[end - 1] == '\r' ? end - 1 : end;
      if (blank(text, from, to)) {
        return false;
      }
      fields.rowEnd(row, readRow(text, from, to, delimiter, row, fields));
      return true;
    });
  }

  private static int readRow(byte[] text, int from, int to, char delimiter, int row, Fields fields) {
    int column = 0;
    int start = from;
    for (int at = from; at <= to; at++) {
      if (at == to || text[at] == delimiter) {
        boolean quoted = at - start >= 2 && text[start] == '"' && text[at - 1] == '"';
        fields.field(row, column++, Numbers.read(text, quoted ? start + 1 : start, quoted ? at - 1 : at));
        start = at + 1;
      }
    }
    return column;
  }

  private static boolean blank(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      if (text[at] != ' ') {
        return false;
      }
    }
    return true;
  }
}
