package dev.atelier.algorithms.xgboost;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers in bytes of text, and growing arrays of them; made for reading millions of fields without garbage. */
final class Numbers {
  private static final double[] TENS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
      1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

  /** A list of floats in one array, which {@link #array} hands out without slack. */
  static final class Floats {
    private float[] values = new float[1024];
    private int size;

    void add(float value) {
      if (size == values.length) {
        if (size > Integer.MAX_VALUE / 2 - 8) {
          throw new NumberFormatException("more than " + size + " values, which is the most that one host can take");
        }
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int size() {
      return size;
    }

    float[] array() {
      return size == values.length ? values : Arrays.copyOf(values, size);
    }
  }

  private Numbers() {}

  /**
   * The number in {@code bytes[from, to)}; blanks around it do not matter; nothing at all, {@code nan} and
   * {@code na} mean a missing value.
   *
   * @throws NumberFormatException when it is something else
   */
  static float read(byte[] bytes, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && bytes[start] <= ' ' && bytes[start] >= 0) {
      start++;
    }
    while (end > start && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
      end--;
    }
    if (start == end) {
      return Float.NaN;
    }
    boolean negative = bytes[start] == '-';
    long digits = 0;
    int scale = 0;
    boolean point = false;
    int at = negative ? start + 1 : start;
    int first = at;
    for (; at < end; at++) {
      byte b = bytes[at];
      if (b >= '0' && b <= '9') {
        digits = digits * 10 + (b - '0');
        scale += point ? 1 : 0;
      } else if (b == '.' && !point) {
        point = true;
      } else {
        return slow(bytes, start, end);
      }
    }
    int length = at - first;
    // 15 digits and a power of ten up to 22 are exact in a double, so one division rounds correctly.
    if (length > 15 || length == 0 || (point && length == 1)) {
      return slow(bytes, start, end);
    }
    double value = digits / TENS[scale];
    return (float) (negative ? -value : value);
  }

  private static float slow(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, Math.min(to - from, 400), StandardCharsets.UTF_8);
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "nan", "na" -> Float.NaN;
      case "inf", "+inf", "infinity" -> Float.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Float.NEGATIVE_INFINITY;
      default -> {
        char last = text.charAt(text.length() - 1);
        if ((last < '0' || last > '9') && last != '.') {
          throw new NumberFormatException(snippet(text) + " is not a number");
        }
        try {
          yield (float) Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new NumberFormatException(snippet(text) + " is not a number");
        }
      }
    };
  }

  private static String snippet(String text) {
    return "'" + (text.length() > 50 ? text.substring(0, 50) + "..." : text) + "'";
  }
}
