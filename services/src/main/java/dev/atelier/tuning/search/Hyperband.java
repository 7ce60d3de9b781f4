package dev.atelier.tuning.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Hyperband's brackets of successive halving (Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter
 * Optimization", JMLR 18, 2018, algorithm 1), run asynchronously: a trial is begun in a bracket, and at every rung of
 * it goes on only as one of the best 1/eta of the trials that have reached the rung (Li et al., "A System for Massively
 * Parallel Hyperparameter Tuning", MLSys 2020). The resource is a count of epochs, that is of values of the objective.
 *
 * @param min the fewest epochs that a trial is given
 * @param max the most
 */
public record Hyperband(int min, int max) {
  /** Of eta trials on a rung one goes on. */
  public static final int ETA = 3;

  public Hyperband {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("resources from " + min + " to " + max);
    }
  }

  /** A rung of a bracket: how many trials reach it and how many epochs each of them has had. */
  public record Rung(int trials, int epochs) {}

  /** The most halvings that the resources allow: the largest s with min * eta^s at most max. */
  public int mostHalvings() {
    int halvings = 0;
    for (long epochs = min; epochs * ETA <= max; epochs *= ETA) {
      halvings++;
    }
    return halvings;
  }

  /** The rungs of the bracket with {@code s} halvings; the last one has {@link #max} epochs. */
  public List<Rung> bracket(int s) {
    int most = mostHalvings();
    // n = ceil((s_max + 1) / (s + 1) * eta^s), exactly
    long power = power(s);
    long trials = Math.ceilDiv((most + 1L) * power, s + 1L);
    List<Rung> rungs = new ArrayList<>();
    for (int i = 0; i <= s; i++) {
      rungs.add(new Rung((int) (trials / power(i)), Math.max(1, (int) (max / power(s - i)))));
    }
    return List.copyOf(rungs);
  }

  private static long power(int exponent) {
    return Math.powExact((long) ETA, exponent);
  }

  /** The bracket, by its number of halvings, in which the trial of a number begins: the widest first, in turn. */
  public int bracketOf(int number) {
    int most = mostHalvings();
    int round = 0;
    for (int s = most; s >= 0; s--) {
      round += bracket(s).getFirst().trials();
    }
    int place = number % round;
    for (int s = most; s > 0; s--) {
      int trials = bracket(s).getFirst().trials();
      if (place < trials) {
        return s;
      }
      place -= trials;
    }
    return 0;
  }

  /**
   * Whether a trial should be ended now.
   *
   * @param number of the trial, which tells its bracket
   * @param epochs how many it has had
   * @param loss after the last of them
   * @param others the losses of all other trials after as many epochs, by their numbers
   */
  public boolean stops(int number, int epochs, double loss, Map<Integer, Double> others) {
    if (epochs >= max) {
      return true;
    }
    if (!rung(number, epochs)) {
      return false;
    }
    int bracket = bracketOf(number);
    List<Double> rivals = others.entrySet().stream().filter(each -> bracketOf(each.getKey()) == bracket)
        .map(Map.Entry::getValue).toList();
    int going = Math.max(1, (rivals.size() + 1) / ETA);
    return rivals.stream().filter(each -> each < loss).count() >= going;
  }

  /** Whether a trial of this number is judged after this many epochs. */
  public boolean rung(int number, int epochs) {
    return epochs >= max || bracket(bracketOf(number)).stream().anyMatch(rung -> rung.epochs() == epochs);
  }
}
