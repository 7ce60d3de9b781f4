package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.PythonText;

/** Predictions as text in the content types that a client may accept. */
final class ScoreText {
  private ScoreText() {}

  /**
   * The body in the accepted type. CSV has a row per prediction; in batch transform a row of several scores is a list,
   * as the image writes it.
   */
  static String body(float[][] predictions, String accept, boolean batch) {
    StringBuilder body = new StringBuilder(predictions.length * 24 + 24);
    boolean json = accept.equals("application/json") && !batch;
    boolean lines = accept.equals("application/jsonlines") && !batch;
    body.append(json ? "{\"predictions\": [" : "");
    for (int row = 0; row < predictions.length; row++) {
      float[] prediction = predictions[row];
      if (json || lines) {
        body.append(json && row > 0 ? ", " : "").append("{\"score\": ")
            .append(prediction.length == 1 ? json(prediction[0]) : list(prediction)).append(lines ? "}\n" : "}");
      } else if (batch && prediction.length > 1) {
        body.append(list(prediction)).append('\n');
      } else {
        for (int i = 0; i < prediction.length; i++) {
          body.append(i > 0 ? "," : "").append(PythonText.number(prediction[i]));
        }
        body.append('\n');
      }
    }
    return body.append(json ? "]}" : "").toString();
  }

  private static String json(float value) {
    return Float.isNaN(value) ? "NaN" : PythonText.number(value);
  }

  /** {@code [0.1, 0.9]}. */
  static String list(float[] values) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < values.length; i++) {
      text.append(i > 0 ? ", " : "").append(json(values[i]));
    }
    return text.append(']').toString();
  }
}
