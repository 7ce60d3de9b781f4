package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateNotebookInstanceLifecycleConfigInput;
import dev.atelier.models.sagemaker.CreateNotebookInstanceLifecycleConfigOutput;
import dev.atelier.models.sagemaker.DeleteNotebookInstanceLifecycleConfigInput;
import dev.atelier.models.sagemaker.DescribeNotebookInstanceLifecycleConfigInput;
import dev.atelier.models.sagemaker.DescribeNotebookInstanceLifecycleConfigOutput;
import dev.atelier.models.sagemaker.ListNotebookInstanceLifecycleConfigsInput;
import dev.atelier.models.sagemaker.ListNotebookInstanceLifecycleConfigsOutput;
import dev.atelier.models.sagemaker.NotebookInstanceLifecycleConfigSummary;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateNotebookInstanceLifecycleConfigInput;
import dev.atelier.models.sagemaker.UpdateNotebookInstanceLifecycleConfigOutput;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Map;

/** The operations on the scripts that notebook instances start with. */
final class NotebookLifecycleApi {
  private static final String NAME = "NotebookInstanceLifecycleConfigName";

  private final StudioStore store;

  NotebookLifecycleApi(StudioStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createNotebookInstanceLifecycleConfig(), this::create)
        .on(SageMakerOperations.describeNotebookInstanceLifecycleConfig(), this::describe)
        .on(SageMakerOperations.listNotebookInstanceLifecycleConfigs(), this::list)
        .on(SageMakerOperations.updateNotebookInstanceLifecycleConfig(), this::update)
        .on(SageMakerOperations.deleteNotebookInstanceLifecycleConfig(), this::delete);
  }

  CreateNotebookInstanceLifecycleConfigOutput create(
      Caller caller, CreateNotebookInstanceLifecycleConfigInput request) {
    StudioResource config = StudioResource.fresh(ResourceKind.NOTEBOOK_LIFECYCLE_CONFIG, caller, "",
        request.notebookInstanceLifecycleConfigName(), Documents.without(request.toDocument(), NAME, "Tags"),
        ResourceState.IN_SERVICE, store.now());
    if (!store.insert(config, TagRules.of(request.tags()), "", StudioStore.Guard.NONE)) {
      throw refusal("create", config.arn(), "already exists");
    }
    return CreateNotebookInstanceLifecycleConfigOutput.builder()
        .notebookInstanceLifecycleConfigArn(config.arn().toString()).build();
  }

  private static Fault refusal(String doing, Arn arn, String why) {
    return Fault.validation("Unable to " + doing + " Notebook Instance Lifecycle Config "
        + (doing.equals("create") ? arn : "'" + arn + "'")
        + ". (Details: Notebook Instance Lifecycle Config " + why + ".)");
  }

  private StudioResource require(Caller caller, String name, String doing) {
    Arn arn = ResourceKind.NOTEBOOK_LIFECYCLE_CONFIG.arn(caller, name);
    return store.find(arn).orElseThrow(() -> refusal(doing, arn, "does not exist"));
  }

  DescribeNotebookInstanceLifecycleConfigOutput describe(
      Caller caller, DescribeNotebookInstanceLifecycleConfigInput request) {
    StudioResource config = require(caller, request.notebookInstanceLifecycleConfigName(), "describe");
    return DescribeNotebookInstanceLifecycleConfigOutput.fromDocument(config.document()).toBuilder()
        .notebookInstanceLifecycleConfigArn(config.arn().toString())
        .notebookInstanceLifecycleConfigName(config.name())
        .creationTime(config.createdAt())
        .lastModifiedTime(config.modifiedAt())
        .build();
  }

  ListNotebookInstanceLifecycleConfigsOutput list(Caller caller, ListNotebookInstanceLifecycleConfigsInput request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.NOTEBOOK_LIFECYCLE_CONFIG, request.toDocument(),
        Direction.DESCENDING).page(store);
    return ListNotebookInstanceLifecycleConfigsOutput.builder()
        .notebookInstanceLifecycleConfigs(page.items().stream()
            .map(config -> NotebookInstanceLifecycleConfigSummary.builder()
                .notebookInstanceLifecycleConfigName(config.name())
                .notebookInstanceLifecycleConfigArn(config.arn().toString())
                .creationTime(config.createdAt())
                .lastModifiedTime(config.modifiedAt())
                .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateNotebookInstanceLifecycleConfigOutput update(
      Caller caller, UpdateNotebookInstanceLifecycleConfigInput request) {
    StudioResource config = require(caller, request.notebookInstanceLifecycleConfigName(), "update");
    Map<String, Object> asked = Documents.without(request.toDocument(), NAME);
    store.replace(config.arn(), document -> Documents.changed(document, asked), StudioStore.Guard.NONE)
        .orElseThrow(() -> refusal("update", config.arn(), "does not exist"));
    return UpdateNotebookInstanceLifecycleConfigOutput.builder().build();
  }

  NoOutput delete(Caller caller, DeleteNotebookInstanceLifecycleConfigInput request) {
    store.deleteNow(require(caller, request.notebookInstanceLifecycleConfigName(), "delete"),
        StudioStore.Guard.NONE);
    return new NoOutput();
  }
}
