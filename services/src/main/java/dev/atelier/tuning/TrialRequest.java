package dev.atelier.tuning;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.S3Location;
import dev.atelier.models.sagemaker.AlgorithmSpecification;
import dev.atelier.models.sagemaker.CheckpointConfig;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.HyperParameterAlgorithmSpecification;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningInstanceConfig;
import dev.atelier.models.sagemaker.HyperParameterTuningResourceConfig;
import dev.atelier.models.sagemaker.ResourceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A training job definition with a trial's values as the request of a training job. */
final class TrialRequest {
  /** The static hyperparameter by which SageMaker tells an algorithm what it is judged by. */
  static final String OBJECTIVE = "_tuning_objective_metric";

  private TrialRequest() {}

  /** @param capacity decides between the instance types of InstanceConfigs */
  static CreateTrainingJobRequest of(HyperParameterTrainingJobDefinition definition, String name,
      Map<String, String> tuned, Capacity capacity) {
    HyperParameterAlgorithmSpecification algorithm = definition.algorithmSpecification();
    Map<String, String> hyperParameters = new HashMap<>(definition.staticHyperParameters());
    hyperParameters.putAll(tuned);
    CreateTrainingJobRequest.Builder request = CreateTrainingJobRequest.builder()
        .trainingJobName(name)
        .hyperParameters(hyperParameters)
        .algorithmSpecification(AlgorithmSpecification.builder()
            .trainingImage(algorithm.trainingImage())
            .algorithmName(algorithm.algorithmName())
            .trainingInputMode(algorithm.trainingInputMode())
            .metricDefinitions(algorithm.metricDefinitions()).build())
        .roleArn(definition.roleArn())
        .outputDataConfig(definition.outputDataConfig())
        .resourceConfig(resources(definition, capacity))
        .vpcConfig(definition.vpcConfig())
        .stoppingCondition(definition.stoppingCondition())
        .enableNetworkIsolation(definition.enableNetworkIsolation())
        .enableInterContainerTrafficEncryption(definition.enableInterContainerTrafficEncryption())
        .enableManagedSpotTraining(definition.enableManagedSpotTraining())
        .checkpointConfig(checkpoints(definition.checkpointConfig(), name))
        .retryStrategy(definition.retryStrategy())
        .environment(definition.environment());
    if (!definition.inputDataConfig().isEmpty()) {
      request.inputDataConfig(definition.inputDataConfig());
    }
    return request.build();
  }

  /** Every trial has a folder of its own: it must not go on with another's checkpoints. */
  private static CheckpointConfig checkpoints(CheckpointConfig config, String name) {
    return config == null ? null
        : config.toBuilder().s3Uri(S3Location.parse(config.s3Uri()).child(name).toString()).build();
  }

  private static ResourceConfig resources(HyperParameterTrainingJobDefinition definition, Capacity capacity) {
    HyperParameterTuningResourceConfig own = definition.hyperParameterTuningResourceConfig();
    if (own == null) {
      return definition.resourceConfig();
    }
    if (own.instanceConfigs().isEmpty()) {
      return single(own);
    }
    List<HyperParameterTuningInstanceConfig> all = own.instanceConfigs();
    // in order of preference: the first one that this machine can give
    HyperParameterTuningInstanceConfig chosen = all.stream()
        .filter(each -> capacity.lack(InstanceType.require(each.instanceType()), each.instanceCount()).isEmpty())
        .findFirst().orElse(all.getFirst());
    return ResourceConfig.builder().volumeKmsKeyId(own.volumeKmsKeyId()).instanceType(chosen.instanceType())
        .instanceCount(chosen.instanceCount()).volumeSizeInGB(chosen.volumeSizeInGB()).build();
  }

  /** The resources that name one type of instance. */
  static ResourceConfig single(HyperParameterTuningResourceConfig own) {
    return ResourceConfig.builder().volumeKmsKeyId(own.volumeKmsKeyId()).instanceType(own.instanceType())
        .instanceCount(own.instanceCount()).volumeSizeInGB(own.volumeSizeInGB()).build();
  }
}
