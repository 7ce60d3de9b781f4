package dev.atelier.tuning.search;

import java.util.Arrays;

/**
 * A Gaussian process with a constant mean and {@link Matern52} covariance, conditioned on observations (Rasmussen and
 * Williams 2006, algorithm 2.1). Points lie in the unit cube. Not changed once made.
 */
final class GaussianProcess {
  private final double[][] points;
  private final Hyper hyper;
  private final double[] inverseScales;
  private final Cholesky factor;
  private final double[] weights;
  private final double mean;

  /**
   * What is learnt of a function before it is interpolated.
   *
   * @param scales a length scale for each coordinate
   * @param variance of the function about its mean
   * @param noise variance of an observation about the function
   */
  record Hyper(double[] scales, double variance, double noise) {}

  /** The normal distribution of the function at a point. */
  record Belief(double mean, double deviation) {}

  /**
   * Conditions the process.
   *
   * @param extraNoise what is added to the noise of each observation
   * @throws ArithmeticException the covariance is not positive definite
   */
  GaussianProcess(double[][] points, double[] losses, double[] extraNoise, Hyper hyper) {
    int n = points.length;
    this.points = points;
    this.hyper = hyper;
    this.inverseScales = new double[hyper.scales.length];
    for (int i = 0; i < inverseScales.length; i++) {
      inverseScales[i] = 1 / hyper.scales[i];
    }
    double[] covariance = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double value = hyper.variance * Matern52.value(squared(points[i], points[j]));
        covariance[i * n + j] = value;
        covariance[j * n + i] = value;
      }
      covariance[i * n + i] = hyper.variance + hyper.noise + extraNoise[i];
    }
    this.factor = new Cholesky(covariance, n);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] solvedOnes = factor.solve(ones);
    this.mean = dot(solvedOnes, losses) / dot(solvedOnes, ones);
    double[] centred = new double[n];
    for (int i = 0; i < n; i++) {
      centred[i] = losses[i] - mean;
    }
    this.weights = factor.solve(centred);
  }

  private double squared(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double difference = (a[k] - b[k]) * inverseScales[k];
      sum += difference * difference;
    }
    return sum;
  }

  /** The function at a point, without the noise of an observation. */
  Belief at(double[] point) {
    return at(point, null, null);
  }

  /** As {@link #at(double[])}; the gradients of mean and deviation are written to the arrays, unless they are null. */
  Belief at(double[] point, double[] meanGradient, double[] deviationGradient) {
    int n = points.length;
    double[] covariances = new double[n];
    double[] slopes = new double[meanGradient == null ? 0 : n];
    double expected = mean;
    for (int i = 0; i < n; i++) {
      double squared = squared(point, points[i]);
      covariances[i] = hyper.variance * Matern52.value(squared);
      expected += covariances[i] * weights[i];
      if (meanGradient != null) {
        slopes[i] = -hyper.variance * Matern52.slope(squared);
      }
    }
    double[] solved = factor.forward(covariances);
    double deviation = Math.sqrt(Math.max(hyper.variance - dot(solved, solved), 1e-12));
    if (meanGradient != null) {
      double[] whole = factor.backward(solved);
      for (int k = 0; k < point.length; k++) {
        double ofMean = 0;
        double ofVariance = 0;
        double square = inverseScales[k] * inverseScales[k];
        for (int i = 0; i < n; i++) {
          double each = slopes[i] * (point[k] - points[i][k]);
          ofMean += each * weights[i];
          ofVariance += each * whole[i];
        }
        meanGradient[k] = ofMean * square;
        deviationGradient[k] = -ofVariance * square / deviation;
      }
    }
    return new Belief(expected, deviation);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
