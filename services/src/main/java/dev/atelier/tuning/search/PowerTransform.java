package dev.atelier.tuning.search;

import java.util.Arrays;

/**
 * Brings losses to zero mean and unit variance, as near to a normal distribution as a power transform does (Yeo and
 * Johnson, "A New Family of Power Transformations to Improve Normality or Symmetry", Biometrika 2000): a few very bad
 * losses must not flatten the differences among the good ones. The order is kept; losses that are far beyond the
 * median, as of a training that diverged, are all equally bad.
 */
final class PowerTransform {
  private static final double STEP = 0.1;
  private static final double LEAST = -1;
  private static final double MOST = 2;
  /** Beyond so many times the way from the best to the median a loss is just bad. */
  private static final double FAR = 5;

  private PowerTransform() {}

  /** The losses, transformed with the power of the greatest likelihood. */
  static double[] normalised(double[] losses) {
    double[] plain = standardised(bounded(losses));
    double[] best = plain;
    double bestLikelihood = Double.NEGATIVE_INFINITY;
    for (double power = LEAST; power <= MOST + STEP / 2; power += STEP) {
      double[] bent = new double[plain.length];
      double jacobian = 0;
      for (int i = 0; i < plain.length; i++) {
        bent[i] = yeoJohnson(plain[i], power);
        jacobian += Math.signum(plain[i]) * Math.log1p(Math.abs(plain[i]));
      }
      double likelihood = -plain.length / 2.0 * Math.log(Math.max(variance(bent), 1e-300)) + (power - 1) * jacobian;
      if (likelihood > bestLikelihood) {
        bestLikelihood = likelihood;
        best = bent;
      }
    }
    return standardised(best);
  }

  private static double[] bounded(double[] losses) {
    if (losses.length == 0) {
      return losses;
    }
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double most = median > sorted[0] ? median + FAR * (median - sorted[0]) : Double.POSITIVE_INFINITY;
    return Arrays.stream(losses).map(loss -> Math.min(loss, most)).toArray();
  }

  /** The transform of one value. */
  static double yeoJohnson(double value, double power) {
    if (value >= 0) {
      return Math.abs(power) < 1e-9 ? Math.log1p(value) : (Math.pow(1 + value, power) - 1) / power;
    }
    double other = 2 - power;
    return Math.abs(other) < 1e-9 ? -Math.log1p(-value) : -(Math.pow(1 - value, other) - 1) / other;
  }

  static double[] standardised(double[] losses) {
    double mean = mean(losses);
    double deviation = Math.sqrt(variance(losses));
    double[] result = new double[losses.length];
    for (int i = 0; i < losses.length; i++) {
      result[i] = deviation > 0 ? (losses[i] - mean) / deviation : 0;
    }
    return result;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double each : values) {
      sum += each;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double each : values) {
      sum += (each - mean) * (each - mean);
    }
    return values.length == 0 ? 0 : sum / values.length;
  }
}
