package dev.atelier.tuning.search;

import dev.atelier.tuning.search.GaussianProcess.Hyper;
import java.util.Arrays;

/**
 * The negative log marginal likelihood of a Gaussian process's hyperparameters with its gradient (Rasmussen and
 * Williams 2006, eq. 5.8 and 5.9), and priors on them: length scales grow with the root of the dimension (Hvarfner et
 * al., "Vanilla Bayesian Optimization Performs Great in High Dimensions", ICML 2024), the noise is small. Arguments are
 * logarithms: of a length scale for each parameter, of the variance, of the noise.
 */
final class MarginalLikelihood implements BoxMinimiser.Function {
  private static final double SCALE_DEVIATION = Math.sqrt(3);
  private static final double NOISE_MEAN = -7;
  private static final double NOISE_DEVIATION = 2;
  private static final double VARIANCE_DEVIATION = 1;
  private static final double[] SCALE_BOUNDS = {Math.log(0.02), Math.log(50)};
  private static final double[] VARIANCE_BOUNDS = {Math.log(0.05), Math.log(50)};
  private static final double[] NOISE_BOUNDS = {Math.log(1e-7), Math.log(0.5)};

  private final int[] owners;
  private final int parameters;
  private final double[] losses;
  private final double[] extraNoise;
  private final double scaleMean;
  /** For each parameter, the squared differences of all pairs of points, row by row below the diagonal. */
  private final double[][] squares;

  /** @param owners for each coordinate its parameter, whose length scale it shares */
  MarginalLikelihood(double[][] points, double[] losses, double[] extraNoise, int[] owners) {
    int n = points.length;
    this.owners = owners;
    this.parameters = owners[owners.length - 1] + 1;
    this.losses = losses;
    this.extraNoise = extraNoise;
    this.scaleMean = Math.sqrt(2) + Math.log(parameters) / 2;
    this.squares = new double[parameters][n * (n - 1) / 2];
    for (int k = 0; k < owners.length; k++) {
      double[] square = squares[owners[k]];
      int at = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          double difference = points[i][k] - points[j][k];
          square[at++] += difference * difference;
        }
      }
    }
  }

  /** Where a search for good hyperparameters begins. */
  double[] start() {
    double[] start = new double[parameters + 2];
    Arrays.fill(start, 0, parameters, Math.log(0.5) + Math.log(parameters) / 2);
    start[parameters + 1] = NOISE_MEAN;
    return start;
  }

  BoxMinimiser minimiser(int mostSteps) {
    double[] low = new double[parameters + 2];
    double[] high = new double[parameters + 2];
    Arrays.fill(low, SCALE_BOUNDS[0]);
    Arrays.fill(high, SCALE_BOUNDS[1]);
    low[parameters] = VARIANCE_BOUNDS[0];
    high[parameters] = VARIANCE_BOUNDS[1];
    low[parameters + 1] = NOISE_BOUNDS[0];
    high[parameters + 1] = NOISE_BOUNDS[1];
    return new BoxMinimiser(low, high, mostSteps);
  }

  /** The hyperparameters of an argument. */
  Hyper hyper(double[] argument) {
    double[] scales = new double[owners.length];
    for (int k = 0; k < scales.length; k++) {
      scales[k] = Math.exp(argument[owners[k]]);
    }
    return new Hyper(scales, Math.exp(argument[parameters]), Math.exp(argument[parameters + 1]));
  }

  @Override
  public double at(double[] argument, double[] gradient) {
    int n = losses.length;
    double variance = Math.exp(argument[parameters]);
    double noise = Math.exp(argument[parameters + 1]);
    double[] inverse = new double[parameters];
    for (int p = 0; p < parameters; p++) {
      inverse[p] = Math.exp(-2 * argument[p]);
    }
    double[] covariance = new double[n * n];
    double[] slopes = new double[n * (n - 1) / 2];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++, at++) {
        double squared = 0;
        for (int p = 0; p < parameters; p++) {
          squared += squares[p][at] * inverse[p];
        }
        double value = variance * Matern52.value(squared);
        covariance[i * n + j] = value;
        covariance[j * n + i] = value;
        slopes[at] = variance * Matern52.slope(squared);
      }
      covariance[i * n + i] = variance + noise + extraNoise[i];
    }
    Cholesky factor;
    try {
      factor = new Cholesky(covariance.clone(), n);
    } catch (ArithmeticException e) {
      return Double.POSITIVE_INFINITY;
    }
    return factor.halfLogDeterminant() + fit(covariance, factor.inverse(), slopes, inverse, noise, gradient)
        + priors(argument, gradient);
  }

  /** Half the squared error in units of the covariance; writes the likelihood's gradient. */
  private double fit(double[] covariance, double[] precision, double[] slopes, double[] inverse, double noise,
      double[] gradient) {
    int n = losses.length;
    double[] sums = new double[n];
    double[] solved = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        sums[i] += precision[i * n + j];
        solved[i] += precision[i * n + j] * losses[j];
      }
    }
    double mean = Arrays.stream(solved).sum() / Arrays.stream(sums).sum();
    double error = 0;
    for (int i = 0; i < n; i++) {
      solved[i] -= mean * sums[i];
      error += solved[i] * (losses[i] - mean);
    }
    Arrays.fill(gradient, 0);
    int at = 0;
    double trace = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++, at++) {
        // twice, for both halves of the symmetric matrices
        double pull = precision[i * n + j] - solved[i] * solved[j];
        gradient[parameters] += pull * covariance[i * n + j];
        double part = pull * slopes[at];
        for (int p = 0; p < parameters; p++) {
          gradient[p] += part * squares[p][at] * inverse[p];
        }
      }
      double own = precision[i * n + i] - solved[i] * solved[i];
      trace += own;
      gradient[parameters] += own * (covariance[i * n + i] - noise - extraNoise[i]) / 2;
    }
    gradient[parameters + 1] = trace * noise / 2;
    return error / 2;
  }

  private double priors(double[] argument, double[] gradient) {
    double sum = 0;
    for (int p = 0; p < parameters + 2; p++) {
      double mean = p < parameters ? scaleMean : p == parameters ? 0 : NOISE_MEAN;
      double deviation = p < parameters ? SCALE_DEVIATION : p == parameters ? VARIANCE_DEVIATION : NOISE_DEVIATION;
      double off = (argument[p] - mean) / deviation;
      sum += off * off / 2;
      gradient[p] += off / deviation;
    }
    return sum;
  }
}
