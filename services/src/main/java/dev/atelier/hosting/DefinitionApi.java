package dev.atelier.hosting;

import dev.atelier.hosting.DefinitionStore.Definition;
import dev.atelier.hosting.DefinitionStore.Kind;
import dev.atelier.identity.Sessions;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.ContainerDefinition;
import dev.atelier.models.sagemaker.CreateEndpointConfigInput;
import dev.atelier.models.sagemaker.CreateEndpointConfigOutput;
import dev.atelier.models.sagemaker.CreateModelInput;
import dev.atelier.models.sagemaker.CreateModelOutput;
import dev.atelier.models.sagemaker.DeleteEndpointConfigInput;
import dev.atelier.models.sagemaker.DeleteModelInput;
import dev.atelier.models.sagemaker.DescribeEndpointConfigInput;
import dev.atelier.models.sagemaker.DescribeEndpointConfigOutput;
import dev.atelier.models.sagemaker.DescribeModelInput;
import dev.atelier.models.sagemaker.DescribeModelOutput;
import dev.atelier.models.sagemaker.EndpointConfigSummary;
import dev.atelier.models.sagemaker.ListEndpointConfigsInput;
import dev.atelier.models.sagemaker.ListEndpointConfigsOutput;
import dev.atelier.models.sagemaker.ListModelsInput;
import dev.atelier.models.sagemaker.ListModelsOutput;
import dev.atelier.models.sagemaker.ModelSummary;
import dev.atelier.models.sagemaker.ProductionVariant;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The operations on models and endpoint configurations. */
final class DefinitionApi {
  private final DefinitionStore store;
  private final Sessions sessions;

