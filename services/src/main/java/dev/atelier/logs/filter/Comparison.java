package dev.atelier.logs.filter;

import com.google.re2j.Pattern;
import java.util.function.Predicate;

/** A comparison with what a pattern gives: a number, a text with {@code *}, or a regular expression in {@code %}. */
final class Comparison {
  private Comparison() {}

  /** The test for an operator ({@code =}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}) and its operand. */
  static Predicate<String> of(String operator, String operand, boolean quoted) {
    boolean number = !quoted && isNumber(operand);
    return switch (operator) {
      case "=" -> equal(operand, quoted, number);
      case "!=" -> equal(operand, quoted, number).negate();
      default -> {
        if (!number) {
          throw FilterPattern.invalid();
        }
        double bound = Double.parseDouble(operand);
        yield actual -> isNumber(actual) && ordered(operator, Double.parseDouble(actual), bound);
      }
    };
  }

  private static boolean ordered(String operator, double actual, double bound) {
    return switch (operator) {
      case "<" -> actual < bound;
      case "<=" -> actual <= bound;
      case ">" -> actual > bound;
      default -> actual >= bound;
    };
  }

  private static Predicate<String> equal(String operand, boolean quoted, boolean number) {
    if (number) {
      double wanted = Double.parseDouble(operand);
      return actual -> isNumber(actual) ? Double.parseDouble(actual) == wanted : actual.equals(operand);
    }
    if (!quoted && operand.length() > 2 && operand.startsWith("%") && operand.endsWith("%")) {
      Pattern regex = TermPattern.regex(operand.substring(1, operand.length() - 1));
      return actual -> regex.matcher(actual).find();
    }
    StringBuilder glob = new StringBuilder();
    for (String part : operand.split("\\*", -1)) {
      glob.append(glob.isEmpty() ? "(?s)^" : ".*").append(Pattern.quote(part));
    }
    Pattern pattern = Pattern.compile(glob + "$");
    return operand.contains("*") ? actual -> pattern.matcher(actual).matches() : operand::equals;
  }

  private static boolean isNumber(String text) {
    return text.length() < 40 && text.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");
  }
}
