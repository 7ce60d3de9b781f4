package dev.atelier.algorithms.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.algorithms.Program;
import dev.atelier.algorithms.Termination;
import dev.atelier.algorithms.TestJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class XgboostTrainingTest {
  @TempDir Path root;
  private TestJob job;

  @BeforeEach
  void job() {
    job = new TestJob(root).channels("text/csv;label_size=1", "train", "validation")
        .write("input/data/train/a.csv", TestJob.linearRows(300, 1))
        .write("input/data/train/deep/er/b.csv", TestJob.linearRows(100, 2))
        .write("input/data/validation/rows.csv", TestJob.linearRows(200, 3));
  }

  private static double value(String line, String metric) {
    String after = line.substring(line.indexOf("#011" + metric + ":") + metric.length() + 5);
    return Double.parseDouble(after.split("#011")[0]);
  }

  private XgboostModel model() {
    return XgboostModel.load(job.folder.model(), true);
  }

  private static Rows someRows() {
    return new Rows(new float[] {0.9f, 0.1f, 0.5f, 0.1f, 0.9f, 0.5f}, 2, 3);
  }

  @Test
  void learnsAndLogsAsTheImageDoes() {
    assertThat(job.hyperparameters(Map.of("num_round", "60", "seed", "3")).train()).isZero();
    assertThat(job.lines()).contains("[2026-11-21:04:44:00:INFO] Determined delimiter of CSV input is ','",
        "[2026-11-21:04:44:00:INFO] Single node training.",
        "[2026-11-21:04:44:00:INFO] Train matrix has 400 rows and 3 columns",
        "[2026-11-21:04:44:00:INFO] Validation matrix has 200 rows");
    List<String> rounds = job.rounds();
    assertThat(rounds).hasSize(60);
    assertThat(rounds.getFirst()).matches("\\[0]#011train-rmse:\\d\\.\\d{5}#011validation-rmse:\\d\\.\\d{5}");
    assertThat(value(rounds.getFirst(), "validation-rmse")).isGreaterThan(0.6);
    assertThat(value(rounds.getLast(), "validation-rmse")).isLessThan(0.2);
    float[][] predicted = model().predict(someRows());
    assertThat(predicted[0][0]).isBetween(2.2f, 2.8f);
    assertThat(predicted[1][0]).isBetween(-1.8f, -1.2f);
  }

  @Test
  void earlyStoppingKeepsTheBestRoundsOnly() throws Exception {
    assertThat(job.hyperparameters(Map.of("num_round", "2000", "eta", "0.5", "max_depth", "8",
        "eval_metric", "mae,rmse", "early_stopping_rounds", "5")).train()).isZero();
    List<Double> scores = job.rounds().stream().map(line -> value(line, "validation-rmse")).toList();
    assertThat(scores).hasSizeLessThan(2000);
    int best = scores.size() - 6;
    ModelBytes.Loaded loaded = ModelBytes.load(Files.readAllBytes(job.folder.model().resolve("xgboost-model")));
    assertThat(loaded.booster().getNumBoostedRound()).isEqualTo(best + 1);
    assertThat(loaded.booster().getAttr("best_iteration")).isEqualTo(Integer.toString(best));
    assertThat(scores.get(best)).isEqualTo(scores.stream().mapToDouble(each -> each).min().orElseThrow());
    float[][] kept = model().predict(someRows());
    TestJob shorter = new TestJob(root.resolve("again")).channels("text/csv", "train")
        .write("input/data/train/a.csv", TestJob.linearRows(300, 1))
        .write("input/data/train/deep/er/b.csv", TestJob.linearRows(100, 2))
        .hyperparameters(Map.of("num_round", Integer.toString(best + 1), "eta", "0.5", "max_depth", "8"));
    assertThat(shorter.train()).isZero();
    assertThat(kept).isDeepEqualTo(XgboostModel.load(shorter.folder.model(), true).predict(someRows()));
  }

  @Test
  void earlyStoppingCutsDartToo() throws Exception {
    assertThat(job.hyperparameters(Map.of("num_round", "300", "booster", "dart", "rate_drop", "0.1", "eta", "0.8",
        "early_stopping_rounds", "3")).train()).isZero();
    int rounds = job.rounds().size();
    assertThat(rounds).isLessThan(300);
    assertThat(ModelBytes.load(Files.readAllBytes(job.folder.model().resolve("xgboost-model"))).booster()
        .getNumBoostedRound()).isEqualTo(rounds - 3);
    assertThat(model().predict(someRows())).hasDimensions(2, 1);
  }

  @Test
  void resumesFromTheNewestCheckpoint() throws Exception {
    job.hyperparameters(Map.of("num_round", "12", "seed", "5"));
    assertThat(job.train()).isZero();
    float[][] whole = model().predict(someRows());
    Files.createDirectories(root.resolve("checkpoints"));
    assertThat(job.hyperparameters(Map.of("num_round", "8", "seed", "5")).train()).isZero();
    assertThat(root.resolve("checkpoints")).isDirectoryContaining("glob:**/xgboost-checkpoint.7")
        .isDirectoryNotContaining("glob:**/xgboost-checkpoint.2");
    TestJob resumed = new TestJob(root).hyperparameters(Map.of("num_round", "12", "seed", "5"));
    assertThat(resumed.train()).isZero();
    assertThat(resumed.lines()).contains("[2026-11-21:04:44:00:INFO] Resuming from iteration 8");
    assertThat(resumed.rounds()).hasSize(4).first().asString().startsWith("[8]#011train-rmse:");
    float[][] continued = model().predict(someRows());
    IntStream.range(0, 2).forEach(row -> assertThat(continued[row][0]).isCloseTo(whole[row][0],
        Offset.offset(1e-4f)));
  }

  @Test
  void measuresTheImagesOwnMetrics() {
    StringBuilder rows = new StringBuilder();
    TestJob.linearRows(200, 4).lines().forEach(line -> {
      double y = Double.parseDouble(line.split(",")[0]);
      rows.append(y > 1 ? 2 : y > 0 ? 1 : 0).append(line.substring(line.indexOf(','))).append('\n');
    });
    job.write("input/data/train/a.csv", rows.toString()).write("input/data/train/deep/er/b.csv", rows.toString())
        .write("input/data/validation/rows.csv", rows.toString());
    assertThat(job.hyperparameters(Map.of("num_round", "20", "objective", "multi:softprob", "num_class", "3",
        "eval_metric", "merror,accuracy,f1_macro")).train()).isZero();
    String last = job.rounds().getLast();
    assertThat(last).contains("#011train-merror:").contains("#011validation-f1_macro:");
    assertThat(value(last, "train-accuracy")).isCloseTo(1 - value(last, "train-merror"),
        Offset.offset(1e-4)).isGreaterThan(0.95);
    assertThat(model().predict(someRows())[0]).hasSize(3);
  }

  @Test
  void readsLibsvmByDefault() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      rows.append(i % 2).append(" 0:").append(i % 2 + i / 1000.0).append(i % 3 == 0 ? "\n" : " 7:1\n");
    }
    TestJob sparse = new TestJob(root.resolve("sparse")).channels("", "train").write("input/data/train/x", rows + "")
        .hyperparameters(Map.of("num_round", "5", "objective", "binary:logistic"));
    assertThat(sparse.train()).isZero();
    assertThat(sparse.lines()).contains("[2026-11-21:04:44:00:INFO] Train matrix has 100 rows and 8 columns");
    assertThat(value(sparse.rounds().getLast(), "train-logloss")).isLessThan(0.4);
  }

  @Test
  void weightsMatter() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      rows.append(i % 2).append(i % 2 == 1 ? ",9" : ",1").append(",0.5\n");
    }
    TestJob weighted = new TestJob(root.resolve("w")).channels("csv", "train").write("input/data/train/x", rows + "")
        .hyperparameters(Map.of("num_round", "50", "csv_weights", "1"));
    assertThat(weighted.train()).isZero();
    assertThat(XgboostModel.load(weighted.folder.model(), true).predict(new Rows(new float[] {0.5f}, 1, 1))[0][0])
        .isBetween(0.88f, 0.92f);
  }

  @Test
  void aRequestedEndKeepsTheModel() {
    Termination termination = new Termination();
    job.hyperparameters(Map.of("num_round", "1000000"));
    Thread trainer = Thread.ofPlatform().start(() -> Program.train(job.folder, job.log, termination));
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (job.rounds().size() < 3 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    termination.request();
    assertThat(job.rounds()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(join(trainer)).isTrue();
    assertThat(model().predict(someRows())).hasDimensions(2, 1);
  }

  private static boolean join(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void failuresNameTheCause() throws IOException {
    assertThat(job.hyperparameters(Map.of("num_round", "0")).train()).isEqualTo(1);
    assertThat(job.failure()).isEqualTo("Hyperparameter num_round: 0 is not in [1, +inf)");
    job.hyperparameters(Map.of("num_round", "2"));
    job.write("input/data/train/c.csv", "1,2,3,4\nlabel,a,b,c\n").train();
    assertThat(job.failure()).isEqualTo("Failed to load csv data with exception:\nfile c.csv, line 2: "
        + "'label' is not a number");
    job.write("input/data/train/c.csv", "1,2,3\n").train();
    assertThat(job.failure()).contains("line 1: the row has 3 columns where the first has 4");
    job.write("input/data/train/c.csv", "plain\n").write("input/data/train/0.csv", "words\n").train();
    assertThat(job.failure()).startsWith("Could not determine delimiter on line words");
    job.channels("application/x-parquet", "train").train();
    assertThat(job.failure()).startsWith("The ContentType application/x-parquet is not supported");
    job.channels("text/csv", "validation").train();
    assertThat(job.failure()).isEqualTo("Missing required channel: train");
    job.channels("text/csv", "train", "test").train();
    assertThat(job.failure()).isEqualTo("Extraneous channel found: test");
    job.channels("text/csv", "train").write("input/data/train/.hidden", "x").train();
    assertThat(job.failure()).isEqualTo("Hidden file found in the data path! Remove that before training.");
    job.write("input/config/resourceconfig.json", "{\"hosts\": [\"algo-1\", \"algo-2\"]}").train();
    assertThat(job.failure()).startsWith("Training XGBoost on several hosts is not supported");
    assertThat(root.resolve("model")).doesNotExist();
  }

  @Test
  void xgboostsOwnComplaintsReachTheCaller() throws IOException {
    assertThat(job.hyperparameters(Map.of("num_round", "2", "objective", "binary:logistic")).train()).isEqualTo(1);
    assertThat(job.failure()).contains("label must be in [0,1] for logistic regression");
  }

  @Test
  void anEmptyChannelIsNamed() throws IOException {
    TestJob empty = new TestJob(root.resolve("e")).channels("text/csv", "train")
        .hyperparameters(Map.of("num_round", "2"));
    assertThat(empty.train()).isEqualTo(1);
    assertThat(empty.failure()).startsWith("No data in training channel path ");
  }
}
