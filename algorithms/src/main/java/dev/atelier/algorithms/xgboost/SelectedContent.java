package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.PythonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The contents that {@code SAGEMAKER_INFERENCE_OUTPUT} selects for each prediction. A content that the model's
 * objective does not have is answered with {@code NaN}, as the image does.
 */
record SelectedContent(List<String> keys, String objective, int classes) {
  private static final List<String> CLASSES = List.of("predicted_label", "labels", "raw_score", "raw_scores");
  private static final List<String> PROBABILITIES =
      List.of("predicted_label", "labels", "probability", "probabilities", "raw_score", "raw_scores");

  static SelectedContent of(String selection, ModelBytes.Facts facts) {
    return new SelectedContent(Arrays.asList(selection.replace(" ", "").toLowerCase(Locale.ROOT).split(",")),
        facts.objective(), facts.classes());
  }

  private List<String> available() {
    return switch (objective) {
      case "reg:squarederror", "reg:logistic", "reg:gamma", "reg:absoluteerror", "reg:tweedie" ->
          List.of("predicted_score");
      case "binary:logistic", "multi:softprob" -> PROBABILITIES;
      case "binary:logitraw", "binary:hinge", "multi:softmax" -> CLASSES;
      default -> throw new ScoringError(500,
          "Objective `" + objective + "` unsupported for selectable inference predictions.");
    };
  }

  /** Content by key in JSON text, for each row; keys the image puts in its own order, then the unavailable ones. */
  List<Map<String, String>> of(float[][] predictions) {
    List<String> available = available();
    List<Map<String, String>> rows = new ArrayList<>(predictions.length);
    for (float[] prediction : predictions) {
      Map<String, String> row = new LinkedHashMap<>();
      available.stream().filter(keys::contains).forEach(key -> row.put(key, content(key, prediction)));
      keys.stream().filter(key -> !available.contains(key)).forEach(key -> row.put(key, "NaN"));
      rows.add(row);
    }
    return rows;
  }

  private String content(String key, float[] prediction) {
    boolean softprob = objective.equals("multi:softprob");
    return switch (key) {
      case "predicted_label" -> switch (objective) {
        case "binary:logistic" -> prediction[0] > 0.5f ? "1" : "0";
        case "binary:logitraw" -> prediction[0] > 0 ? "1" : "0";
        case "multi:softprob" -> Integer.toString(largest(prediction));
        default -> PythonText.number(prediction[0]);
      };
      case "labels" -> IntStream.range(0, objective.startsWith("multi:") ? classes : 2).boxed().toList().toString();
      case "probability", "raw_score", "predicted_score" ->
          PythonText.number(softprob ? prediction[largest(prediction)] : prediction[0]);
      default -> softprob ? ScoreText.list(prediction)
          : "[" + PythonText.number(1.0 - prediction[0]) + ", " + PythonText.number(prediction[0]) + "]";
    };
  }

  private static int largest(float[] values) {
    return IntStream.range(0, values.length).reduce((best, i) -> values[i] > values[best] ? i : best).orElse(0);
  }

  /** The body in the accepted type. */
  String body(float[][] predictions, String accept, boolean batch) {
    List<Map<String, String>> rows = of(predictions);
    return switch (accept) {
      case "application/json" -> rows.stream().map(SelectedContent::object)
          .collect(Collectors.joining(", ", "{\"predictions\": [", "]}"));
      case "application/jsonlines" -> rows.stream().map(row -> object(row) + "\n").collect(Collectors.joining());
      default -> rows.stream()
          .map(row -> keys.stream().map(key -> cell(row.get(key))).collect(Collectors.joining(",")))
          .collect(Collectors.joining("\n", "", batch ? "\n" : ""));
    };
  }

  private static String cell(String value) {
    return value.startsWith("[") ? "\"" + value + "\"" : value.equals("NaN") ? "nan" : value;
  }

  private static String object(Map<String, String> row) {
    return row.entrySet().stream().map(entry -> "\"" + escaped(entry.getKey()) + "\": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String escaped(String key) {
    return key.replaceAll("[^a-z0-9_-]", "?");
  }
}
