package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * The model of an endpoint: the boosters of its folder, averaged when there are several. Predictions may run at the
 * same time.
 */
final class XgboostModel {
  private static final Set<String> VOTING = Set.of("multi:softmax", "binary:hinge");

  private final List<ModelBytes.Loaded> boosters;
  private final ModelBytes.Facts facts;
  private final int features;

  private XgboostModel(List<ModelBytes.Loaded> boosters, ModelBytes.Facts facts, int features) {
    this.boosters = boosters;
    this.facts = facts;
    this.features = features;
  }

  /**
   * Loads every file of the folder, or the first one only.
   *
   * @throws AlgorithmError when there is none, or one is not a model
   */
  static XgboostModel load(Path folder, boolean ensemble) {
    List<ModelBytes.Loaded> boosters = new ArrayList<>();
    try (Stream<Path> all = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      List<Path> files = all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
      if (files.isEmpty()) {
        throw new AlgorithmError("No model file found in " + folder, null);
      }
      for (Path file : ensemble ? files : files.subList(0, 1)) {
        boosters.add(booster(file));
      }
      Booster first = boosters.getFirst().booster();
      ModelBytes.Facts facts = ModelBytes.facts(first);
      if (boosters.stream().anyMatch(each -> each.intercepts().length > 0)) {
        ClassMargins.check(facts.objective());
      }
      return new XgboostModel(List.copyOf(boosters), facts, (int) first.getNumFeature());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (XGBoostError e) {
      throw new AlgorithmError("Unable to load model: " + e.getMessage(), e);
    }
  }

  private static ModelBytes.Loaded booster(Path file) throws IOException {
    try {
      ModelBytes.Loaded loaded = ModelBytes.load(Files.readAllBytes(file));
      // A request has one thread of its own; more would only compete with the other requests.
      loaded.booster().setParam("nthread", 1);
      return loaded;
    } catch (XGBoostError | RuntimeException e) {
      throw new AlgorithmError("Model " + file + " cannot be loaded:\n" + e.getMessage(), e);
    }
  }

  ModelBytes.Facts facts() {
    return facts;
  }

  /** The number of features the model was trained with. */
  int features() {
    return features;
  }

  /** One array per row: a score, or one per class. */
  float[][] predict(Rows rows) {
    if (rows.rows() == 0) {
      return new float[0][];
    }
    if (rows.columns() != features) {
      throw new ScoringError(400, "Unable to evaluate payload provided: Feature size of inference data "
          + rows.columns() + " is not consistent with feature size of trained model " + features + ".");
    }
    try {
      List<float[][]> all = new ArrayList<>(boosters.size());
      for (ModelBytes.Loaded each : boosters) {
        all.add(predict(each, rows));
      }
      return all.size() == 1 ? all.getFirst() : together(all);
    } catch (XGBoostError e) {
      throw new ScoringError(500, "Unable to evaluate payload provided: " + e.getMessage());
    }
  }

  private float[][] predict(ModelBytes.Loaded model, Rows rows) throws XGBoostError {
    boolean margins = model.intercepts().length > 0;
    float[][] predicted;
    if (facts.booster().equals("gblinear")) {
      // Linear models have no prediction in place; this way is not safe from several threads at once.
      synchronized (model.booster()) {
        DMatrix matrix = new DMatrix(rows.values(), rows.rows(), rows.columns(), Float.NaN);
        try {
          predicted = model.booster().predict(matrix, margins);
        } finally {
          matrix.dispose();
        }
      }
    } else {
      predicted = model.booster().inplace_predict(rows.values(), rows.rows(), rows.columns(), Float.NaN,
          new int[] {0, 0}, margins ? Booster.PredictionType.kMargin : Booster.PredictionType.kValue, null);
    }
    return margins ? ClassMargins.predictions(predicted, model.intercepts(), facts.objective()) : predicted;
  }

  private float[][] together(List<float[][]> all) {
    float[][] first = all.getFirst();
    float[][] result = new float[first.length][];
    for (int row = 0; row < first.length; row++) {
      result[row] = new float[first[row].length];
      for (int i = 0; i < first[row].length; i++) {
        result[row][i] = VOTING.contains(facts.objective()) ? vote(all, row, i) : mean(all, row, i);
      }
    }
    return result;
  }

  private static float mean(List<float[][]> all, int row, int i) {
    return (float) all.stream().mapToDouble(each -> each[row][i]).average().orElseThrow();
  }

  /** The most frequent value, the smallest of them when there are several. */
  private static float vote(List<float[][]> all, int row, int i) {
    float best = 0;
    long most = 0;
    for (float[][] candidate : all) {
      float value = candidate[row][i];
      long votes = all.stream().filter(each -> each[row][i] == value).count();
      if (votes > most || (votes == most && value < best)) {
        best = value;
        most = votes;
      }
    }
    return best;
  }
}
