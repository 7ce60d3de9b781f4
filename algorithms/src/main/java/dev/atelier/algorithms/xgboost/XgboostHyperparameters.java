package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.Hyperparameter;
import dev.atelier.algorithms.Hyperparameter.Choice;
import dev.atelier.algorithms.Hyperparameter.Lists;
import dev.atelier.algorithms.Hyperparameter.Real;
import dev.atelier.algorithms.Hyperparameter.Tuple;
import dev.atelier.algorithms.Hyperparameter.Whole;
import dev.atelier.algorithms.Hyperparameter.Words;
import dev.atelier.algorithms.Interval;
import dev.atelier.algorithms.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hyperparameters of a training job, checked with the rules and the words of the XGBoost image. */
final class XgboostHyperparameters {
  private static final Map<String, String> ALIASES = Map.of(
      "learning_rate", "eta", "min_split_loss", "gamma", "reg_lambda", "lambda", "reg_alpha", "alpha");
  private static final Set<String> CLASSIFIERS = Set.of("multi:softmax", "multi:softprob");
  private static final List<String> UPDATERS = List.of("grow_colmaker", "distcol", "grow_histmaker", "grow_skmaker",
      "sync", "refresh", "prune", "grow_quantile_histmaker", "shotgun", "coord_descent");
  /** For this program; XGBoost is not told. */
  private static final Set<String> OWN = Set.of("num_round", "csv_weights", "early_stopping_rounds", "eval_metric",
      "_tuning_objective_metric", "save_model_on_termination", "use_dask_gpu_training");
  /** Accepted for the sake of older jobs; XGBoost no longer has them. */
  private static final Set<String> RETIRED = Set.of("sketch_eps", "predictor", "dsplit", "deterministic_histogram",
      "lambda_bias", "prob_buffer_row");
  private static final Map<String, Hyperparameter> TABLE = Stream.of(
          wholes("[1, +inf)", "num_round", "early_stopping_rounds", "nthread", "num_parallel_tree"),
          wholes("[0, +inf)", "max_depth", "max_leaves", "max_bin"),
          wholes("[0, 1]", "csv_weights", "refresh_leaf", "one_drop"),
          wholes("[0, 3]", "verbosity"), wholes("[2, +inf)", "num_class", "_kfold"),
          wholes("[1, +inf)", "_num_cv_round"), wholes("(-2147483648, 2147483647)", "seed"),
          wholes("(1.0, +inf)", "prob_buffer_row"),
          reals("[0, 1]", "eta", "rate_drop", "skip_drop", "lambda_bias"),
          reals("(0, 1]", "subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode"),
          reals("[0, +inf)", "gamma", "min_child_weight", "max_delta_step", "lambda", "alpha", "base_score",
              "aft_loss_distribution_scale"),
          reals("(0, 1)", "sketch_eps"), reals("(0, +inf)", "scale_pos_weight"),
          reals("(1, 2)", "tweedie_variance_power"),
          Stream.of(
              choice("booster", "gbtree", "gblinear", "dart"),
              choice("tree_method", "auto", "exact", "approx", "hist", "gpu_hist"),
              choice("dsplit", "row", "col"), choice("process_type", "default", "update"),
              choice("grow_policy", "depthwise", "lossguide"),
              choice("predictor", "auto", "cpu_predictor", "gpu_predictor"),
              choice("sample_type", "uniform", "weighted"), choice("normalize_type", "tree", "forest"),
              choice("objective", "aft_loss_distribution", "binary:logistic", "binary:logitraw", "binary:hinge",
                  "count:poisson", "multi:softmax", "multi:softprob", "rank:pairwise", "rank:ndcg", "rank:map",
                  "reg:linear", "reg:squarederror", "reg:logistic", "reg:gamma", "reg:pseudohubererror",
                  "reg:squaredlogerror", "reg:absoluteerror", "reg:tweedie", "survival:aft", "survival:cox"),
              choice("aft_loss_distribution", "normal", "logistic", "extreme"),
              choice("save_model_on_termination", "true", "false"),
              choice("deterministic_histogram", "true", "false"), choice("use_dask_gpu_training", "true", "false"),
              choice("sampling_method", "uniform", "gradient_based"),
              new Choice("_tuning_objective_metric", Metric.NAMES.stream().map(name -> "validation:" + name).toList()),
              new Words("updater", UPDATERS, UPDATERS::contains),
              new Words("eval_metric", Metric.NAMES, Metric::accepted),
              new Tuple("monotone_constraints", List.of(-1, 0, 1)),
              new Lists("interaction_constraints", Interval.of("[1, +inf)"))))
      .flatMap(Function.identity())
      .collect(Collectors.toUnmodifiableMap(Hyperparameter::name, Function.identity()));

  private final Map<String, String> values;

  private XgboostHyperparameters(Map<String, String> values) {
    this.values = values;
  }

  private static Stream<Hyperparameter> wholes(String range, String... names) {
    return Arrays.stream(names).map(name -> new Whole(name, Interval.of(range)));
  }

  private static Stream<Hyperparameter> reals(String range, String... names) {
    return Arrays.stream(names).map(name -> new Real(name, Interval.of(range)));
  }

  private static Hyperparameter choice(String name, String... words) {
    return new Choice(name, List.of(words));
  }

