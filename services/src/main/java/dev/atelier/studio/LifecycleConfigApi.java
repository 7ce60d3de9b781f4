package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateStudioLifecycleConfigRequest;
import dev.atelier.models.sagemaker.CreateStudioLifecycleConfigResponse;
import dev.atelier.models.sagemaker.DeleteStudioLifecycleConfigRequest;
import dev.atelier.models.sagemaker.DescribeStudioLifecycleConfigRequest;
import dev.atelier.models.sagemaker.DescribeStudioLifecycleConfigResponse;
import dev.atelier.models.sagemaker.ListStudioLifecycleConfigsRequest;
import dev.atelier.models.sagemaker.ListStudioLifecycleConfigsResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.StudioLifecycleConfigDetails;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Optional;

/** The operations on the scripts that apps start with. */
final class LifecycleConfigApi {
  private final StudioStore store;

  LifecycleConfigApi(StudioStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createStudioLifecycleConfig(), this::createStudioLifecycleConfig)
        .on(SageMakerOperations.describeStudioLifecycleConfig(), this::describeStudioLifecycleConfig)
        .on(SageMakerOperations.listStudioLifecycleConfigs(), this::listStudioLifecycleConfigs)
        .on(SageMakerOperations.deleteStudioLifecycleConfig(), this::deleteStudioLifecycleConfig);
  }

  CreateStudioLifecycleConfigResponse createStudioLifecycleConfig(
      Caller caller, CreateStudioLifecycleConfigRequest request) {
    ScriptContent.check(request.studioLifecycleConfigContent());
    StudioResource config = StudioResource.fresh(ResourceKind.LIFECYCLE_CONFIG, caller, "",
        request.studioLifecycleConfigName(),
        Documents.without(request.toDocument(), "StudioLifecycleConfigName", "Tags"), ResourceState.IN_SERVICE,
        store.now());
    if (!store.insert(config, TagRules.of(request.tags()), "", StudioStore.Guard.NONE)) {
      throw StudioFaults.TAKEN;
    }
    return CreateStudioLifecycleConfigResponse.builder().studioLifecycleConfigArn(config.arn().toString()).build();
  }

  private StudioResource require(Caller caller, String name) {
    return store.find(ResourceKind.LIFECYCLE_CONFIG.arn(caller, name)).orElseThrow(() -> Fault.resourceNotFound(
        "StudioLifecycleConfig with StudioLifecycleConfigName " + name + " does not exist."));
  }

  DescribeStudioLifecycleConfigResponse describeStudioLifecycleConfig(
      Caller caller, DescribeStudioLifecycleConfigRequest request) {
    return described(require(caller, request.studioLifecycleConfigName()));
  }

  private static DescribeStudioLifecycleConfigResponse described(StudioResource config) {
    return DescribeStudioLifecycleConfigResponse.fromDocument(config.document()).toBuilder()
        .studioLifecycleConfigArn(config.arn().toString())
        .studioLifecycleConfigName(config.name())
        .creationTime(config.createdAt())
        .lastModifiedTime(config.modifiedAt())
        .build();
  }

  ListStudioLifecycleConfigsResponse listStudioLifecycleConfigs(
      Caller caller, ListStudioLifecycleConfigsRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.LIFECYCLE_CONFIG, request.toDocument(),
            Direction.DESCENDING)
        .containing("document", Optional.ofNullable(request.appTypeEquals())
            .map(type -> "\"StudioLifecycleConfigAppType\":\"" + type + "\""))
        .page(store);
    return ListStudioLifecycleConfigsResponse.builder()
        .studioLifecycleConfigs(page.items().stream()
            .map(config -> StudioLifecycleConfigDetails.fromDocument(described(config).toDocument())).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput deleteStudioLifecycleConfig(Caller caller, DeleteStudioLifecycleConfigRequest request) {
    StudioResource config = require(caller, request.studioLifecycleConfigName());
    store.deleteNow(config, tx -> Dependents.refuseNamed(tx, config));
    return new NoOutput();
  }
}
