package dev.atelier.tuning.search;

/**
 * The Matern 5/2 covariance with a length scale for each parameter (Rasmussen and Williams, "Gaussian Processes for
 * Machine Learning", 2006, eq. 4.17 and section 5.1): {@code (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r)} for a variance of
 * 1, where r^2 is the sum of the squared differences, each in units of its length scale.
 */
final class Matern52 {
  private static final double ROOT5 = Math.sqrt(5);

  private Matern52() {}

  /** The covariance at a squared distance. */
  static double value(double squared) {
    double r = ROOT5 * Math.sqrt(squared);
    return (1 + r + r * r / 3) * Math.exp(-r);
  }

  /** Minus twice the derivative of {@link #value} by the squared distance: {@code 5/3 (1 + sqrt5 r) exp(-sqrt5 r)}. */
  static double slope(double squared) {
    double r = ROOT5 * Math.sqrt(squared);
    return 5.0 / 3 * (1 + r) * Math.exp(-r);
  }
}
