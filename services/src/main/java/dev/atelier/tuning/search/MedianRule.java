package dev.atelier.tuning.search;

import java.util.Arrays;

/**
 * The median stopping rule (Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, section
 * 3.2.2), which SageMaker's automatic early stopping follows: a trial ends when its best loss so far is worse than the
 * median of the other trials' running averages up to the same epoch.
 */
public final class MedianRule {
  /** With fewer trials to compare with, a median says little. */
  private static final int FEWEST = 3;

  private MedianRule() {}

  /**
   * Whether a trial should be ended after its latest epoch.
   *
   * @param best its least loss so far
   * @param averages of the losses up to the same epoch of trials that have ended and reached it
   */
  public static boolean stops(double best, double[] averages) {
    double[] sorted = averages.clone();
    Arrays.sort(sorted);
    return sorted.length >= FEWEST && best > median(sorted);
  }

  static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
