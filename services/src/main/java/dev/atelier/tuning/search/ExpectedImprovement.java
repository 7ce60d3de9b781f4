package dev.atelier.tuning.search;

import dev.atelier.tuning.search.GaussianProcess.Belief;
import org.apache.commons.math3.special.Erf;

/**
 * By how much a point is expected to be better than the best (Jones et al., "Efficient Global Optimization of Expensive
 * Black-Box Functions", 1998, eq. 15), as its logarithm, which tells points apart and has a slope where the improvement
 * itself is too small for a number (Ament et al., "Unexpected Improvements to Expected Improvement", NeurIPS 2023).
 */
final class ExpectedImprovement {
  private static final double LOG_ROOT_2PI = Math.log(2 * Math.PI) / 2;
  /** Below this the density is factored out of the closed form, whose terms would cancel each other out. */
  private static final double LOW = -4;
  /** Below this a series of the tail is exact to all digits. */
  private static final double TAIL = -25;

  private ExpectedImprovement() {}

  /**
   * The improvement at z deviations, in parts.
   *
   * @param log of {@code phi(z) + z Phi(z)}
   * @param distribution {@code Phi(z)} in units of that
   * @param density {@code phi(z)} in units of that
   */
  private record Parts(double log, double distribution, double density) {}

  private static Parts parts(double z) {
    if (z > LOW) {
      double density = Math.exp(-z * z / 2 - LOG_ROOT_2PI);
      double distribution = Erf.erfc(-z / Math.sqrt(2)) / 2;
      double sum = density + z * distribution;
      return new Parts(Math.log(sum), distribution / sum, density / sum);
    }
    double square = 1 / (z * z);
    double ratio = z < TAIL ? -(1 - square * (1 - square * (3 - square * (15 - 105 * square)))) / z
        : Erf.erfc(-z / Math.sqrt(2)) / 2 * Math.exp(z * z / 2 + LOG_ROOT_2PI);
    double tail = z < TAIL ? square * (1 - square * (3 - square * (15 - square * (105 - 945 * square))))
        : 1 + z * ratio;
    return new Parts(Math.log(tail) - z * z / 2 - LOG_ROOT_2PI, ratio / tail, 1 / tail);
  }

  /** The logarithm of the expected improvement on a loss. */
  static double log(Belief belief, double best) {
    return Math.log(belief.deviation()) + parts((best - belief.mean()) / belief.deviation()).log;
  }

  /** As {@link #log}, with its gradient from those of mean and deviation. */
  static double log(Belief belief, double best, double[] meanGradient, double[] deviationGradient, double[] gradient) {
    Parts parts = parts((best - belief.mean()) / belief.deviation());
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] = (parts.density * deviationGradient[k] - parts.distribution * meanGradient[k]) / belief.deviation();
    }
    return Math.log(belief.deviation()) + parts.log;
  }
}
