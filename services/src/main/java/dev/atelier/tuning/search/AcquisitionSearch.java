package dev.atelier.tuning.search;

import dev.atelier.tuning.search.GaussianProcess.Belief;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Finds the point of the greatest {@link ExpectedImprovement}: many points are looked at, all over the space and around
 * the best ones, and the most promising climb on. Only points that stand for values are compared in the end, since an
 * integer's model is wrong between its values (Garrido-Merchan and Hernandez-Lobato, "Dealing with Categorical and
 * Integer-Valued Variables in Bayesian Optimization with Gaussian Processes", 2020).
 */
final class AcquisitionSearch {
  private static final int EVERYWHERE = 128;
  private static final int NEARBY = 72;
  private static final int CLIMBERS = 4;
  private static final int STEPS = 12;
  private static final double[] REACH = {0.2, 0.05, 0.01};

  private final SearchSpace space;
  private final GaussianProcess process;
  private final SplittableRandom random;
  private double incumbent = Double.POSITIVE_INFINITY;

  AcquisitionSearch(SearchSpace space, GaussianProcess process, SplittableRandom random) {
    this.space = space;
    this.process = process;
    this.random = random;
  }

  private record Candidate(double[] point, double gain) {}

  /**
   * The best point that was not tried, or the best of all when every one found was.
   *
   * @param good points near which to look, the best first
   */
  double[] best(List<double[]> good, Set<Map<String, String>> tried) {
    // what the model makes of the best points: one lucky measurement is no mark to beat
    good.forEach(point -> incumbent = Math.min(incumbent, process.at(point).mean()));
    List<Candidate> candidates = new ArrayList<>();
    QuasiRandom cover = new QuasiRandom(space.parameters().size(), random.split());
    for (int i = 0; i < EVERYWHERE; i++) {
      candidates.add(judged(space.draw(cover.next())));
    }
    for (int i = 0; i < NEARBY; i++) {
      candidates.add(judged(near(good.get(i % good.size()), REACH[i % REACH.length])));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::gain).reversed());
    List<Candidate> reached = new ArrayList<>();
    for (Candidate each : candidates.subList(0, CLIMBERS)) {
      double[] snapped = space.snap(climbed(each.point));
      reached.add(judged(snapped));
    }
    reached.addAll(candidates);
    reached.sort(Comparator.comparingDouble(Candidate::gain).reversed());
    return reached.stream().map(Candidate::point).filter(point -> !tried.contains(space.decode(point))).findFirst()
        .orElse(reached.getFirst().point);
  }

  private Candidate judged(double[] point) {
    return new Candidate(point, ExpectedImprovement.log(process.at(point), incumbent));
  }

  /** A point that differs from another in some parameters, a little or by another category. */
  private double[] near(double[] centre, double reach) {
    double[] point = centre.clone();
    int at = 0;
    int count = space.parameters().size();
    int surely = random.nextInt(count);
    for (int i = 0; i < count; i++) {
      Parameter parameter = space.parameters().get(i);
      if (i == surely || random.nextInt(count) < 3) {
        if (parameter instanceof Parameter.Choice) {
          parameter.draw(random.nextDouble(), point, at);
        } else {
          point[at] = Math.clamp(point[at] + reach * random.nextGaussian(), 0, 1);
        }
      }
      at += parameter.width();
    }
    return space.snap(point);
  }

  /** Climbs the slope of the improvement; categories stay what they are. */
  private double[] climbed(double[] start) {
    int width = start.length;
    double[] low = new double[width];
    double[] high = new double[width];
    int at = 0;
    for (Parameter each : space.parameters()) {
      for (int k = at; k < at + each.width(); k++) {
        boolean number = !(each instanceof Parameter.Choice);
        low[k] = number ? 0 : start[k];
        high[k] = number ? 1 : start[k];
      }
      at += each.width();
    }
    double[] ofMean = new double[width];
    double[] ofDeviation = new double[width];
    return new BoxMinimiser(low, high, STEPS).from(start, (point, gradient) -> {
      Belief belief = process.at(point, ofMean, ofDeviation);
      double gain = ExpectedImprovement.log(belief, incumbent, ofMean, ofDeviation, gradient);
      for (int k = 0; k < width; k++) {
        gradient[k] = -gradient[k];
      }
      return -gain;
    }).point();
  }
}
