package dev.atelier.training;

import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.jobs.ProgramText;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.AlgorithmSpecification;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.InstanceGroup;
import dev.atelier.models.sagemaker.MetricDefinition;
import dev.atelier.models.sagemaker.ResourceConfig;
import dev.atelier.models.sagemaker.StoppingCondition;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What CreateTrainingJob refuses beyond the constraints of single members, and what it fills in. */
final class TrainingRules {
  private static final int DAY_SECONDS = 86_400;

  private TrainingRules() {}

  /** The request with AWS's defaults in it. */
  static CreateTrainingJobRequest withDefaults(CreateTrainingJobRequest request) {
    StoppingCondition stopping = request.stoppingCondition() == null
        ? StoppingCondition.builder().build() : request.stoppingCondition();
    if (stopping.maxRuntimeInSeconds() == null) {
      stopping = stopping.toBuilder().maxRuntimeInSeconds(DAY_SECONDS).build();
    }
    CreateTrainingJobRequest.Builder complete = request.toBuilder().stoppingCondition(stopping);
    if (request.enableNetworkIsolation() == null) {
      complete.enableNetworkIsolation(false);
    }
    if (request.enableInterContainerTrafficEncryption() == null) {
      complete.enableInterContainerTrafficEncryption(false);
    }
    if (request.enableManagedSpotTraining() == null) {
      complete.enableManagedSpotTraining(false);
    }
    return complete.build();
  }

  /** @throws Fault a ValidationException, or UnsupportedOperation that names what is not built */
  static void check(CreateTrainingJobRequest request) {
    if (request.serverlessJobConfig() != null) {
      throw unsupported("ServerlessJobConfig");
    }
    AlgorithmSpecification algorithm = request.algorithmSpecification();
    if (algorithm == null || algorithm.trainingImage() == null && algorithm.algorithmName() == null) {
      throw Fault.validation("You must specify an AlgorithmName or a TrainingImage in the AlgorithmSpecification.");
    }
    if (algorithm.algorithmName() != null && algorithm.trainingImage() != null) {
      throw Fault.validation("You can't specify both an AlgorithmName and a TrainingImage in the AlgorithmSpecification.");
    }
    if (algorithm.algorithmName() != null) {
      throw unsupported("AlgorithmSpecification.AlgorithmName");
    }
    if (request.resourceConfig() == null) {
      throw Fault.validation("You must specify an InstanceType and an InstanceCount in the ResourceConfig.");
    }
    instances(request.resourceConfig());
    programTexts(request);
    times(request);
    keepAlive(request);
    S3Location.parse(request.outputDataConfig().s3OutputPath());
    CheckpointPlace.of(request);
    folders(request);
    ChannelRules.check(request);
    definitions(request);
  }

  /** No two of the folders that a request names can be one. */
  private static void folders(CreateTrainingJobRequest request) {
    Set<String> taken = new HashSet<>(Set.of(WarmPool.CACHE));
    taken.add(CheckpointPlace.of(request).map(CheckpointPlace::folder).orElse(CheckpointPlace.DEFAULT_FOLDER));
    if (CheckpointPlace.of(request).filter(place -> place.folder().equals(WarmPool.CACHE)).isPresent()) {
      throw Fault.validation("The LocalPath " + WarmPool.CACHE + " of the CheckpointConfig is that of warm pools.");
    }
    for (WrittenFolders.Place place : WrittenFolders.all(request)) {
      if (!taken.add(place.inside())) {
        throw Fault.validation("The LocalPath " + place.inside() + " is used more than once.");
      }
    }
  }

  private static void instances(ResourceConfig resources) {
    if (resources.instanceGroups().isEmpty()) {
      if (resources.instanceType() == null) {
        throw Fault.validation("You must specify an InstanceType and an InstanceCount in the ResourceConfig.");
      }
      InstanceType.require(resources.instanceType());
      // the model's bound is zero, for requests that name groups
      if (resources.instanceCount() == null || resources.instanceCount() < 1) {
        throw Fault.validation("1 validation error detected: Value '" + resources.instanceCount()
            + "' at 'resourceConfig.instanceCount' failed to satisfy constraint: "
            + "Member must have value greater than or equal to 1");
      }
      return;
    }
    if (resources.instanceType() != null || resources.instanceCount() != null && resources.instanceCount() > 0) {
      throw Fault.validation("You can't specify InstanceType or InstanceCount in the ResourceConfig together with "
          + "InstanceGroups.");
    }
    Set<String> names = new HashSet<>();
    for (InstanceGroup group : resources.instanceGroups()) {
      InstanceType.require(group.instanceType());
      if (group.instanceCount() < 1) {
        throw Fault.validation("The instance group " + group.instanceGroupName() + " must have at least one instance.");
      }
      if (!names.add(group.instanceGroupName())) {
        throw Fault.validation("The instance group name " + group.instanceGroupName() + " is used more than once.");
      }
    }
  }

  private static void programTexts(CreateTrainingJobRequest request) {
    ProgramText.require("AlgorithmSpecification.ContainerEntrypoint",
        request.algorithmSpecification().containerEntrypoint());
    ProgramText.require("AlgorithmSpecification.ContainerArguments",
        request.algorithmSpecification().containerArguments());
    ProgramText.require("Environment", request.environment());
    ProgramText.require("HyperParameters", request.hyperParameters());
  }

  /** How many instances are asked for, which may be more than any cluster has. */
  static long count(ResourceConfig resources) {
    return resources.instanceGroups().isEmpty() ? resources.instanceCount()
        : resources.instanceGroups().stream().mapToLong(InstanceGroup::instanceCount).sum();
  }

  private static void times(CreateTrainingJobRequest request) {
    StoppingCondition times = request.stoppingCondition();
    Integer wait = times.maxWaitTimeInSeconds();
    if (Boolean.TRUE.equals(request.enableManagedSpotTraining())) {
      if (wait == null || wait < times.maxRuntimeInSeconds()) {
        throw Fault.validation("Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to "
            + "MaxRuntimeInSeconds");
      }
    } else if (wait != null) {
      throw Fault.validation("Invalid MaxWaitTimeInSeconds. It can only be specified when EnableManagedSpotTraining is "
          + "true");
    }
  }

  private static void keepAlive(CreateTrainingJobRequest request) {
    Integer seconds = request.resourceConfig().keepAlivePeriodInSeconds();
    if (seconds == null || seconds == 0) {
      return;
    }
    if (Boolean.TRUE.equals(request.enableManagedSpotTraining())) {
      throw Fault.validation("KeepAlivePeriodInSeconds is not supported when EnableManagedSpotTraining is true.");
    }
    if (!request.resourceConfig().instanceGroups().isEmpty()) {
      throw Fault.validation("KeepAlivePeriodInSeconds is not supported for heterogeneous clusters.");
    }
  }

  static Fault unsupported(String what) {
    return new Fault("UnsupportedOperation", 400,
        "sagemaker:CreateTrainingJob with " + what + " is not supported by this version of Atelier.");
  }

  /** The metric definitions, each expression checked. */
  static MetricScanner definitions(CreateTrainingJobRequest request) {
    return new MetricScanner(request.algorithmSpecification().metricDefinitions().stream()
        .map((MetricDefinition each) -> new MetricScanner.Definition(each.name(), each.regex())).toList());
  }
}
