package dev.atelier.tuning.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atelier.tuning.search.GaussianProcess.Belief;
import dev.atelier.tuning.search.GaussianProcess.Hyper;
import java.util.SplittableRandom;
import org.apache.commons.math3.analysis.integration.RombergIntegrator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private static final double H = 1e-6;

  private static double[][] points(SplittableRandom random, int count, int width) {
    double[][] points = new double[count][];
    for (int i = 0; i < count; i++) {
      points[i] = random.doubles(width).toArray();
    }
    return points;
  }

  @Test
  void maternHasItsKnownValues() {
    // (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r) at r = 0, 1/2, 1, 2
    assertThat(Matern52.value(0)).isEqualTo(1);
    assertThat(Matern52.value(0.25)).isCloseTo(0.8286491424181253, within(1e-14));
    assertThat(Matern52.value(1)).isCloseTo(0.5239941088318203, within(1e-14));
    assertThat(Matern52.value(4)).isCloseTo(0.13866021913850426, within(1e-14));
    for (double squared : new double[] {0.01, 0.5, 3}) {
      double derivative = (Matern52.value(squared + H) - Matern52.value(squared - H)) / (2 * H);
      assertThat(-Matern52.slope(squared) / 2).isCloseTo(derivative, within(1e-6));
    }
  }

  @Test
  void oneObservationIsConditionedOnByTheBook() {
    // with one observation the estimated mean is the observation itself
    Hyper hyper = new Hyper(new double[] {0.5}, 2, 0.1);
    GaussianProcess process = new GaussianProcess(new double[][] {{0.2}}, new double[] {3}, new double[] {0}, hyper);
    double covariance = 2 * Matern52.value(0.36);
    Belief belief = process.at(new double[] {0.5});
    assertThat(belief.mean()).isCloseTo(3, within(1e-12));
    assertThat(belief.deviation()).isCloseTo(Math.sqrt(2 - covariance * covariance / 2.1), within(1e-12));
  }

  @Test
  void withoutNoiseItPassesThroughWhatWasSeen() {
    SplittableRandom random = new SplittableRandom(7);
    double[][] points = points(random, 12, 3);
    double[] losses = random.doubles(12).toArray();
    GaussianProcess process = new GaussianProcess(points, losses, new double[12],
        new Hyper(new double[] {0.4, 0.6, 1}, 1, 1e-9));
    for (int i = 0; i < 12; i++) {
      assertThat(process.at(points[i]).mean()).isCloseTo(losses[i], within(1e-5));
      assertThat(process.at(points[i]).deviation()).isLessThan(1e-3);
    }
  }

  @Test
  void slopesAreThoseOfItsValues() {
    SplittableRandom random = new SplittableRandom(11);
    GaussianProcess process = new GaussianProcess(points(random, 9, 2), random.doubles(9).toArray(), new double[9],
        new Hyper(new double[] {0.3, 0.7}, 1.5, 0.01));
    double[] at = {0.31, 0.64};
    double[] mean = new double[2];
    double[] deviation = new double[2];
    double[] gain = new double[2];
    ExpectedImprovement.log(process.at(at, mean, deviation), 0.2, mean, deviation, gain);
    for (int k = 0; k < 2; k++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[k] += H;
      down[k] -= H;
      assertThat(mean[k]).isCloseTo((process.at(up).mean() - process.at(down).mean()) / (2 * H), within(1e-5));
      assertThat(deviation[k])
          .isCloseTo((process.at(up).deviation() - process.at(down).deviation()) / (2 * H), within(1e-5));
      assertThat(gain[k]).isCloseTo((ExpectedImprovement.log(process.at(up), 0.2)
          - ExpectedImprovement.log(process.at(down), 0.2)) / (2 * H), within(1e-4));
    }
  }

  @Test
  void theLikelihoodIsTheNormalDensityAndItsSlopeIsRight() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] points = points(random, 8, 3);
    int[] owners = {0, 1, 1};
    MarginalLikelihood likelihood = new MarginalLikelihood(points, random.doubles(8).toArray(), new double[8], owners);
    double[] at = {-0.3, 0.2, 0.4, -3};
    double[] gradient = new double[4];
    likelihood.at(at, gradient);
    for (int k = 0; k < 4; k++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[k] += H;
      down[k] -= H;
      double difference = likelihood.at(up, new double[4]) - likelihood.at(down, new double[4]);
      assertThat(gradient[k]).as("argument " + k).isCloseTo(difference / (2 * H), within(1e-4));
    }
    // two points that know nothing of each other: twice the density of one, about their mean
    MarginalLikelihood far = new MarginalLikelihood(new double[][] {{0}, {1}}, new double[] {-1, 1}, new double[2],
        new int[] {0});
    double[] lonely = {Math.log(0.02), 0, Math.log(1e-7)};
    double[] wide = {Math.log(0.02), Math.log(4), Math.log(1e-7)};
    double[] ignored = new double[3];
    double ofVariances = far.at(wide, ignored) - far.at(lonely, ignored);
    // 2 (log 2 - 1/2 + 1/8) and the prior of the variance
    assertThat(ofVariances).isCloseTo(2 * Math.log(2) - 0.75 + Math.log(4) * Math.log(4) / 2, within(1e-4));
  }

  @Test
  void expectedImprovementIsItsIntegral() {
    for (double[] each : new double[][] {{0, 1, 0.5}, {1, 0.5, 0}, {2, 0.3, 1}, {-1, 2, 0}}) {
      NormalDistribution density = new NormalDistribution(each[0], each[1]);
      double integral = new RombergIntegrator().integrate(1_000_000,
          y -> (each[2] - y) * density.density(y), each[0] - 12 * each[1], each[2]);
      assertThat(Math.exp(ExpectedImprovement.log(new Belief(each[0], each[1]), each[2])))
          .isCloseTo(integral, within(1e-7));
    }
  }

  @Test
  void hopelessPointsAreStillToldApart() {
    double before = Double.POSITIVE_INFINITY;
    for (double mean = 1; mean < 400; mean += 0.5) {
      double now = ExpectedImprovement.log(new Belief(mean, 1), 0);
      assertThat(now).as("at %s deviations", mean).isFinite().isLessThan(before);
      before = now;
    }
    // no step where one formula takes over from another
    for (double z : new double[] {4, 25}) {
      double left = ExpectedImprovement.log(new Belief(z - 1e-7, 1), 0);
      double right = ExpectedImprovement.log(new Belief(z + 1e-7, 1), 0);
      // its slope is near z + 2 / z
      assertThat(left - right).isCloseTo(2e-7 * (z + 2 / z), within(3e-8));
    }
  }
}
