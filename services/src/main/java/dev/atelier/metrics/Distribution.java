package dev.atelier.metrics;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.TreeMap;

/**
 * Values with how often each came. Their number is bounded: past {@value #MOST} different values they are kept to three
 * significant digits, or to two. Of a statistic set only the four figures are known, so that there are no percentiles.
 */
final class Distribution {
  private static final int MOST = 1_000;
  private static final int ALL_DIGITS = 17;
  private static final int FEWEST_DIGITS = 2;
  private static final int UNKNOWN = -1;

  private final TreeMap<Double, Double> values;
  private double count;
  private double sum;
  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;
  private boolean known = true;
  private int digits = ALL_DIGITS;

  private Distribution(TreeMap<Double, Double> values) {
    this.values = values;
  }

  static Distribution empty() {
    return new Distribution(new TreeMap<>());
  }

  static Distribution of(double value) {
    return empty().add(value, 1);
  }

  /** A statistic set; its distribution is known only when all its values are the same. */
  static Distribution ofSet(double count, double sum, double minimum, double maximum) {
    Distribution set = empty();
    if (minimum == maximum) {
      set.values.put(minimum, count);
    } else {
      set.known = false;
    }
    set.count = count;
    set.sum = sum;
    set.minimum = minimum;
    set.maximum = maximum;
    return set;
  }

  Distribution add(double value, double times) {
    values.merge(kept(value), times, Double::sum);
    count += times;
    sum += value * times;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    bound();
    return this;
  }

  Distribution add(Distribution other) {
    other.values.forEach((value, times) -> values.merge(kept(value), times, Double::sum));
    count += other.count;
    sum += other.sum;
    minimum = Math.min(minimum, other.minimum);
    maximum = Math.max(maximum, other.maximum);
    known &= other.known;
    bound();
    return this;
  }

  private void bound() {
    while (values.size() > MOST && digits > FEWEST_DIGITS) {
      digits = digits > FEWEST_DIGITS + 1 ? FEWEST_DIGITS + 1 : FEWEST_DIGITS;
      TreeMap<Double, Double> coarse = new TreeMap<>();
      values.forEach((value, times) -> coarse.merge(kept(value), times, Double::sum));
      values.clear();
      values.putAll(coarse);
    }
  }

  private double kept(double value) {
    return digits == ALL_DIGITS ? value
        : new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN)).doubleValue();
  }

  double count() {
    return count;
  }

  double sum() {
    return sum;
  }

  double minimum() {
    return minimum;
  }

  double maximum() {
    return maximum;
  }

  /** Whether every value is known, and not only the figures of a set. */
  boolean known() {
    return known;
  }

  /** The values in order with how often each came; empty unless they are {@link #known}. */
  java.util.SortedMap<Double, Double> values() {
    return java.util.Collections.unmodifiableSortedMap(known ? values : new TreeMap<>());
  }

  void write(DataOutput out) throws IOException {
    out.writeDouble(count);
    out.writeDouble(sum);
    out.writeDouble(minimum);
    out.writeDouble(maximum);
    out.writeInt(known ? values.size() : UNKNOWN);
    if (known) {
      for (var entry : values.entrySet()) {
        out.writeDouble(entry.getKey());
        out.writeDouble(entry.getValue());
      }
    }
  }

  static Distribution read(DataInput in) throws IOException {
    Distribution read = empty();
    read.count = in.readDouble();
    read.sum = in.readDouble();
    read.minimum = in.readDouble();
    read.maximum = in.readDouble();
    int size = in.readInt();
    read.known = size != UNKNOWN;
    for (int i = 0; i < size; i++) {
      double value = in.readDouble();
      read.values.put(value, in.readDouble());
    }
    return read;
  }
}
