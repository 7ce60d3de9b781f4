package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.CreateImageVersionRequest;
import dev.atelier.models.sagemaker.CreateImageVersionResponse;
import dev.atelier.models.sagemaker.DeleteImageVersionRequest;
import dev.atelier.models.sagemaker.DeleteImageVersionResponse;
import dev.atelier.models.sagemaker.DescribeImageVersionRequest;
import dev.atelier.models.sagemaker.DescribeImageVersionResponse;
import dev.atelier.models.sagemaker.ImageVersion;
import dev.atelier.models.sagemaker.ListAliasesRequest;
import dev.atelier.models.sagemaker.ListAliasesResponse;
import dev.atelier.models.sagemaker.ListImageVersionsRequest;
import dev.atelier.models.sagemaker.ListImageVersionsResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateImageVersionRequest;
import dev.atelier.models.sagemaker.UpdateImageVersionResponse;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The operations on versions of images, and on their aliases. */
final class ImageVersionApi {
  private final StudioStore store;
  private final ResourceLife life;

  ImageVersionApi(StudioStore store, ResourceLife life) {
    this.store = store;
    this.life = life;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createImageVersion(), this::createImageVersion)
        .on(SageMakerOperations.describeImageVersion(), this::describeImageVersion)
        .on(SageMakerOperations.listImageVersions(), this::listImageVersions)
        .on(SageMakerOperations.updateImageVersion(), this::updateImageVersion)
        .on(SageMakerOperations.deleteImageVersion(), this::deleteImageVersion)
        .on(SageMakerOperations.listAliases(), this::listAliases);
  }

  CreateImageVersionResponse createImageVersion(Caller caller, CreateImageVersionRequest request) {
    StudioResource image = ImageApi.require(store, caller, request.imageName());
    Map<String, Object> document =
        Documents.without(request.toDocument(), "ImageName", "ClientToken", "Aliases");
    Optional<StudioResource> made = store.insertInto(image,
        number -> StudioResource.fresh(ResourceKind.IMAGE_VERSION, caller, image.name(), Integer.toString(number),
            document, ResourceState.PENDING, store.now()),
        Map.of(), request.clientToken(),
        unready -> Fault.validation("Image " + image.name() + " is in an invalid state."),
        (tx, version) -> Versions.point(tx, image.arn(), version.arn(), request.aliases(),
            version.createdAt().toEpochMilli()));
    made.ifPresent(life::act);
    StudioResource version = made.or(() -> Versions.byToken(store, image, request.clientToken()))
        .orElseThrow(() -> StudioFaults.TAKEN);
    if (!version.document().equals(document)) {
      throw Fault.resourceInUse("The ClientToken " + request.clientToken() + " was used for another ImageVersion.");
    }
    return CreateImageVersionResponse.builder().imageVersionArn(version.arn().toString()).build();
  }

  /** The version of a number or an alias, else the latest. Throws ResourceNotFound in AWS's words. */
  private StudioResource require(Caller caller, String name, Optional<Integer> number, Optional<String> alias) {
    if (number.isPresent() && alias.isPresent()) {
      throw Fault.validation("Version and Alias cannot be specified together.");
    }
    StudioResource image = ImageApi.require(store, caller, name);
    if (number.isPresent()) {
      return store.find(ResourceKind.IMAGE_VERSION.arn(caller, name + "/" + number.get())).orElseThrow(
          () -> missing("ImageVersion with ImageName " + name + " and Version " + number.get()));
    }
    return alias.isPresent()
        ? Versions.byAlias(store, image, alias.get()).orElseThrow(
            () -> missing("ImageVersion with ImageName " + name + " and Alias " + alias.get()))
        : Versions.latest(store, image).orElseThrow(() -> missing("Latest ImageVersion with ImageName " + name));
  }

  private static Fault missing(String what) {
    return Fault.resourceNotFound(what + " does not exist. Please provide a valid ImageName.");
  }

  DescribeImageVersionResponse describeImageVersion(Caller caller, DescribeImageVersionRequest request) {
    StudioResource version = require(caller, request.imageName(), Optional.ofNullable(request.version()),
        Optional.ofNullable(request.alias()));
    boolean made = version.state() == ResourceState.IN_SERVICE;
    return DescribeImageVersionResponse.fromDocument(version.document()).toBuilder()
        .imageArn(ResourceKind.IMAGE.arn(caller, version.parent()).toString())
        .imageVersionArn(version.arn().toString())
        .containerImage(made ? version.text("BaseImage").orElseThrow() : null)
        .version(version.number())
        .imageVersionStatus(version.status())
        .creationTime(version.createdAt())
        .lastModifiedTime(version.modifiedAt())
        .failureReason(version.shownFailure().orElse(null))
        .build();
  }

  ListImageVersionsResponse listImageVersions(Caller caller, ListImageVersionsRequest request) {
    StudioResource image = ImageApi.require(store, caller, request.imageName());
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.IMAGE_VERSION, request.toDocument(),
        Direction.DESCENDING).equal("parent", image.name()).page(store);
    return ListImageVersionsResponse.builder()
        .imageVersions(page.items().stream().map(version -> ImageVersion.builder()
            .imageArn(image.arn().toString())
            .imageVersionArn(version.arn().toString())
            .version(version.number())
            .imageVersionStatus(version.status())
            .failureReason(version.shownFailure().orElse(null))
            .creationTime(version.createdAt())
            .lastModifiedTime(version.modifiedAt())
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateImageVersionResponse updateImageVersion(Caller caller, UpdateImageVersionRequest request) {
    StudioResource version = require(caller, request.imageName(), Optional.ofNullable(request.version()),
        Optional.ofNullable(request.alias()));
    Map<String, Object> asked = Documents.without(request.toDocument(), "ImageName", "Version", "Alias",
        "AliasesToAdd", "AliasesToDelete");
    store.replace(version.arn(), document -> Documents.changed(document, asked), tx -> {
      if (StudioStore.find(tx, version.arn()).filter(StudioResource::usable).isEmpty()) {
        throw Fault.validation("ImageVersion " + version.arn() + " is in an invalid state.");
      }
      if (!Versions.unpoint(tx, version.arn(), request.aliasesToDelete())) {
        throw Fault.validation("AliasesToDelete must be aliases of ImageVersion " + version.arn() + ".");
      }
      Versions.point(tx, ResourceKind.IMAGE.arn(caller, version.parent()), version.arn(), request.aliasesToAdd(),
          store.now().toEpochMilli());
    }).orElseThrow(() -> missing("ImageVersion with ImageName " + request.imageName()));
    return UpdateImageVersionResponse.builder().imageVersionArn(version.arn().toString()).build();
  }

  DeleteImageVersionResponse deleteImageVersion(Caller caller, DeleteImageVersionRequest request) {
    if (request.version() == null && request.alias() == null) {
      throw Fault.validation("Either Version or Alias must be specified.");
    }
    StudioResource version = require(caller, request.imageName(), Optional.ofNullable(request.version()),
        Optional.ofNullable(request.alias()));
    life.act(store.change(version.arn(), ResourceEvent.DELETE, document -> document,
            tx -> Dependents.refuseNamed(tx, version), StudioFaults.inState("delete"))
        .orElseThrow(() -> missing("ImageVersion with ImageName " + request.imageName())));
    return DeleteImageVersionResponse.builder().build();
  }

  ListAliasesResponse listAliases(Caller caller, ListAliasesRequest request) {
    StudioResource image = ImageApi.require(store, caller, request.imageName());
    KeysetQuery query = KeysetQuery.from("studio_alias", "image", "alias", "version")
        .equal("image", image.arn().toString())
        .equal("alias", Optional.ofNullable(request.alias()))
        .equal("version", Optional.ofNullable(request.version()).map(number ->
            ResourceKind.IMAGE_VERSION.arn(caller, image.name() + "/" + number).toString()))
        .sortBy("alias", "alias", Direction.ASCENDING);
    OptionalInt most = request.maxResults() == null ? OptionalInt.empty() : OptionalInt.of(request.maxResults());
    Page<String> page = store.rows().read(tx -> query.page(tx, most, Optional.ofNullable(request.nextToken()),
        (row, context) -> row.getString("alias")));
    List<String> aliases = page.items();
    return ListAliasesResponse.builder().sageMakerImageVersionAliases(aliases)
        .nextToken(page.nextToken().orElse(null)).build();
  }
}
