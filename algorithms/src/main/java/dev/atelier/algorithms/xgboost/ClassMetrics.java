package dev.atelier.algorithms.xgboost;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The metrics that the XGBoost image adds to XGBoost's own, over classes (accuracy, F1, precision, recall) and numbers
 * (mean squared error, R²). A class that never occurs scores zero.
 */
final class ClassMetrics {
  private static final Set<String> NAMES = Set.of("accuracy", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "mse",
      "precision", "precision_macro", "precision_micro", "r2", "recall", "recall_macro", "recall_micro");
  private static final Set<String> OVER_NUMBERS = Set.of("mse", "r2");

  private ClassMetrics() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static List<String> among(List<String> names) {
    return names.stream().filter(NAMES::contains).toList();
  }

  static boolean overNumbers(String name) {
    return OVER_NUMBERS.contains(name);
  }

  /** A metric over numbers. */
  static double score(String name, float[] labels, float[] predicted) {
    double mean = IntStream.range(0, labels.length).mapToDouble(i -> labels[i]).average().orElse(0);
    double residual = 0;
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      residual += Math.pow((double) labels[i] - predicted[i], 2);
      total += Math.pow(labels[i] - mean, 2);
    }
    if (name.equals("mse")) {
      return residual / labels.length;
    }
    return total == 0 ? (residual == 0 ? 1 : 0) : 1 - residual / total;
  }

  /** A metric over classes; both arrays hold class numbers. */
  static double score(String name, int[] labels, int[] predicted) {
    int classes = 1 + Math.max(Arrays.stream(labels).max().orElse(0), Arrays.stream(predicted).max().orElse(0));
    int[] hits = new int[classes];
    int[] actual = new int[classes];
    int[] named = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      actual[labels[i]]++;
      named[predicted[i]]++;
      hits[labels[i]] += labels[i] == predicted[i] ? 1 : 0;
    }
    int[] seen = IntStream.range(0, classes).filter(c -> actual[c] + named[c] > 0).toArray();
    return switch (name) {
      case "accuracy", "precision_micro", "recall_micro" -> ratio(Arrays.stream(hits).sum(), labels.length);
      case "balanced_accuracy" -> IntStream.of(seen).filter(c -> actual[c] > 0)
          .mapToDouble(c -> ratio(hits[c], actual[c])).average().orElse(0);
      case "f1", "f1_macro" -> IntStream.of(seen).mapToDouble(c -> ratio(2 * hits[c], actual[c] + named[c])).average()
          .orElse(0);
      case "f1_binary" -> classes < 2 ? 0 : ratio(2 * hits[1], actual[1] + named[1]);
      case "precision", "precision_macro" -> IntStream.of(seen).mapToDouble(c -> ratio(hits[c], named[c])).average()
          .orElse(0);
      case "recall", "recall_macro" -> IntStream.of(seen).mapToDouble(c -> ratio(hits[c], actual[c])).average()
          .orElse(0);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
