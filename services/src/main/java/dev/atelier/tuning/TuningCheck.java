package dev.atelier.tuning;

import dev.atelier.jobs.ProgramText;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningJobConfig;
import dev.atelier.models.sagemaker.HyperParameterTuningJobObjective;
import dev.atelier.models.sagemaker.HyperParameterTuningInstanceConfig;
import dev.atelier.models.sagemaker.HyperParameterTuningResourceConfig;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.models.sagemaker.ResourceLimits;
import dev.atelier.tuning.search.Parameter;
import dev.atelier.tuning.search.SearchSpace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a request must be beyond what the model says of each member. */
final class TuningCheck {
  private static final int MOST_TUNED = 30;
  private static final int MOST_HYPERPARAMETERS = 100;
  private static final int MOST_PARALLEL = 100;
  private static final int MOST_RANDOM = 10_000;

  private final CreateHyperParameterTuningJobRequest request;
  private final HyperParameterTuningJobConfig config;

  private TuningCheck(CreateHyperParameterTuningJobRequest request) {
    this.request = request;
    this.config = request.hyperParameterTuningJobConfig();
  }

  /** @throws Fault ValidationException, or ResourceLimitExceeded where SageMaker has a quota */
  static void check(CreateHyperParameterTuningJobRequest request) {
    TuningCheck check = new TuningCheck(request);
    check.definitions();
    check.limits();
    check.strategy();
    double combinations = 0;
    for (HyperParameterTrainingJobDefinition definition : TuningJob.definitions(request)) {
      check.objective(definition);
      check.resources(definition);
      combinations += check.space(definition).combinations();
    }
    check.combinations(combinations);
  }

  private void definitions() {
    if (request.trainingJobDefinition() != null && !request.trainingJobDefinitions().isEmpty()) {
      throw Fault.validation("You can specify either TrainingJobDefinition or TrainingJobDefinitions, not both.");
    }
    if (request.trainingJobDefinition() == null && request.trainingJobDefinitions().isEmpty()) {
      throw Fault.validation("You must specify TrainingJobDefinition or TrainingJobDefinitions.");
    }
    Set<String> names = new HashSet<>();
    for (HyperParameterTrainingJobDefinition each : request.trainingJobDefinitions()) {
      if (each.definitionName() == null || !names.add(each.definitionName())) {
        throw Fault.validation("Each of the TrainingJobDefinitions must have a DefinitionName of its own.");
      }
      if (each.tuningObjective() == null || each.hyperParameterRanges() == null) {
        throw Fault.validation("Each of the TrainingJobDefinitions must have a TuningObjective and "
            + "HyperParameterRanges.");
      }
    }
    if (!request.trainingJobDefinitions().isEmpty()
        && (config.hyperParameterTuningJobObjective() != null || config.parameterRanges() != null)) {
      throw Fault.validation("With TrainingJobDefinitions the objective and the ranges belong into each of them, not "
          + "into the HyperParameterTuningJobConfig.");
    }
    if (request.trainingJobDefinition() != null && (request.trainingJobDefinition().tuningObjective() != null
        || request.trainingJobDefinition().hyperParameterRanges() != null)) {
      throw Fault.validation("TuningObjective and HyperParameterRanges are for TrainingJobDefinitions. With a single "
          + "TrainingJobDefinition they belong into the HyperParameterTuningJobConfig.");
    }
  }

