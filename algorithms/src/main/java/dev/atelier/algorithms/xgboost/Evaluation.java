package dev.atelier.algorithms.xgboost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Measures a model after a round, on the training rows and on the validation rows if there are some. */
final class Evaluation {
  private final Map<String, LabelledRows> sets = new LinkedHashMap<>();
  private final List<String> classMetrics;
  private final boolean multiclass;

  Evaluation(LabelledRows train, Optional<LabelledRows> validation, XgboostHyperparameters hyperparameters) {
    sets.put("train", train);
    validation.ifPresent(rows -> sets.put("validation", rows));
    this.classMetrics = ClassMetrics.among(hyperparameters.metrics());
    this.multiclass = hyperparameters.objective().startsWith("multi:");
  }

  DMatrix[] matrices() {
    return sets.values().stream().map(LabelledRows::matrix).toArray(DMatrix[]::new);
  }

  /** Set name to metric name to value, in the order in which they are printed. */
  Map<String, Map<String, Double>> measure(Booster booster, int round) throws XGBoostError {
    Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
    sets.keySet().forEach(name -> measured.put(name, new LinkedHashMap<>()));
    String[] parts = booster.evalSet(matrices(), sets.keySet().toArray(String[]::new), round).split("\t");
    for (int i = 1; i < parts.length; i++) {
      int dash = parts[i].indexOf('-');
      int colon = parts[i].lastIndexOf(':');
      measured.get(parts[i].substring(0, dash))
          .put(parts[i].substring(dash + 1, colon), Double.parseDouble(parts[i].substring(colon + 1)));
    }
    if (!classMetrics.isEmpty()) {
      for (Map.Entry<String, LabelledRows> set : sets.entrySet()) {
        addClassMetrics(booster, set.getValue(), measured.get(set.getKey()));
      }
    }
    return measured;
  }

  private void addClassMetrics(Booster booster, LabelledRows rows, Map<String, Double> into) throws XGBoostError {
    float[] labels = rows.labels();
    float[][] margins = booster.predict(rows.matrix(), true);
    float[][] values = booster.predict(rows.matrix());
    int[] classes = new int[labels.length];
    int[] predicted = new int[labels.length];
    float[] numbers = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      classes[i] = Math.max(0, (int) labels[i]);
      predicted[i] = multiclass ? largest(margins[i]) : margins[i][0] > 0 ? 1 : 0;
      numbers[i] = values[i][0];
    }
    for (String name : classMetrics) {
      into.put(name, ClassMetrics.overNumbers(name) ? ClassMetrics.score(name, labels, numbers)
          : ClassMetrics.score(name, classes, predicted));
    }
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** The round's log line; {@code #011} is how the image's log has always shown a tab, and clients search for it. */
  static String line(int round, Map<String, Map<String, Double>> measured) {
    StringBuilder line = new StringBuilder().append('[').append(round).append(']');
    measured.forEach((set, metrics) -> metrics.forEach((name, value) -> line.append("#011").append(set).append('-')
        .append(name).append(':').append(String.format(Locale.ROOT, "%.5f", value))));
    return line.toString();
  }
}
