package dev.atelier.metrics.math;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** What an expression comes to: a number, a time series, or an array of time series. */
public sealed interface Value {
  record Scalar(double value) implements Value {}

  /**
   * A time series.
   *
   * @param label what it shows, for people
   * @param period in seconds
   * @param points values by second since 1970
   */
  record Series(String label, int period, NavigableMap<Long, Double> points) implements Value {
    public Series {
      points = Collections.unmodifiableNavigableMap(points);
    }

    Series map(DoubleUnaryOperator each) {
      NavigableMap<Long, Double> mapped = new TreeMap<>();
      points.forEach((second, value) -> mapped.put(second, each.applyAsDouble(value)));
      return new Series(label, period, mapped).finite();
    }

    /** A point that is no number, as after a division by zero, is no point. */
    Series finite() {
      NavigableMap<Long, Double> kept = new TreeMap<>(points);
      kept.values().removeIf(value -> !Double.isFinite(value));
      return new Series(label, period, kept);
    }

    Series with(NavigableMap<Long, Double> others) {
      return new Series(label, period, others);
    }

    public Series named(String other) {
      return new Series(other, period, points);
    }
  }

  record Array(List<Series> series) implements Value {
    public Array {
      series = List.copyOf(series);
    }
  }
}
