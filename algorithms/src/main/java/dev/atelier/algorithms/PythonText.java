package dev.atelier.algorithms;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Values as Python prints them: clients of the algorithm images parse and match this text. */
public final class PythonText {
  private PythonText() {}

  /** The shortest text that reads back as the same number: {@code 0.5}, {@code 1e-05}, {@code nan}. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String text = Double.toString(value);
    int exponentAt = text.indexOf('E');
    if (exponentAt < 0) {
      return text;
    }
    int exponent = Integer.parseInt(text.substring(exponentAt + 1));
    if (exponent >= -4 && exponent < 16) {
      String plain = new BigDecimal(text).stripTrailingZeros().toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String mantissa = text.substring(0, exponentAt);
    String digits = Integer.toString(Math.abs(exponent));
    return (mantissa.endsWith(".0") ? mantissa.substring(0, mantissa.length() - 2) : mantissa)
        + (exponent < 0 ? "e-" : "e+") + (digits.length() < 2 ? "0" + digits : digits);
  }

  /** A list of strings: {@code ['a', 'b']}. */
  public static String list(List<String> values) {
    return values.stream().map(value -> "'" + value + "'").collect(Collectors.joining(", ", "[", "]"));
  }
}
