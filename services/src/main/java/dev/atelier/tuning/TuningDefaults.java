package dev.atelier.tuning;

import dev.atelier.jobs.Capacity;
import dev.atelier.models.sagemaker.ConvergenceDetected;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.HyperParameterAlgorithmSpecification;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningJobConfig;
import dev.atelier.models.sagemaker.HyperParameterTuningJobObjective;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.models.sagemaker.ResourceLimits;
import dev.atelier.models.sagemaker.TuningJobCompletionCriteria;
import dev.atelier.training.TunedJobs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills in what a request leaves open, so that Describe shows it and nothing has to be guessed later. */
final class TuningDefaults {
  private static final int DAY_SECONDS = 86_400;

  private TuningDefaults() {}

  static CreateHyperParameterTuningJobRequest of(CreateHyperParameterTuningJobRequest request, TunedJobs training,
      Capacity capacity) {
    HyperParameterTuningJobConfig config = config(request);
    CreateHyperParameterTuningJobRequest.Builder complete = request.toBuilder();
    if (request.trainingJobDefinition() != null) {
      complete.trainingJobDefinition(definition(config, request.trainingJobDefinition(), training, capacity));
    }
    if (!request.trainingJobDefinitions().isEmpty()) {
      complete.trainingJobDefinitions(request.trainingJobDefinitions().stream()
          .map(each -> definition(config, each, training, capacity)).toList());
    }
    return complete.hyperParameterTuningJobConfig(config).build();
  }

  private static HyperParameterTuningJobConfig config(CreateHyperParameterTuningJobRequest request) {
    HyperParameterTuningJobConfig config = request.hyperParameterTuningJobConfig();
    HyperParameterTuningJobConfig.Builder complete = config.toBuilder();
    boolean automatic = request.autotune() != null;
    if (config.trainingJobEarlyStoppingType() == null) {
      boolean early = automatic && request.trainingJobDefinition() != null && !config.strategy().equals("Hyperband");
      complete.trainingJobEarlyStoppingType(early ? "Auto" : "Off");
    }
    if (config.parameterRanges() != null) {
      complete.parameterRanges(ranges(config.parameterRanges()));
    }
    ResourceLimits limits = config.resourceLimits();
    if (config.strategy().equals("Grid") && limits.maxNumberOfTrainingJobs() == null) {
      double combinations = TuningCheck.combinations(config, TuningJob.definitions(request));
      complete.resourceLimits(limits.toBuilder()
          .maxNumberOfTrainingJobs((int) Math.min(combinations, Integer.MAX_VALUE)).build());
    }
    boolean open = limits.maxNumberOfTrainingJobs() == null && limits.maxRuntimeInSeconds() == null
        && config.tuningJobCompletionCriteria() == null;
    if (automatic && open && !config.strategy().equals("Grid")) {
      complete.tuningJobCompletionCriteria(TuningJobCompletionCriteria.builder()
          .convergenceDetected(ConvergenceDetected.builder().completeOnConvergence("Enabled").build()).build());
    }
    return complete.build();
  }

  /** All kinds of ranges, those without any as empty lists: the SDK reads them unasked. */
  private static ParameterRanges ranges(ParameterRanges ranges) {
    return ranges.toBuilder()
        .integerParameterRanges(ranges.integerParameterRanges().stream()
            .map(each -> each.scalingType() == null ? each.toBuilder().scalingType("Auto").build() : each).toList())
        .continuousParameterRanges(ranges.continuousParameterRanges().stream()
            .map(each -> each.scalingType() == null ? each.toBuilder().scalingType("Auto").build() : each).toList())
        .categoricalParameterRanges(ranges.categoricalParameterRanges()).build();
  }

  private static HyperParameterTrainingJobDefinition definition(HyperParameterTuningJobConfig config,
      HyperParameterTrainingJobDefinition definition, TunedJobs training, Capacity capacity) {
    HyperParameterTrainingJobDefinition.Builder complete = definition.toBuilder();
    HyperParameterTuningJobObjective objective = definition.tuningObjective() == null
        ? config.hyperParameterTuningJobObjective() : definition.tuningObjective();
    if (objective != null) {
      Map<String, String> hyperParameters = new HashMap<>(definition.staticHyperParameters());
      hyperParameters.put(TrialRequest.OBJECTIVE, objective.metricName());
      complete.staticHyperParameters(hyperParameters);
    }
    if (definition.hyperParameterRanges() != null) {
      complete.hyperParameterRanges(ranges(definition.hyperParameterRanges()));
    }
    if (definition.stoppingCondition().maxRuntimeInSeconds() == null) {
      complete.stoppingCondition(
          definition.stoppingCondition().toBuilder().maxRuntimeInSeconds(DAY_SECONDS).build());
    }
    HyperParameterAlgorithmSpecification algorithm = definition.algorithmSpecification();
    if (algorithm.trainingImage() != null) {
      complete.algorithmSpecification(algorithm.toBuilder().metricDefinitions(
          training.metrics(TrialRequest.of(definition, "metrics", Map.of(), capacity))).build());
    } else {
      complete.algorithmSpecification(algorithm.toBuilder()
          .metricDefinitions(List.copyOf(algorithm.metricDefinitions())).build());
    }
    if (definition.enableNetworkIsolation() == null) {
      complete.enableNetworkIsolation(false);
    }
    if (definition.enableInterContainerTrafficEncryption() == null) {
      complete.enableInterContainerTrafficEncryption(false);
    }
    if (definition.enableManagedSpotTraining() == null) {
      complete.enableManagedSpotTraining(false);
    }
    return complete.build();
  }
}
