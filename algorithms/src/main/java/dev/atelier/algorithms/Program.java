package dev.atelier.algorithms;

import dev.atelier.algorithms.xgboost.XgboostRehearsal;
import dev.atelier.algorithms.xgboost.XgboostServer;
import dev.atelier.algorithms.xgboost.XgboostTraining;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Entry point of the image: {@code ALGORITHM train|serve}. {@code ATELIER_ML_ROOT} stands in for {@code /opt/ml}. */
public final class Program {
  private Program() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    AlgorithmLog log = new AlgorithmLog(out, Clock.systemUTC());
    MlFolder folder = new MlFolder(Path.of(System.getenv().getOrDefault("ATELIER_ML_ROOT", "/opt/ml")));
    switch (String.join(" ", List.of(arguments))) {
      case "xgboost train" -> {
        Termination termination = Termination.bySignal();
        int code = train(folder, log, termination);
        termination.finished(code);
        System.exit(code);
      }
      case "xgboost serve" -> serve(folder, log);
      case "xgboost rehearse" -> XgboostRehearsal.run(log);
      default -> {
        log.error("Unknown command: " + String.join(" ", arguments) + ". Known: xgboost train, xgboost serve");
        System.exit(2);
      }
    }
  }

  private static void serve(MlFolder folder, AlgorithmLog log) throws IOException {
    try {
      XgboostServer server = XgboostServer.start(folder, log, System.getenv());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        server.close();
        Runtime.getRuntime().halt(0);
      }, "termination"));
    } catch (AlgorithmError e) {
      log.error(e.getMessage());
      System.exit(1);
    }
  }

  /** Trains, and tells the platform why when that fails; the process's exit code. */
  public static int train(MlFolder folder, AlgorithmLog log, Termination termination) {
    try {
      new XgboostTraining(folder, log, termination).run();
      return 0;
    } catch (UserError | AlgorithmError e) {
      log.error(e.getMessage());
      folder.writeFailure(e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("framework error: " + e);
      e.printStackTrace();
      folder.writeFailure("framework error: " + e);
    }
    return 1;
  }
}