  DefinitionApi(DefinitionStore store, Sessions sessions) {
    this.store = store;
    this.sessions = sessions;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createModel(), this::createModel)
        .on(SageMakerOperations.describeModel(), this::describeModel)
        .on(SageMakerOperations.listModels(), this::listModels)
        .on(SageMakerOperations.deleteModel(), this::deleteModel)
        .on(SageMakerOperations.createEndpointConfig(), this::createEndpointConfig)
        .on(SageMakerOperations.describeEndpointConfig(), this::describeEndpointConfig)
        .on(SageMakerOperations.listEndpointConfigs(), this::listEndpointConfigs)
        .on(SageMakerOperations.deleteEndpointConfig(), this::deleteEndpointConfig);
  }

  CreateModelOutput createModel(Caller caller, CreateModelInput request) {
    if (request.primaryContainer() == null && request.containers().isEmpty()) {
      throw Fault.validation("You must provide either a PrimaryContainer or Containers.");
    }
    if (request.primaryContainer() != null && !request.containers().isEmpty()) {
      throw Fault.validation("You cannot provide both PrimaryContainer and Containers.");
    }
    List<ContainerDefinition> containers =
        request.primaryContainer() == null ? request.containers() : List.of(request.primaryContainer());
    containers.forEach(DefinitionApi::check);
    if (request.executionRoleArn() != null) {
      sessions.requirePassed(caller, request.executionRoleArn(), "sagemaker.amazonaws.com");
    }
    Arn arn = store.create(Kind.MODEL, caller, request.modelName(), request, TagRules.of(request.tags()));
    return CreateModelOutput.builder().modelArn(arn.toString()).build();
  }

  private static void check(ContainerDefinition container) {
    if (container.image() == null && container.modelPackageName() == null) {
      throw Fault.validation("A container needs an Image or a ModelPackageName.");
    }
    if (container.modelPackageName() != null) {
      throw unsupported("CreateModel", "a ModelPackageName");
    }
    if ("MultiModel".equals(container.mode())) {
      throw unsupported("CreateModel", "Mode MultiModel");
    }
    if (container.modelDataUrl() != null) {
      S3Location.parse(container.modelDataUrl());
    }
  }

  static Fault unsupported(String operation, String what) {
    return new Fault("UnsupportedOperation", 400,
        "sagemaker:" + operation + " with " + what + " is not supported by this version of Atelier.");
  }

  DescribeModelOutput describeModel(Caller caller, DescribeModelInput request) {
    return described(store.require(Kind.MODEL, caller, request.modelName()));
  }

  static DescribeModelOutput described(Definition model) {
    DescribeModelOutput shown = DescribeModelOutput.fromDocument(model.request());
    return shown.toBuilder()
        .modelArn(model.arn().toString())
        .creationTime(model.createdAt())
        .enableNetworkIsolation(Boolean.TRUE.equals(shown.enableNetworkIsolation()))
        .build();
  }

  ListModelsOutput listModels(Caller caller, ListModelsInput request) {
    Page<Definition> page = store.list(Kind.MODEL, caller, request);
    return ListModelsOutput.builder()
        .models(page.items().stream().map(model -> ModelSummary.builder().modelName(model.name())
            .modelArn(model.arn().toString()).creationTime(model.createdAt()).build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput deleteModel(Caller caller, DeleteModelInput request) {
    store.delete(store.require(Kind.MODEL, caller, request.modelName()));
    return new NoOutput();
  }

  CreateEndpointConfigOutput createEndpointConfig(Caller caller, CreateEndpointConfigInput request) {
    if (request.productionVariants().size() > 1) {
      throw unsupported("CreateEndpointConfig", "more than one production variant");
    }
    if (request.asyncInferenceConfig() != null) {
      throw unsupported("CreateEndpointConfig", "an AsyncInferenceConfig");
    }
    if (request.dataCaptureConfig() != null && Boolean.TRUE.equals(request.dataCaptureConfig().enableCapture())) {
      throw unsupported("CreateEndpointConfig", "a DataCaptureConfig");
    }
    Set<String> names = new HashSet<>();
    for (ProductionVariant variant : request.productionVariants()) {
      if (!names.add(variant.variantName())) {
        throw Fault.validation("The variant name " + variant.variantName() + " is used more than once.");
      }
      check(caller, variant);
    }
    Arn arn = store.create(
        Kind.ENDPOINT_CONFIG, caller, request.endpointConfigName(), request, TagRules.of(request.tags()));
    return CreateEndpointConfigOutput.builder().endpointConfigArn(arn.toString()).build();
  }

  private void check(Caller caller, ProductionVariant variant) {
    if (variant.serverlessConfig() != null) {
      throw unsupported("CreateEndpointConfig", "a ServerlessConfig");
    }
    if (variant.modelName() == null) {
      throw unsupported("CreateEndpointConfig", "a variant without a ModelName");
    }
    store.require(Kind.MODEL, caller, variant.modelName());
    if (variant.instanceType() == null || variant.initialInstanceCount() == null) {
      throw Fault.validation("A production variant needs an InstanceType and an InitialInstanceCount.");
    }
    InstanceType.require(variant.instanceType());
  }

  DescribeEndpointConfigOutput describeEndpointConfig(Caller caller, DescribeEndpointConfigInput request) {
    Definition config = store.require(Kind.ENDPOINT_CONFIG, caller, request.endpointConfigName());
    return DescribeEndpointConfigOutput.fromDocument(config.request()).toBuilder()
        .endpointConfigArn(config.arn().toString())
        .creationTime(config.createdAt())
        .build();
  }

  ListEndpointConfigsOutput listEndpointConfigs(Caller caller, ListEndpointConfigsInput request) {
    Page<Definition> page = store.list(Kind.ENDPOINT_CONFIG, caller, request);
    return ListEndpointConfigsOutput.builder()
        .endpointConfigs(page.items().stream().map(config -> EndpointConfigSummary.builder()
            .endpointConfigName(config.name()).endpointConfigArn(config.arn().toString())
            .creationTime(config.createdAt()).build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput deleteEndpointConfig(Caller caller, DeleteEndpointConfigInput request) {
    store.delete(store.require(Kind.ENDPOINT_CONFIG, caller, request.endpointConfigName()));
    return new NoOutput();
  }
}
