package dev.atelier.tuning.search;

import dev.atelier.tuning.search.GaussianProcess.Hyper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Bayesian optimisation as in Perrone et al., "Amazon SageMaker Automatic Model Tuning: Scalable Gradient-Free
 * Optimization" (KDD 2021): a Gaussian process over all losses so far, and the point of the greatest expected
 * improvement. The first points are quasi-random. Trials that still run count with the best loss as a lie (constant
 * liar; Ginsbourger et al., "Kriging Is Well-Suited to Parallelize Optimization", 2010), so that a batch spreads;
 * failed ones count with the worst. The covariance's hyperparameters are those of the greatest posterior density.
 */
public final class BayesianSearcher implements Searcher {
  private static final int FEWEST_FIRST = 4;
  private static final int MOST_FIRST = 10;
  /** A model of more points would be slow; it keeps the best and the newest. */
  private static final int MOST_POINTS = 120;
  private static final int FEW = 64;
  private static final int FIRST_STEPS = 40;
  private static final int LATER_STEPS = 10;

  private final SearchSpace space;
  private final long seed;
  /** Where the last search for hyperparameters ended, and of how many points. */
  private double[] fitted = {};
  private int fittedPoints;

  public BayesianSearcher(SearchSpace space, long seed) {
    this.space = space;
    this.seed = seed;
  }

  /** What the process is conditioned on. */
  private record Data(double[][] points, double[] losses, double[] noise) {}

  @Override
  public synchronized Map<String, String> suggest(int number, List<Seen> history) {
    SplittableRandom random = Seeds.of(seed, number);
    long scored = history.stream().filter(each -> each.loss().isPresent()).count();
    boolean warm = history.stream().anyMatch(each -> each.loss().isPresent() && each.task() == 0);
    if (scored < 2 || number < first() && history.size() <= number) {
      return fresh(start(number), random, history);
    }
    if (!warm && number == 0) {
      // what was best elsewhere is tried here before anything else
      return history.stream().filter(each -> each.loss().isPresent())
          .min(Comparator.comparingDouble(each -> each.loss().getAsDouble())).map(Seen::values)
          .map(values -> space.decode(space.encode(values))).orElseThrow();
    }
    Data data = data(chosen(history));
    GaussianProcess process = fit(data);
    List<double[]> good = best(data);
    double[] point = new AcquisitionSearch(space, process, random).best(good, tried(history));
    return fresh(space.decode(point), random, history);
  }

  private int first() {
    return Math.clamp(space.parameters().size() + 2L, FEWEST_FIRST, MOST_FIRST);
  }

  private Map<String, String> start(int number) {
    QuasiRandom points = new QuasiRandom(space.parameters().size(), Seeds.of(seed, -1));
    return space.decode(space.draw(points.point(number)));
  }

  private static Set<Map<String, String>> tried(List<Seen> history) {
    return new HashSet<>(history.stream().map(Seen::values).toList());
  }

  /** The values, or a random point where they have been tried and others have not. */
  private Map<String, String> fresh(Map<String, String> values, SplittableRandom random, List<Seen> history) {
    return tried(history).contains(values)
        ? new RandomSearcher(space, random.nextLong()).suggest(0, history) : values;
  }

  /** As much of the history as a model can hold: half of it the best, the other half the newest. */
  private static List<Seen> chosen(List<Seen> history) {
    if (history.size() <= MOST_POINTS) {
      return history;
    }
    Set<Seen> kept = new HashSet<>();
    history.stream().filter(each -> each.loss().isPresent())
        .sorted(Comparator.comparingDouble(each -> each.loss().getAsDouble())).limit(MOST_POINTS / 2)
        .forEach(kept::add);
    for (Seen each : history.reversed()) {
      if (kept.size() >= MOST_POINTS) {
        break;
      }
      kept.add(each);
    }
    return history.stream().filter(kept::contains).limit(MOST_POINTS).toList();
  }

  private Data data(List<Seen> history) {
    List<double[]> points = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    List<Double> noise = new ArrayList<>();
    history.stream().map(Seen::task).distinct().sorted().forEach(task -> {
      List<Seen> scored = history.stream().filter(each -> each.task() == task && each.loss().isPresent()).toList();
      double[] normal = PowerTransform.normalised(
          scored.stream().mapToDouble(each -> each.loss().getAsDouble()).toArray());
      double best = 0;
      double worst = 0;
      for (int i = 0; i < normal.length; i++) {
        points.add(space.encode(scored.get(i).values()));
        losses.add(normal[i]);
        // losses of a job that only resembles this one say something about where to look and little about how deep
        noise.add(task == 0 ? 0.0 : 0.5);
        best = Math.min(best, normal[i]);
        worst = Math.max(worst, normal[i]);
      }
      for (Seen each : history) {
        if (each.task() == task && each.loss().isEmpty()) {
          points.add(space.encode(each.values()));
          losses.add(each.running() ? best : worst);
          noise.add(0.0);
        }
      }
    });
    return new Data(points.toArray(double[][]::new), losses.stream().mapToDouble(Double::doubleValue).toArray(),
        noise.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The process with hyperparameters that are searched for anew when the data have grown by a tenth. */
  private GaussianProcess fit(Data data) {
    MarginalLikelihood likelihood = new MarginalLikelihood(data.points, data.losses, data.noise, space.owners());
    int points = data.points.length;
    if (fitted.length == 0 || points < fittedPoints) {
      fitted = likelihood.minimiser(FIRST_STEPS).from(likelihood.start(), likelihood).point();
      fittedPoints = points;
    } else if (points - fittedPoints >= Math.max(1, fittedPoints / 10)) {
      BoxMinimiser minimiser = likelihood.minimiser(LATER_STEPS);
      BoxMinimiser.Minimum again = minimiser.from(fitted, likelihood);
      // few points say little: what they once seemed to say must not hold for ever
      BoxMinimiser.Minimum afresh = points > FEW ? again : minimiser.from(likelihood.start(), likelihood);
      fitted = (again.value() <= afresh.value() ? again : afresh).point();
      fittedPoints = points;
    }
    return conditioned(data, likelihood.hyper(fitted));
  }

  private static GaussianProcess conditioned(Data data, Hyper hyper) {
    try {
      return new GaussianProcess(data.points, data.losses, data.noise, hyper);
    } catch (ArithmeticException nearlySingular) {
      // points that lie on each other: more noise sets their rows of the covariance apart
      return conditioned(data, new Hyper(hyper.scales(), hyper.variance(), hyper.noise() * 10));
    }
  }

  private static List<double[]> best(Data data) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < data.losses.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> data.losses[i]));
    return order.stream().limit(8).map(i -> data.points[i]).toList();
  }
}
