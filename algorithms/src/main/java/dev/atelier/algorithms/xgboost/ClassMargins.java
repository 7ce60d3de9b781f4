package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmError;
import java.util.Set;

/**
 * From margins per class to what an objective answers, for models whose classes start from different scores: the
 * native library here knows one starting score only, so theirs are added outside of it.
 */
final class ClassMargins {
  private static final Set<String> KNOWN =
      Set.of("multi:softprob", "multi:softmax", "reg:squarederror", "reg:absoluteerror");

  private ClassMargins() {}

  /** Refuses an objective that this class cannot finish. */
  static void check(String objective) {
    if (!KNOWN.contains(objective)) {
      throw new AlgorithmError("A model of the objective " + objective
          + " with a base score for each class is not supported by this version of the algorithm.", null);
    }
  }

  static float[][] predictions(float[][] margins, float[] intercepts, String objective) {
    float[][] predictions = new float[margins.length][];
    for (int row = 0; row < margins.length; row++) {
      float[] whole = new float[intercepts.length];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = margins[row][i] + intercepts[i];
      }
      predictions[row] = switch (objective) {
        case "multi:softprob" -> softmax(whole);
        case "multi:softmax" -> new float[] {largest(whole)};
        default -> whole;
      };
    }
    return predictions;
  }

  private static float[] softmax(float[] margins) {
    float top = margins[largest(margins)];
    float[] shares = new float[margins.length];
    double sum = 0;
    for (int i = 0; i < margins.length; i++) {
      shares[i] = (float) Math.exp(margins[i] - top);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= (float) sum;
    }
    return shares;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
