package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CodeRepositorySummary;
import dev.atelier.models.sagemaker.CreateCodeRepositoryInput;
import dev.atelier.models.sagemaker.CreateCodeRepositoryOutput;
import dev.atelier.models.sagemaker.DeleteCodeRepositoryInput;
import dev.atelier.models.sagemaker.DescribeCodeRepositoryInput;
import dev.atelier.models.sagemaker.DescribeCodeRepositoryOutput;
import dev.atelier.models.sagemaker.ListCodeRepositoriesInput;
import dev.atelier.models.sagemaker.ListCodeRepositoriesOutput;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateCodeRepositoryInput;
import dev.atelier.models.sagemaker.UpdateCodeRepositoryOutput;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.LinkedHashMap;
import java.util.Map;

/** The operations on git repositories that notebooks are offered. */
final class CodeRepositoryApi {
  private final StudioStore store;

  CodeRepositoryApi(StudioStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createCodeRepository(), this::createCodeRepository)
        .on(SageMakerOperations.describeCodeRepository(), this::describeCodeRepository)
        .on(SageMakerOperations.listCodeRepositories(), this::listCodeRepositories)
        .on(SageMakerOperations.updateCodeRepository(), this::updateCodeRepository)
        .on(SageMakerOperations.deleteCodeRepository(), this::deleteCodeRepository);
  }

  CreateCodeRepositoryOutput createCodeRepository(Caller caller, CreateCodeRepositoryInput request) {
    StudioResource repository = StudioResource.fresh(ResourceKind.CODE_REPOSITORY, caller, "",
        request.codeRepositoryName(), Documents.without(request.toDocument(), "CodeRepositoryName", "Tags"),
        ResourceState.IN_SERVICE, store.now());
    if (!store.insert(repository, TagRules.of(request.tags()), "", StudioStore.Guard.NONE)) {
      throw Fault.validation("Cannot create already existing CodeRepository \"" + repository.arn() + "\".");
    }
    return CreateCodeRepositoryOutput.builder().codeRepositoryArn(repository.arn().toString()).build();
  }

  private StudioResource require(Caller caller, String name) {
    Arn arn = ResourceKind.CODE_REPOSITORY.arn(caller, name);
    return store.find(arn).orElseThrow(() -> missing(arn));
  }

  private static Fault missing(Arn arn) {
    return Fault.validation("Cannot find CodeRepository: \"" + arn + "\".");
  }

  DescribeCodeRepositoryOutput describeCodeRepository(Caller caller, DescribeCodeRepositoryInput request) {
    return described(require(caller, request.codeRepositoryName()));
  }

  private static DescribeCodeRepositoryOutput described(StudioResource repository) {
    return DescribeCodeRepositoryOutput.fromDocument(repository.document()).toBuilder()
        .codeRepositoryArn(repository.arn().toString())
        .codeRepositoryName(repository.name())
        .creationTime(repository.createdAt())
        .lastModifiedTime(repository.modifiedAt())
        .build();
  }

  ListCodeRepositoriesOutput listCodeRepositories(Caller caller, ListCodeRepositoriesInput request) {
    Map<String, Object> asked = new LinkedHashMap<>(request.toDocument());
    asked.putIfAbsent("SortBy", "Name");
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.CODE_REPOSITORY, asked, Direction.ASCENDING)
        .page(store);
    return ListCodeRepositoriesOutput.builder()
        .codeRepositorySummaryList(page.items().stream()
            .map(repository -> CodeRepositorySummary.fromDocument(described(repository).toDocument())).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateCodeRepositoryOutput updateCodeRepository(Caller caller, UpdateCodeRepositoryInput request) {
    StudioResource repository = require(caller, request.codeRepositoryName());
    Map<String, Object> asked = Documents.without(request.toDocument(), "CodeRepositoryName");
    store.replace(repository.arn(), document -> Documents.changed(document, asked), StudioStore.Guard.NONE)
        .orElseThrow(() -> missing(repository.arn()));
    return UpdateCodeRepositoryOutput.builder().codeRepositoryArn(repository.arn().toString()).build();
  }

  NoOutput deleteCodeRepository(Caller caller, DeleteCodeRepositoryInput request) {
    store.deleteNow(require(caller, request.codeRepositoryName()), StudioStore.Guard.NONE);
    return new NoOutput();
  }
}
