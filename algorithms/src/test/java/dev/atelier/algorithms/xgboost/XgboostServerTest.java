package dev.atelier.algorithms.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.algorithms.AlgorithmError;
import dev.atelier.algorithms.TestJob;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class XgboostServerTest {
  @TempDir static Path root;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static TestJob job;
  private static XgboostServer server;

  @BeforeAll
  static void trainAndServe() throws IOException {
    job = new TestJob(root).channels("text/csv", "train")
        .write("input/data/train/a.csv", TestJob.linearRows(400, 1)).hyperparameters(Map.of("num_round", "40"));
    assertThat(job.train()).isZero();
    server = serve(job, Map.of());
  }

  @AfterAll
  static void close() {
    server.close();
    CLIENT.close();
  }

  private static XgboostServer serve(TestJob job, Map<String, String> environment) throws IOException {
    Map<String, String> whole = new HashMap<>(environment);
    whole.put("SAGEMAKER_BIND_TO_PORT", "0");
    return XgboostServer.start(job.folder, job.log, whole);
  }

  private static HttpRequest request(XgboostServer server, String body, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/invocations"))
            .POST(BodyPublishers.ofString(body));
    return (headers.length == 0 ? builder : builder.headers(headers)).build();
  }

  private static HttpResponse<String> invoke(String body, String... headers) throws Exception {
    return CLIENT.send(request(server, body, headers), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void answersTheContract() throws Exception {
    assertThat(get("/ping").statusCode()).isEqualTo(200);
    assertThat(get("/execution-parameters").body()).contains("\"BatchStrategy\": \"MULTI_RECORD\"",
        "\"MaxPayloadInMB\": 6");
    assertThat(get("/other").statusCode()).isEqualTo(404);
  }

  @Test
  void predictsInEachAcceptedType() throws Exception {
    HttpResponse<String> csv = invoke("0.9,0.1,0.5\n0.1,0.9,0.5", "Content-Type", "text/csv");
    assertThat(csv.statusCode()).isEqualTo(200);
    assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv");
    List<String> scores = csv.body().lines().toList();
    assertThat(Double.parseDouble(scores.get(0))).isBetween(2.2, 2.8);
    assertThat(Double.parseDouble(scores.get(1))).isBetween(-1.8, -1.2);
    assertThat(invoke("0.9,0.1,0.5", "Content-Type", "text/csv", "Accept", "application/json;verbose=true").body())
        .isEqualTo("{\"predictions\": [{\"score\": " + scores.get(0) + "}]}");
    assertThat(invoke("0.9,0.1,0.5\n0.1,0.9,0.5", "Content-Type", "text/csv", "Accept", "application/jsonlines").body())
        .isEqualTo("{\"score\": " + scores.get(0) + "}\n{\"score\": " + scores.get(1) + "}\n");
    assertThat(invoke("0:0.9 1:0.1 2:0.5", "Content-Type", "text/x-libsvm").body()).isEqualTo(scores.get(0) + "\n");
  }

  @Test
  void saysWhatIsWrongWithARequest() throws Exception {
    assertThat(invoke("", "Content-Type", "text/csv").statusCode()).isEqualTo(204);
    assertThat(invoke("1,2,3", "Content-Type", "image/png").statusCode()).isEqualTo(415);
    assertThat(invoke("1,2,3", "Content-Type", "application/x-recordio-protobuf").statusCode()).isEqualTo(415);
    assertThat(invoke("a,b,c", "Content-Type", "text/csv").statusCode()).isEqualTo(400);
    assertThat(invoke("1,2\n3", "Content-Type", "text/csv").statusCode()).isEqualTo(400);
    assertThat(invoke("1,2,3,4", "Content-Type", "text/csv").body()).contains("Feature size of inference data 4");
    assertThat(invoke("1,2,3", "Content-Type", "text/csv", "Accept", "image/png").statusCode()).isEqualTo(406);
    assertThat(invoke("1,2,3\n".repeat(1_100_000), "Content-Type", "text/csv").statusCode()).isEqualTo(413);
    assertThat(invoke("1,2,3", "Content-Type", "text/csv").statusCode()).isEqualTo(200);
  }

  @Test
  void requestsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    List<String> bodies = IntStream.range(0, 200).mapToObj(i -> i / 200.0 + ",0.5," + (i % 7) / 7.0).toList();
    Map<String, String> alone = new HashMap<>();
    for (String body : bodies) {
      alone.put(body, invoke(body, "Content-Type", "text/csv").body());
    }
    List<CompletableFuture<HttpResponse<String>>> together = bodies.stream()
        .map(body -> CLIENT.sendAsync(request(server, body, "Content-Type", "text/csv"), BodyHandlers.ofString()))
        .toList();
    for (int i = 0; i < bodies.size(); i++) {
      assertThat(together.get(i).get().body()).isEqualTo(alone.get(bodies.get(i)));
    }
    assertThat(alone.values().stream().distinct().count()).isGreaterThan(50);
  }

  @Test
  void selectsContentAndBatches(@TempDir Path other) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      rows.append(i % 3).append(',').append(i % 3 + i / 1000.0).append('\n');
    }
    TestJob classes = new TestJob(other).channels("text/csv", "train").write("input/data/train/a.csv", rows.toString())
        .hyperparameters(Map.of("num_round", "10", "objective", "multi:softprob", "num_class", "3"));
    assertThat(classes.train()).isZero();
    try (XgboostServer selecting = serve(classes,
        Map.of("SAGEMAKER_INFERENCE_OUTPUT", "predicted_label, labels,predicted_score"))) {
      assertThat(CLIENT.send(request(selecting, "2.1", "Content-Type", "text/csv", "Accept", "application/json"),
          BodyHandlers.ofString()).body())
          .isEqualTo("{\"predictions\": [{\"predicted_label\": 2, \"labels\": [0, 1, 2], \"predicted_score\": NaN}]}");
      assertThat(CLIENT.send(request(selecting, "0.1", "Content-Type", "text/csv"), BodyHandlers.ofString()).body())
          .isEqualTo("0,\"[0, 1, 2]\",nan");
    }
    try (XgboostServer batch = serve(classes, Map.of("SAGEMAKER_BATCH", "true"))) {
      assertThat(CLIENT.send(request(batch, "0.1\n1.1", "Content-Type", "text/csv"), BodyHandlers.ofString()).body())
          .matches("\\[0\\.\\d+, 0\\.\\d+, 0\\.\\d+]\n\\[0\\.\\d+, 0\\.\\d+, 0\\.\\d+]\n");
    }
  }

  @Test
  void averagesSeveralModels(@TempDir Path other) throws Exception {
    TestJob pair = new TestJob(other);
    Files.createDirectories(pair.folder.model());
    byte[] first = Files.readAllBytes(job.folder.model().resolve("xgboost-model"));
    Files.write(pair.folder.model().resolve("a.ubj"), first);
    byte[] second = ModelBytes.firstRounds(ModelBytes.load(first).booster(), 1);
    Files.write(pair.folder.model().resolve("b.ubj"), second);
    Rows row = new Rows(new float[] {0.9f, 0.1f, 0.5f}, 1, 3);
    float both = XgboostModel.load(pair.folder.model(), true).predict(row)[0][0];
    float one = XgboostModel.load(pair.folder.model(), false).predict(row)[0][0];
    Files.delete(pair.folder.model().resolve("a.ubj"));
    float other1 = XgboostModel.load(pair.folder.model(), true).predict(row)[0][0];
    assertThat(other1).isLessThan(one - 0.3f);
    assertThat(both).isEqualTo((float) (((double) one + other1) / 2));
  }

  /** XGBoost from 3.1 on writes the base score as a list; here a model's own is rewritten so. */
  @Test
  void readsModelsOfNewerReleases() throws Exception {
    String json = new String(ModelBytes.load(Files.readAllBytes(job.folder.model().resolve("xgboost-model"))).booster()
        .toByteArray("json"), StandardCharsets.UTF_8);
    String newer = json.replaceFirst("\"base_score\":\"([^\"]+)\"", "\"base_score\":\"[$1]\"");
    assertThat(newer).isNotEqualTo(json);
    assertThat(score(newer)).isEqualTo(score(json));
  }

  /** As Python 2 wrote them: objects of a class by its base, bytes as Latin-1 text with escapes. */
  @Test
  void readsModelsThatPythonPickled() throws Exception {
    byte[] plain = Files.readAllBytes(job.folder.model().resolve("xgboost-model"));
    StringBuilder escaped = new StringBuilder();
    for (byte each : plain) {
      escaped.append(String.format("\\u%04x", each & 0xff));
    }
    String pickle = "ccopy_reg\n_reconstructor\n(cxgboost.core\nBooster\nc__builtin__\nobject\nNtR(dS'best_iteration'\nI5\n"
        + "sS'handle'\nc__builtin__\nbytearray\n(V" + escaped + "\nS'latin-1'\ntRsb.";
    assertThat(score(pickle)).isEqualTo(score(plain));
    assertThatThrownBy(() -> score("ccopy_reg\n_reconstructor\n(cposix\nsystem\nc__builtin__\nobject\nNtR."))
        .isInstanceOf(AlgorithmError.class).hasMessageContaining("pickle");
  }

  private static float score(String model) throws Exception {
    return score(model.getBytes(StandardCharsets.UTF_8));
  }

  private static float score(byte[] model) throws Exception {
    return ModelBytes.load(model).booster()
        .inplace_predict(new float[] {0.9f, 0.1f, 0.5f}, 1, 3, Float.NaN)[0][0];
  }

  /** The list has one number per class then; equal ones change nothing, a large one makes its class win. */
  @Test
  void readsBaseScoresPerClass(@TempDir Path other) throws Exception {
    TestJob classes = new TestJob(other).channels("text/csv", "train").hyperparameters(
        Map.of("num_round", "3", "objective", "multi:softprob", "num_class", "3"));
    classes.write("input/data/train/a.csv", "0,0.0\n1,1.0\n2,2.0\n0,0.1\n1,1.1\n2,2.1\n");
    assertThat(classes.train()).isZero();
    Path file = classes.folder.model().resolve("xgboost-model");
    String json = new String(ModelBytes.load(Files.readAllBytes(file)).booster().toByteArray("json"),
        StandardCharsets.UTF_8);
    Rows rows = new Rows(new float[] {0, 1, 2}, 3, 1);
    float[][] plain = XgboostModel.load(classes.folder.model(), true).predict(rows);
    Files.writeString(file, json.replaceFirst("\"base_score\":\"[^\"]+\"", "\"base_score\":\"[5E-1,5E-1,5E-1]\""));
    float[][] same = XgboostModel.load(classes.folder.model(), true).predict(rows);
    for (int row = 0; row < 3; row++) {
      assertThat(same[row]).containsExactly(plain[row], Offset.offset(1e-6f));
    }
    Files.writeString(file, json.replaceFirst("\"base_score\":\"[^\"]+\"", "\"base_score\":\"[0E0,0E0,2E1]\""));
    float[][] tilted = XgboostModel.load(classes.folder.model(), true).predict(rows);
    assertThat(List.of(tilted)).allSatisfy(row -> assertThat(row[2]).isGreaterThan(0.99f));
  }

  @Test
  void refusesAFolderWithoutAModel(@TempDir Path other) throws IOException {
    TestJob none = new TestJob(other);
    assertThatThrownBy(() -> serve(none, Map.of())).isInstanceOf(AlgorithmError.class)
        .hasMessageContaining("No model file found");
    none.write("model/xgboost-model", "this is not a model");
    assertThatThrownBy(() -> serve(none, Map.of())).isInstanceOf(AlgorithmError.class)
        .hasMessageContaining("cannot be loaded");
  }
}