  private void limits() {
    ResourceLimits limits = config.resourceLimits();
    Integer most = limits.maxNumberOfTrainingJobs();
    int quota = config.strategy().equals("Random") ? MOST_RANDOM : TuningJob.MOST_TRIALS;
    if (most != null && most > quota) {
      throw exceeded("Maximum number of training jobs per hyperparameter tuning job", quota, most);
    }
    if (limits.maxParallelTrainingJobs() > MOST_PARALLEL) {
      throw exceeded("Maximum number of parallel training jobs per hyperparameter tuning job", MOST_PARALLEL,
          limits.maxParallelTrainingJobs());
    }
    if (most != null && limits.maxParallelTrainingJobs() > most) {
      throw Fault.validation("MaxParallelTrainingJobs [" + limits.maxParallelTrainingJobs()
          + "] must not be greater than MaxNumberOfTrainingJobs [" + most + "].");
    }
    boolean ends = most != null || limits.maxRuntimeInSeconds() != null || config.tuningJobCompletionCriteria() != null
        || config.strategy().equals("Grid") || request.autotune() != null;
    if (!ends) {
      throw Fault.validation("You must specify MaxNumberOfTrainingJobs, MaxRuntimeInSeconds or "
          + "TuningJobCompletionCriteria, so that the hyperparameter tuning job ends.");
    }
  }

  private static Fault exceeded(String limit, int quota, int wanted) {
    return Fault.limitExceeded("The account-level service limit '" + limit + "' is " + quota
        + ", with a request of " + wanted + ".");
  }

  private void strategy() {
    boolean hyperband = config.strategy().equals("Hyperband");
    if (config.strategyConfig() != null && config.strategyConfig().hyperbandStrategyConfig() != null && !hyperband) {
      throw Fault.validation("HyperbandStrategyConfig can only be specified with the Hyperband strategy.");
    }
    boolean early = "Auto".equals(config.trainingJobEarlyStoppingType());
    if (hyperband && early) {
      throw Fault.validation("TrainingJobEarlyStoppingType must be Off for the Hyperband strategy, which stops "
          + "training jobs by a rule of its own.");
    }
    if (early && !request.trainingJobDefinitions().isEmpty()) {
      throw Fault.validation("TrainingJobEarlyStoppingType Auto is not supported with TrainingJobDefinitions.");
    }
    if (hyperband) {
      TuningJob.definitions(request).forEach(definition -> Strategies.hyperband(config, definition));
    }
  }

  private void objective(HyperParameterTrainingJobDefinition definition) {
    HyperParameterTuningJobObjective objective = definition.tuningObjective() == null
        ? config.hyperParameterTuningJobObjective() : definition.tuningObjective();
    if (objective == null) {
      throw Fault.validation("You must specify a HyperParameterTuningJobObjective.");
    }
    if (definition.algorithmSpecification().metricDefinitions().stream()
        .noneMatch(metric -> metric.name().equals(objective.metricName()))) {
      throw Fault.validation("A metric is required for this hyperparameter tuning job objective. Provide a metric in "
          + "the metric definitions.");
    }
  }

  private void resources(HyperParameterTrainingJobDefinition definition) {
    HyperParameterTuningResourceConfig own = definition.hyperParameterTuningResourceConfig();
    if ((own == null) == (definition.resourceConfig() == null)) {
      throw Fault.validation("You must specify either ResourceConfig or HyperParameterTuningResourceConfig, and not "
          + "both.");
    }
    if (own == null) {
      return;
    }
    boolean single = own.instanceType() != null || own.instanceCount() != null
        || own.volumeSizeInGB() != null && own.volumeSizeInGB() > 0;
    if (single == !own.instanceConfigs().isEmpty()) {
      throw Fault.validation("HyperParameterTuningResourceConfig must have either InstanceConfigs or InstanceType, "
          + "InstanceCount and VolumeSizeInGB.");
    }
    if (single && (own.instanceType() == null || own.instanceCount() == null)) {
      throw Fault.validation("HyperParameterTuningResourceConfig must have an InstanceType and an InstanceCount.");
    }
    // the model's bound is zero
    if (own.instanceConfigs().stream().anyMatch(each -> each.instanceCount() < 1)) {
      throw Fault.validation("Each of the InstanceConfigs must have at least one instance.");
    }
    if (own.allocationStrategy() != null && own.instanceConfigs().isEmpty()) {
      throw Fault.validation("AllocationStrategy can only be specified with InstanceConfigs.");
    }
  }

