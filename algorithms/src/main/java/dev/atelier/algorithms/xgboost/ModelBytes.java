package dev.atelier.algorithms.xgboost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.algorithms.AlgorithmError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Models as bytes: reading those of newer releases of XGBoost, and cutting one down to its first rounds. */
final class ModelBytes {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] BASE_SCORE = "base_score".getBytes(StandardCharsets.US_ASCII);

  /**
   * A model that was read.
   *
   * @param intercepts a margin per class to add to the model's margins; empty when the model is whole by itself
   */
  record Loaded(Booster booster, float[] intercepts) {}

  /** The document's facts that predictions depend on. */
  record Facts(String objective, int classes, String booster) {}

  private ModelBytes() {}

  /**
   * Reads a model in UBJSON, JSON or the binary format of old, also where Python pickled it. Releases from 3.1 write
   * the base score as a list, which the native library here would take for its default without a word: one number is
   * rewritten in the place of the list, several (one per class) are handed out.
   */
  static Loaded load(byte[] stored) throws XGBoostError {
    XgboostLibrary.load();
    byte[] model = PickledModel.unwrap(stored).orElse(stored);
    byte[] readable = model;
    float[] intercepts = {};
    int at = indexOf(model, BASE_SCORE);
    if (at >= 0) {
      int valueAt = at + BASE_SCORE.length;
      boolean binary = valueAt + 10 < model.length && model[valueAt] == 'S' && model[valueAt + 1] == 'L';
      int textAt = binary ? valueAt + 10 : valueAt + 3;
      if (textAt < model.length && model[textAt] == '[') {
        int end = textAt;
        while (end < model.length && model[end] != ']') {
          end++;
        }
        String[] scores = new String(model, textAt + 1, end - textAt - 1, StandardCharsets.US_ASCII).split(",");
        intercepts = scores.length > 1 ? floats(scores) : intercepts;
        readable = replaced(model, binary ? textAt - 8 : textAt, end + 1, scalar(scores, binary));
      }
    }
    try {
      return new Loaded(XGBoost.loadModel(readable), intercepts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] scalar(String[] scores, boolean binary) {
    byte[] text = (scores.length == 1 ? scores[0].strip() : "0E0").getBytes(StandardCharsets.US_ASCII);
    return binary ? ByteBuffer.allocate(8 + text.length).putLong(text.length).put(text).array() : text;
  }

  private static float[] floats(String[] texts) {
    float[] values = new float[texts.length];
    for (int i = 0; i < texts.length; i++) {
      values[i] = Float.parseFloat(texts[i].strip());
    }
    return values;
  }

  private static byte[] replaced(byte[] model, int from, int to, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
    out.write(model, 0, from);
    out.writeBytes(by);
    out.write(model, to, model.length - to);
    return out.toByteArray();
  }

  /** The last place, since the model's own parameters follow its trees and the caller's attributes. */
  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = bytes.length - wanted.length; at >= 0; at--) {
      int matched = 0;
      while (matched < wanted.length && bytes[at + matched] == wanted[matched]) {
        matched++;
      }
      if (matched == wanted.length) {
        return at;
      }
    }
    return -1;
  }

  static Facts facts(Booster booster) throws XGBoostError {
    JsonNode learner = document(booster).path("learner");
    return new Facts(learner.at("/objective/name").asText(),
        Integer.parseInt(learner.at("/learner_model_param/num_class").asText("0")),
        learner.at("/gradient_booster/name").asText());
  }

  /** The model as it was after its first {@code rounds} rounds. */
  static byte[] firstRounds(Booster booster, int rounds) throws XGBoostError {
    JsonNode document = document(booster);
    JsonNode gradientBooster = document.at("/learner/gradient_booster");
    String name = gradientBooster.path("name").asText();
    if (name.equals("gblinear")) {
      return booster.toByteArray("ubj");
    }
    ObjectNode trees = (ObjectNode) (name.equals("dart") ? gradientBooster.at("/gbtree/model")
        : gradientBooster.path("model"));
    ArrayNode starts = (ArrayNode) trees.path("iteration_indptr");
    int kept = starts.get(rounds).asInt();
    List<ArrayNode> perTree = new ArrayList<>(List.of((ArrayNode) trees.path("trees"),
        (ArrayNode) trees.path("tree_info")));
    if (name.equals("dart")) {
      perTree.add((ArrayNode) gradientBooster.path("weight_drop"));
    }
    perTree.forEach(list -> shorten(list, kept));
    shorten(starts, rounds + 1);
    ((ObjectNode) trees.path("gbtree_model_param")).put("num_trees", Integer.toString(kept));
    try {
      return load(JSON.writeValueAsBytes(document)).booster().toByteArray("ubj");
    } catch (JsonProcessingException e) {
      throw new AlgorithmError("The model could not be written", e);
    }
  }

  private static void shorten(ArrayNode list, int size) {
    while (list.size() > size) {
      list.remove(list.size() - 1);
    }
  }

  private static JsonNode document(Booster booster) throws XGBoostError {
    try {
      return JSON.readTree(booster.toByteArray("json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
