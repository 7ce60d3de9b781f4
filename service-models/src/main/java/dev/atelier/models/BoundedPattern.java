package dev.atelier.models;

import java.util.regex.Pattern;

/**
 * A model's pattern that matches whole values at a bounded cost. Some patterns use look-around, so no linear-time
 * engine takes them; here the input counts how often it is read and ends the match when a budget is spent.
 */
public final class BoundedPattern {
  /** Reads per input character, and at least; far above what any honest value of the pinned models needs. */
  private static final int READS_PER_CHARACTER = 200;
  private static final int LEAST_READS = 100_000;
  private static final Pattern SUPPLEMENTARY = Pattern.compile("\\\\u(10[0-9A-Fa-f]{4}|10000)");

  private final String text;
  private volatile Pattern compiled;

  BoundedPattern(String text) {
    this.text = text;
  }

  /** The pattern as the model and the error messages spell it. */
  public String text() {
    return text;
  }

  /** Whether all of {@code value} matches; a match that costs too much counts as none. */
  public boolean matches(String value) {
    try {
      return compiled().matcher(new CountedText(value, budget(value))).matches();
    } catch (BudgetSpent | StackOverflowError tooCostly) {
      return false;
    }
  }

  private static long budget(String value) {
    return Math.max(LEAST_READS, (long) READS_PER_CHARACTER * value.length());
  }

  private Pattern compiled() {
    Pattern pattern = compiled;
    if (pattern == null) {
      pattern = Pattern.compile(SUPPLEMENTARY.matcher(text).replaceAll("\\\\x{$1}"));
      compiled = pattern;
    }
    return pattern;
  }

  private static final class BudgetSpent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BudgetSpent() {
      super("pattern too costly", null, false, false);
    }
  }

  private static final class CountedText implements CharSequence {
    private final String value;
    private long left;

    CountedText(String value, long budget) {
      this.value = value;
      this.left = budget;
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new BudgetSpent();
      }
      return value.charAt(index);
    }

    @Override
    public int length() {
      return value.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return value.substring(start, end);
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
