package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.AppImageConfigDetails;
import dev.atelier.models.sagemaker.CreateAppImageConfigRequest;
import dev.atelier.models.sagemaker.CreateAppImageConfigResponse;
import dev.atelier.models.sagemaker.DeleteAppImageConfigRequest;
import dev.atelier.models.sagemaker.DescribeAppImageConfigRequest;
import dev.atelier.models.sagemaker.DescribeAppImageConfigResponse;
import dev.atelier.models.sagemaker.ListAppImageConfigsRequest;
import dev.atelier.models.sagemaker.ListAppImageConfigsResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateAppImageConfigRequest;
import dev.atelier.models.sagemaker.UpdateAppImageConfigResponse;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Map;

/** The operations on the configurations by which images become apps. */
final class AppImageConfigApi {
  private static final int USER = 1000;
  private static final int GROUP = 100;

  private final StudioStore store;

  AppImageConfigApi(StudioStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createAppImageConfig(), this::createAppImageConfig)
        .on(SageMakerOperations.describeAppImageConfig(), this::describeAppImageConfig)
        .on(SageMakerOperations.listAppImageConfigs(), this::listAppImageConfigs)
        .on(SageMakerOperations.updateAppImageConfig(), this::updateAppImageConfig)
        .on(SageMakerOperations.deleteAppImageConfig(), this::deleteAppImageConfig);
  }

  CreateAppImageConfigResponse createAppImageConfig(Caller caller, CreateAppImageConfigRequest request) {
    Map<String, Object> document = Documents.without(request.toDocument(), "AppImageConfigName", "Tags");
    check(document);
    StudioResource config = StudioResource.fresh(ResourceKind.APP_IMAGE_CONFIG, caller, "",
        request.appImageConfigName(), document, ResourceState.IN_SERVICE, store.now());
    if (!store.insert(config, TagRules.of(request.tags()), "", StudioStore.Guard.NONE)) {
      throw StudioFaults.TAKEN;
    }
    return CreateAppImageConfigResponse.builder().appImageConfigArn(config.arn().toString()).build();
  }

  /** At most one kind of app; files belong to the image's user, or to root. */
  private static void check(Map<String, Object> document) {
    if (document.size() > 1) {
      throw Fault.validation("Only one of KernelGatewayImageConfig, JupyterLabAppImageConfig and"
          + " CodeEditorAppImageConfig can be specified.");
    }
    document.values().stream().map(config -> ((Map<?, ?>) config).get("FileSystemConfig"))
        .filter(Map.class::isInstance).map(Map.class::cast).forEach(files -> {
          Object uid = files.containsKey("DefaultUid") ? files.get("DefaultUid") : USER;
          Object gid = files.containsKey("DefaultGid") ? files.get("DefaultGid") : GROUP;
          if (!(uid.equals(USER) && gid.equals(GROUP)) && !(uid.equals(0) && gid.equals(0))) {
            throw Fault.validation("DefaultUid and DefaultGid must be " + USER + " and " + GROUP + ", or 0 and 0, got "
                + uid + " and " + gid + ".");
          }
        });
  }

  private StudioResource require(Caller caller, String name) {
    return store.find(ResourceKind.APP_IMAGE_CONFIG.arn(caller, name)).orElseThrow(() -> missing(name));
  }

  private static Fault missing(String name) {
    return Fault.resourceNotFound("AppImageConfig with AppImageConfigName " + name + " does not exist.");
  }

  DescribeAppImageConfigResponse describeAppImageConfig(Caller caller, DescribeAppImageConfigRequest request) {
    return described(require(caller, request.appImageConfigName()));
  }

  private static DescribeAppImageConfigResponse described(StudioResource config) {
    return DescribeAppImageConfigResponse.fromDocument(config.document()).toBuilder()
        .appImageConfigArn(config.arn().toString())
        .appImageConfigName(config.name())
        .creationTime(config.createdAt())
        .lastModifiedTime(config.modifiedAt())
        .build();
  }

  ListAppImageConfigsResponse listAppImageConfigs(Caller caller, ListAppImageConfigsRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.APP_IMAGE_CONFIG, request.toDocument(),
        Direction.DESCENDING).page(store);
    return ListAppImageConfigsResponse.builder()
        .appImageConfigs(page.items().stream()
            .map(config -> AppImageConfigDetails.fromDocument(described(config).toDocument())).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateAppImageConfigResponse updateAppImageConfig(Caller caller, UpdateAppImageConfigRequest request) {
    StudioResource config = require(caller, request.appImageConfigName());
    Map<String, Object> asked = Documents.without(request.toDocument(), "AppImageConfigName");
    check(asked);
    store.replace(config.arn(), document -> asked.isEmpty() ? document : asked, StudioStore.Guard.NONE)
        .orElseThrow(() -> missing(request.appImageConfigName()));
    return UpdateAppImageConfigResponse.builder().appImageConfigArn(config.arn().toString()).build();
  }

  NoOutput deleteAppImageConfig(Caller caller, DeleteAppImageConfigRequest request) {
    store.deleteNow(require(caller, request.appImageConfigName()), StudioStore.Guard.NONE);
    return new NoOutput();
  }
}
