package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmError;
import dev.atelier.algorithms.AlgorithmLog;
import dev.atelier.algorithms.MlFolder;
import dev.atelier.algorithms.MlFolder.Channel;
import dev.atelier.algorithms.Termination;
import dev.atelier.algorithms.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** One training job: reads the folder's configuration and channels, boosts, writes the model. */
public final class XgboostTraining {
  private static final Set<String> CHANNELS = Set.of("train", "validation", "code");
  /** XGBoost's words for what the caller's data or hyperparameters make impossible. */
  private static final List<String> CALLERS_MISTAKES = List.of("label must be in [0,1] for logistic regression",
      "label must be in [0, num_class)", "label must be", "Label must be", "preds.size() == info.labels",
      "only pos or neg samples", "base_score must be in (0,1)", "label must be nonnegative",
      "should be greater equal to", "Invalid Parameter", "Invalid parameter", "SoftmaxMultiClassObj");

  private final MlFolder folder;
  private final AlgorithmLog log;
  private final Termination termination;

  public XgboostTraining(MlFolder folder, AlgorithmLog log, Termination termination) {
    this.folder = folder;
    this.log = log;
    this.termination = termination;
  }

  /** Trains to the end, or until termination is requested, and leaves the model in the model folder. */
  public void run() {
    log.info("Running XGBoost Sagemaker in algorithm mode");
    XgboostHyperparameters hyperparameters = XgboostHyperparameters.read(folder.hyperparameters());
    hyperparameters.retired().forEach(name ->
        log.warning("The hyperparameter " + name + " has no effect in this version of XGBoost."));
    Map<String, Channel> channels = folder.channels();
    ContentType type = contentType(channels);
    List<String> hosts = folder.hosts();
    if (hosts.size() > 1) {
      throw new UserError("Training XGBoost on several hosts is not supported by this version of the algorithm; "
          + "the job has " + hosts.size() + " hosts. Set InstanceCount to 1.");
    }
    XgboostLibrary.load();
    log.info("Determined 0 GPU(s) available on the instance.");
    ChannelReader reader = new ChannelReader(log);
    LabelledRows train = reader.read(folder.channelFolder("train"), type, hyperparameters.weighted())
        .orElseThrow(() -> new UserError("No data in training channel path " + folder.channelFolder("train")));
    Optional<LabelledRows> validation = Optional.empty();
    if (channels.containsKey("validation")) {
      validation = reader.read(folder.channelFolder("validation"), type, hyperparameters.weighted());
      if (validation.isEmpty()) {
        throw new UserError("No data in validation channel path " + folder.channelFolder("validation"));
      }
    }
    log.info("Single node training.");
    log.info("Train matrix has " + train.rows() + " rows and " + train.columns() + " columns");
    validation.ifPresent(rows -> log.info("Validation matrix has " + rows.rows() + " rows"));
    try {
      boost(hyperparameters, train, new Evaluation(train, validation, hyperparameters), validation.isPresent());
    } catch (XGBoostError e) {
      String message = String.valueOf(e.getMessage());
      if (CALLERS_MISTAKES.stream().anyMatch(message::contains)) {
        throw new UserError(message);
      }
      throw new AlgorithmError("XGB train call failed with exception:\n " + message, e);
    }
  }

  private static ContentType contentType(Map<String, Channel> channels) {
    if (!channels.containsKey("train")) {
      throw new UserError("Missing required channel: train");
    }
    for (Channel channel : channels.values()) {
      if (!CHANNELS.contains(channel.name())) {
        throw new UserError("Extraneous channel found: " + channel.name());
      }
      if (channel.inputMode().equals("Pipe")) {
        throw new UserError("Pipe mode for the channel " + channel.name() + " is no longer supported. "
            + "Please use Fast File mode (default) instead. "
            + "Set input_mode='File' in your SageMaker Estimator or TrainingInput.");
      }
    }
    // The image reads both channels in the training channel's format.
    return ContentType.read(channels.get("train").contentType().orElse(""));
  }

