package dev.atelier.algorithms;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of numbers, written and printed as {@code [0, 1]}, {@code (0, 1)} or {@code [0, +inf)}.
 *
 * @param text the range as error messages show it
 */
public record Interval(String text, double low, boolean lowOpen, double high, boolean highOpen) {
  private static final Pattern SHAPE = Pattern.compile("([\\[(])(\\S+), (\\S+)([])])");

  public static Interval of(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new IllegalArgumentException("Not an interval: " + text);
    }
    return new Interval(text, bound(shape.group(2)), shape.group(1).equals("("), bound(shape.group(3)),
        shape.group(4).equals(")"));
  }

  private static double bound(String text) {
    return switch (text) {
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "+inf" -> Double.POSITIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  public boolean contains(double value) {
    boolean aboveLow = lowOpen && Double.isFinite(low) ? value > low : value >= low;
    boolean belowHigh = highOpen && Double.isFinite(high) ? value < high : value <= high;
    return aboveLow && belowHigh;
  }
}
