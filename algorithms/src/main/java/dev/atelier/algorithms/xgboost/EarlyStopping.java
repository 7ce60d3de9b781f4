package dev.atelier.algorithms.xgboost;

import java.util.Map;
import java.util.Optional;

/** Ends the training when the validation rows' metric has not improved for a number of rounds. */
final class EarlyStopping {
  private final int patience;
  private final Optional<String> named;
  private int bestRound = -1;
  private double bestScore;
  private int lastRound;

  /** @param named the metric that decides; the last one measured when empty */
  EarlyStopping(int patience, Optional<String> named) {
    this.patience = patience;
    this.named = named;
  }

  /** Continues from what an earlier run of the same job had found. */
  void resume(int round, double score) {
    bestRound = round;
    bestScore = score;
  }

  /** Takes a round's measures; whether they are the best until now. */
  boolean improvedBy(int round, Map<String, Double> validation) {
    lastRound = round;
    String metric = named.filter(validation::containsKey).orElseGet(() ->
        validation.keySet().stream().reduce((first, second) -> second).orElseThrow());
    double score = validation.get(metric);
    boolean better = bestRound < 0 || (Metric.higherIsBetter(metric) ? score > bestScore : score < bestScore);
    if (better) {
      bestRound = round;
      bestScore = score;
    }
    return better;
  }

  boolean exhausted() {
    return bestRound >= 0 && lastRound - bestRound >= patience;
  }

  int bestRound() {
    return bestRound;
  }

  double bestScore() {
    return bestScore;
  }
}