  private void boost(XgboostHyperparameters hyperparameters, LabelledRows train, Evaluation evaluation,
      boolean validated) throws XGBoostError {
    Optional<Checkpoints> checkpoints = folder.checkpoints().map(Checkpoints::new);
    Optional<EarlyStopping> stopping = validated && hyperparameters.earlyStoppingRounds().isPresent()
        ? Optional.of(new EarlyStopping(hyperparameters.earlyStoppingRounds().getAsInt(),
            hyperparameters.decidingMetric()))
        : Optional.empty();
    Start start = start(hyperparameters, train, checkpoints, stopping);
    Booster booster = start.booster();
    int done = start.rounds();
    while (done < hyperparameters.rounds() && !termination.requested()) {
      int round = done;
      booster.update(train.matrix(), round);
      done++;
      Map<String, Map<String, Double>> measured = evaluation.measure(booster, round);
      log.plain(Evaluation.line(round, measured));
      if (stopping.isPresent() && stopping.get().improvedBy(round, measured.get("validation"))) {
        booster.setAttr("best_iteration", Integer.toString(round));
        booster.setAttr("best_score", Double.toString(stopping.get().bestScore()));
      }
      if (checkpoints.isPresent() && (checkpoints.get().due() || done == hyperparameters.rounds())) {
        checkpoints.get().save(round, booster.toByteArray("ubj"));
      }
      if (stopping.isPresent() && stopping.get().exhausted()) {
        log.info("Stopping. Best iteration: " + stopping.get().bestRound());
        break;
      }
    }
    boolean wanted = !termination.requested() || hyperparameters.savesModelOnTermination();
    if (done > 0 && wanted) {
      int best = stopping.map(EarlyStopping::bestRound).filter(round -> round >= 0).orElse(done - 1);
      byte[] model = best + 1 < done ? ModelBytes.firstRounds(booster, best + 1) : booster.toByteArray("ubj");
      MlFolder.writeWhole(folder.model().resolve("xgboost-model"), model);
    }
  }

  /** A model to go on from: how many rounds it has, none when it is new. */
  private record Start(Booster booster, int rounds) {}

  private Start start(XgboostHyperparameters hyperparameters, LabelledRows train, Optional<Checkpoints> checkpoints,
      Optional<EarlyStopping> stopping) throws XGBoostError {
    Optional<Checkpoints.Checkpoint> newest = checkpoints.flatMap(Checkpoints::newest);
    Booster booster;
    if (newest.isPresent()) {
      booster = checkpointed(newest.get());
      booster.setParams(hyperparameters.parameters());
      String best = booster.getAttr("best_iteration");
      if (best != null && stopping.isPresent()) {
        stopping.get().resume(Integer.parseInt(best), Double.parseDouble(booster.getAttr("best_score")));
      }
    } else {
      booster = XGBoost.train(train.matrix(), hyperparameters.parameters(), 0, Map.of(), null, null);
    }
    for (String metric : hyperparameters.metrics()) {
      if (!ClassMetrics.has(metric)) {
        booster.setParam("eval_metric", metric);
      }
    }
    return new Start(booster, newest.map(found -> found.round() + 1).orElse(0));
  }

  private Booster checkpointed(Checkpoints.Checkpoint checkpoint) throws XGBoostError {
    try {
      ModelBytes.Loaded loaded = ModelBytes.load(Files.readAllBytes(checkpoint.file()));
      if (loaded.intercepts().length > 0) {
        throw new UserError("The checkpoint " + checkpoint.file() + " is of a newer release of XGBoost, with a base "
            + "score for each class, from which this version of the algorithm cannot go on.");
      }
      log.info("Checkpoint loaded from " + checkpoint.file());
      log.info("Resuming from iteration " + (checkpoint.round() + 1));
      return loaded.booster();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
