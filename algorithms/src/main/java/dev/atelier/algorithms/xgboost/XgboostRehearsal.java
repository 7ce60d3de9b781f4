package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmLog;
import dev.atelier.algorithms.MlFolder;
import dev.atelier.algorithms.Termination;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One small job and a few predictions, during which the JVM learns which classes its start cache should hold. */
public final class XgboostRehearsal {
  private XgboostRehearsal() {}

  /** Trains, serves, asks, and fails when an answer is not a prediction. */
  public static void run(AlgorithmLog log) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory("rehearsal");
    try {
      MlFolder folder = new MlFolder(root);
      Files.createDirectories(root.resolve("input/config"));
      Files.writeString(root.resolve("input/config/hyperparameters.json"), """
          {"num_round": "5", "objective": "binary:logistic", "eval_metric": "logloss,auc,accuracy",
           "early_stopping_rounds": "2", "eta": "0.3"}""");
      Files.writeString(root.resolve("input/config/inputdataconfig.json"), """
          {"train": {"ContentType": "text/csv", "TrainingInputMode": "File"},
           "validation": {"ContentType": "text/csv", "TrainingInputMode": "File"}}""");
      for (String channel : List.of("train", "validation")) {
        Files.createDirectories(folder.channelFolder(channel));
        Files.writeString(folder.channelFolder(channel).resolve("rows.csv"), rows());
      }
      new XgboostTraining(folder, log, new Termination()).run();
      try (XgboostServer server = XgboostServer.start(folder, log, Map.of("SAGEMAKER_BIND_TO_PORT", "0"));
          HttpClient client = HttpClient.newHttpClient()) {
        for (String accept : List.of("text/csv", "application/json")) {
          HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/invocations"))
              .header("Content-Type", "text/csv").header("Accept", accept)
              .POST(HttpRequest.BodyPublishers.ofString("0.5,0.25,1e-3,7")).build();
          int status = client.send(request, BodyHandlers.ofString()).statusCode();
          if (status != 200) {
            throw new IllegalStateException("The rehearsal's request was answered with " + status);
          }
        }
      }
    } finally {
      try (Stream<Path> all = Files.walk(root)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
      }
    }
  }

  private static String rows() {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 200; row++) {
      double x = random.nextDouble();
      text.append(x > 0.5 ? 1 : 0).append(',').append(x).append(',').append(random.nextDouble()).append(",,")
          .append(random.nextInt(9)).append('\n');
    }
    return text.toString();
  }
}