  /** Reads what a job was given, or says what is wrong with it as a {@link UserError}. */
  static XgboostHyperparameters read(Map<String, String> given) {
    Map<String, String> named = new LinkedHashMap<>();
    given.forEach((name, text) -> named.put(ALIASES.getOrDefault(name, name), text));
    if (!named.containsKey("num_round")) {
      throw new UserError("Missing required hyperparameter: num_round");
    }
    named.keySet().stream().filter(name -> !TABLE.containsKey(name)).findFirst().ifPresent(name -> {
      throw new UserError("Extraneous hyperparameter found: " + name);
    });
    named.replaceAll((name, text) -> TABLE.get(name).read(text));
    XgboostHyperparameters read = new XgboostHyperparameters(named);
    read.checkTogether();
    return read;
  }

  private void checkTogether() {
    if (CLASSIFIERS.contains(objective()) && !values.containsKey("num_class")) {
      throw new UserError("Require input for parameter 'num_class' for multi-classification");
    }
    List<String> metrics = evalMetrics();
    if (metrics.contains("auc") && !objective().startsWith("binary:") && !objective().startsWith("rank:")) {
      throw new UserError("Metric 'auc' can only be applied for classification and ranking problems.");
    }
    if (metrics.contains("aft-nloglik") && !objective().equals("survival:aft")) {
      throw new UserError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.");
    }
    String method = values.getOrDefault("tree_method", "");
    if (values.containsKey("monotone_constraints") && !Set.of("exact", "hist").contains(method)) {
      throw new UserError("monotone_constraints can be used only when the tree_method parameter is set to "
          + "either 'exact' or 'hist'.");
    }
    if (values.containsKey("interaction_constraints") && !Set.of("exact", "hist", "approx").contains(method)) {
      throw new UserError("interaction_constraints can be used only when the tree_method parameter is set to "
          + "either 'exact', 'hist' or 'approx'.");
    }
    find("updater").ifPresent(text -> checkUpdaters(List.of(text.split(","))));
    checkBuilt(method);
  }

  private void checkUpdaters(List<String> updaters) {
    Set<String> linear = Set.of("shotgun", "coord_descent");
    if (values.getOrDefault("booster", "").equals("gblinear")) {
      if (updaters.size() != 1 || !linear.containsAll(updaters)) {
        throw new UserError("Linear updater should be one of these options: 'shotgun', 'coord_descent'.");
      }
    } else if (values.getOrDefault("process_type", "").equals("update")) {
      if (!Set.of("refresh", "prune").containsAll(updaters)) {
        throw new UserError("process_type 'update' can only be used with updater 'refresh' and 'prune'");
      }
    } else if (updaters.stream().anyMatch(linear::contains)) {
      throw new UserError("Tree updater should be selected from these options: 'grow_colmaker', 'distcol', "
          + "'grow_histmaker', 'grow_skmaker', 'grow_quantile_histmaker', 'sync', 'refresh', 'prune', 'shortgun', "
          + "'coord_descent'.");
    } else if (updaters.stream().filter(name -> name.startsWith("grow_") || name.equals("distcol")).count() > 1) {
      throw new UserError("Only one tree grow plugin can be selected. Choose one from the"
          + "following: 'grow_colmaker', 'distcol', 'grow_histmaker', 'grow_skmaker'");
    }
  }

  private void checkBuilt(String treeMethod) {
    if (treeMethod.equals("gpu_hist") || values.getOrDefault("use_dask_gpu_training", "false").equals("true")) {
      throw new UserError("Training XGBoost on GPUs is not supported by this version of the algorithm; "
          + "use tree_method 'hist'.");
    }
    if (values.containsKey("_kfold") || values.containsKey("_num_cv_round")) {
      throw new UserError("Cross validation (_kfold) is not supported by this version of the algorithm.");
    }
  }

  int rounds() {
    return Integer.parseInt(values.get("num_round"));
  }

  boolean weighted() {
    return values.getOrDefault("csv_weights", "0").equals("1");
  }

  OptionalInt earlyStoppingRounds() {
    return find("early_stopping_rounds").map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }

  boolean savesModelOnTermination() {
    return values.getOrDefault("save_model_on_termination", "true").equals("true");
  }

  /** The objective, under the name that XGBoost has for it today. */
  String objective() {
    String objective = values.getOrDefault("objective", "reg:squarederror");
    return objective.equals("reg:linear") ? "reg:squarederror" : objective;
  }

  /** The metric that a tuning job looks at. */
  Optional<String> tuningMetric() {
    return find("_tuning_objective_metric").map(text -> text.substring(text.indexOf(':') + 1));
  }

  /** All metrics to print: those asked for, in that order, or together with the tuning job's, sorted. */
  List<String> metrics() {
    return tuningMetric()
        .map(tuning -> Stream.concat(evalMetrics().stream(), Stream.of(tuning)).distinct().sorted().toList())
        .orElseGet(this::evalMetrics);
  }

  /** The metric that decides when to stop, if the job names one. */
  Optional<String> decidingMetric() {
    List<String> asked = evalMetrics();
    return tuningMetric().or(() -> asked.isEmpty() ? Optional.empty() : Optional.of(asked.getLast()));
  }

  /** What XGBoost itself is told. */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    values.forEach((name, value) -> {
      if (!OWN.contains(name) && !RETIRED.contains(name)) {
        parameters.put(name, value);
      }
    });
    parameters.put("objective", objective());
    return parameters;
  }

  /** Hyperparameters that were accepted and change nothing. */
  List<String> retired() {
    return values.keySet().stream().filter(RETIRED::contains).sorted().toList();
  }

  private List<String> evalMetrics() {
    return find("eval_metric").map(text -> Stream.of(text.split(",")).distinct().toList()).orElse(List.of());
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
