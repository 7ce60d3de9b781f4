package dev.atelier.trialmetrics;

/** Statistics of values that come one by one in their order. */
final class Statistic {
  private long count;
  private double mean;
  private double squares;
  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;
  private double last;

  void add(double value) {
    count++;
    double before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    last = value;
  }

  /** @param name one of the model's MetricStatistic; the standard deviation is that of all values, not of a sample */
  double of(String name) {
    return switch (name) {
      case "Min" -> minimum;
      case "Max" -> maximum;
      case "Avg" -> mean;
      case "Count" -> count;
      case "StdDev" -> Math.sqrt(squares / count);
      case "Last" -> last;
      default -> throw new IllegalArgumentException("no statistic " + name);
    };
  }
}
