package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.UserError;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The names of evaluation metrics: which exist, which are better when higher, which take a threshold. */
final class Metric {
  private static final List<String> MAXIMISED = List.of("accuracy", "auc", "aucpr", "balanced_accuracy", "f1",
      "f1_binary", "f1_macro", "map", "ndcg", "precision", "r2", "recall", "precision_macro", "precision_micro",
      "recall_macro", "recall_micro");
  private static final List<String> MINIMISED = List.of("aft-nloglik", "cox-nloglik", "error", "gamma-deviance",
      "gamma-nloglik", "interval-regression-accuracy", "logloss", "mae", "mape", "merror", "mlogloss", "mphe", "mse",
      "poisson-nloglik", "rmse", "rmsle", "tweedie-nloglik");
  static final List<String> NAMES = Stream.concat(MAXIMISED.stream(), MINIMISED.stream()).toList();
  private static final Set<String> WITH_THRESHOLD = Set.of("error", "ndcg", "map");

  private Metric() {}

  static boolean higherIsBetter(String name) {
    return MAXIMISED.contains(name.replaceFirst("@.*", "").replaceFirst("-$", ""));
  }

  static boolean accepted(String name) {
    if (name.contains("<function")) {
      throw new UserError("User defined evaluation metric " + name + " is not supported yet.");
    }
    int at = name.indexOf('@');
    if (at < 0) {
      return NAMES.contains(name);
    }
    String base = name.substring(0, at).strip();
    if (!WITH_THRESHOLD.contains(base)) {
      throw new UserError("Metric '" + name + "' is not supported. Parameter 'eval_metric' with customized threshold "
          + "should be one of these options: 'error', 'ndcg', 'map'.");
    }
    try {
      Double.parseDouble(name.substring(at + 1).strip().replaceFirst("-$", ""));
    } catch (NumberFormatException notANumber) {
      throw new UserError("Threshold value 't' in '" + base + "@t' expects float input.");
    }
    return true;
  }
}
