package dev.atelier.tuning.search;

/**
 * Brings losses to zero mean and unit variance, as near to a normal distribution as a power transform does (Yeo and
 * Johnson, "A New Family of Power Transformations to Improve Normality or Symmetry", Biometrika 2000): a few very bad
 * losses must not flatten the differences among the good ones. It keeps the order.
 */
final class PowerTransform {
  private static final double STEP = 0.1;
  private static final double LEAST = -1;
  private static final double MOST = 2;

  private PowerTransform() {}

  /** The losses, transformed with the power of the greatest likelihood. */
  static double[] normalised(double[] losses) {
    double[] plain = standardised(losses);
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