  /** The instance types that a definition leaves to choose between. */
  static List<HyperParameterTuningInstanceConfig> instanceConfigs(HyperParameterTrainingJobDefinition definition) {
    HyperParameterTuningResourceConfig own = definition.hyperParameterTuningResourceConfig();
    return own == null ? List.of() : own.instanceConfigs();
  }

  private SearchSpace space(HyperParameterTrainingJobDefinition definition) {
    ParameterRanges ranges = ranges(config, definition);
    if (!ranges.autoParameters().isEmpty() && request.autotune() == null) {
      throw Fault.validation("AutoParameters can only be specified when Autotune is enabled.");
    }
    SearchSpace space = Ranges.space(ranges);
    int tuned = space.parameters().size();
    int all = tuned + definition.staticHyperParameters().size();
    if (tuned == 0) {
      throw Fault.validation("At least one hyperparameter must be tunable: ParameterRanges is empty.");
    }
    if (tuned > MOST_TUNED) {
      throw Fault.validation("The number of tunable hyperparameters [" + tuned + "] is greater than the limit ["
          + MOST_TUNED + "].");
    }
    if (all > MOST_HYPERPARAMETERS) {
      throw Fault.validation("The number of hyperparameters [" + all + "], static and tunable ones, is greater than "
          + "the limit [" + MOST_HYPERPARAMETERS + "].");
    }
    for (Parameter each : space.parameters()) {
      ProgramText.require("the names of tunable hyperparameters", List.of(each.name()));
      if (each.name().isEmpty()) {
        throw Fault.validation("The name of a tunable hyperparameter must not be empty.");
      }
      if (definition.staticHyperParameters().containsKey(each.name())) {
        throw Fault.validation("The hyperparameter [" + each.name() + "] is specified as both static and tunable. A "
            + "hyperparameter can only be one of them.");
      }
      if (config.strategy().equals("Grid") && !(each instanceof Parameter.Choice)) {
        throw Fault.validation("Grid search only supports categorical parameters, and [" + each.name()
            + "] is not one. Use CategoricalParameterRanges.");
      }
    }
    return space;
  }

  /** No more trials are run than there are points. */
  private void combinations(double combinations) {
    Integer most = config.resourceLimits().maxNumberOfTrainingJobs();
    if (config.strategy().equals("Grid")) {
      if (combinations > TuningJob.MOST_TRIALS) {
        throw exceeded("Maximum number of training jobs per hyperparameter tuning job", TuningJob.MOST_TRIALS,
            (int) Math.min(combinations, Integer.MAX_VALUE));
      }
      if (most != null && most != combinations) {
        throw Fault.validation("For grid search MaxNumberOfTrainingJobs [" + most + "] must be the number of "
            + "combinations of the categorical hyperparameters [" + (long) combinations + "], or not be specified.");
      }
    } else if (most != null && most > combinations) {
      throw Fault.validation("You don't have enough combinations of hyperparameter ranges. The total number of "
          + "hyperparameter combinations for the provided ranges [" + combinations + "] must be equal or greater than "
          + "the value of MaxNumberOfJobs, [" + most + "]. Provide additional ranges.");
    }
  }

  /** How many points all definitions have together. */
  static double combinations(HyperParameterTuningJobConfig config, List<HyperParameterTrainingJobDefinition> all) {
    return all.stream().mapToDouble(each -> Ranges.space(ranges(config, each)).combinations()).sum();
  }

  /** Where a definition is searched; it has none of its own when the job has them for all. */
  private static ParameterRanges ranges(HyperParameterTuningJobConfig config,
      HyperParameterTrainingJobDefinition definition) {
    ParameterRanges ranges = definition.hyperParameterRanges() == null ? config.parameterRanges()
        : definition.hyperParameterRanges();
    if (ranges == null) {
      throw Fault.validation("You must specify ParameterRanges.");
    }
    return ranges;
  }
}
