package dev.atelier.algorithms.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.algorithms.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XgboostHyperparametersTest {
  private static XgboostHyperparameters with(String... pairs) {
    Map<String, String> values = new LinkedHashMap<>(Map.of("num_round", "10"));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return XgboostHyperparameters.read(values);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "max_depth|-1|Hyperparameter max_depth: -1 is not in [0, +inf)",
      "max_depth|deep|Hyperparameter max_depth: could not parse value (caused by ValueError)",
      "max_depth|1.5|Hyperparameter max_depth: could not parse value (caused by ValueError)",
      "eta|2|Hyperparameter eta: 2.0 is not in [0, 1]",
      "learning_rate|nan|Hyperparameter eta: could not parse value (caused by ValueError)",
      "subsample|0|Hyperparameter subsample: 0.0 is not in (0, 1]",
      "booster|trees|Hyperparameter booster: trees is not in ['gbtree', 'gblinear', 'dart']",
      "depth|3|Extraneous hyperparameter found: depth",
      "objective|multi:softmax|Require input for parameter 'num_class' for multi-classification",
      "eval_metric|auc|Metric 'auc' can only be applied for classification and ranking problems.",
      "eval_metric|error@x|Threshold value 't' in 'error@t' expects float input.",
      "monotone_constraints|(1,0)|monotone_constraints can be used only when the tree_method parameter is set to "
          + "either 'exact' or 'hist'.",
      "monotone_constraints|(1,5)|Hyperparameter monotone_constraints: value (1,5) not in range [-1, 0, 1]",
      "tree_method|gpu_hist|Training XGBoost on GPUs is not supported by this version of the algorithm; "
          + "use tree_method 'hist'.",
      "_kfold|3|Cross validation (_kfold) is not supported by this version of the algorithm."})
  void saysWhatIsWrong(String name, String value, String message) {
    assertThatThrownBy(() -> with(name, value)).isInstanceOf(UserError.class).hasMessage(message);
  }

  @Test
  void namesTheMetricsItKnows() {
    assertThatThrownBy(() -> with("eval_metric", "rmse,foo")).isInstanceOf(UserError.class)
        .hasMessageStartingWith("Hyperparameter eval_metric: value ['rmse', 'foo'] not in range ['accuracy', 'auc'");
  }

  @Test
  void needsTheNumberOfRounds() {
    assertThatThrownBy(() -> XgboostHyperparameters.read(Map.of("eta", "0.1"))).isInstanceOf(UserError.class)
        .hasMessage("Missing required hyperparameter: num_round");
  }

  @Test
  void tellsXgboostOnlyWhatIsItsOwn() {
    XgboostHyperparameters read = with("reg_lambda", "2", "objective", "reg:linear", "csv_weights", "1",
        "predictor", "auto", "eval_metric", "mae,rmse");
    assertThat(read.parameters()).isEqualTo(Map.of("lambda", "2.0", "objective", "reg:squarederror"));
    assertThat(read.retired()).containsExactly("predictor");
    assertThat(read.weighted()).isTrue();
    assertThat(read.decidingMetric()).contains("rmse");
  }

  @Test
  void aTuningJobsMetricDecidesAndIsMeasured() {
    XgboostHyperparameters read = with("_tuning_objective_metric", "validation:accuracy", "objective",
        "binary:logistic", "eval_metric", "logloss,error");
    assertThat(read.metrics()).containsExactly("accuracy", "error", "logloss");
    assertThat(read.decidingMetric()).contains("accuracy");
  }
}
