package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmError;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Rows with their labels, as XGBoost holds them.
 *
 * @param columns the number of features, the last ones possibly without a value in any row
 */
record LabelledRows(DMatrix matrix, int rows, int columns) {
  float[] labels() {
    try {
      return matrix.getLabel();
    } catch (XGBoostError e) {
      throw new AlgorithmError(e.getMessage(), e);
    }
  }
}
