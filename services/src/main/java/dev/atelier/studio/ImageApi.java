package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.sagemaker.CreateImageRequest;
import dev.atelier.models.sagemaker.CreateImageResponse;
import dev.atelier.models.sagemaker.DeleteImageRequest;
import dev.atelier.models.sagemaker.DeleteImageResponse;
import dev.atelier.models.sagemaker.DescribeImageRequest;
import dev.atelier.models.sagemaker.DescribeImageResponse;
import dev.atelier.models.sagemaker.Image;
import dev.atelier.models.sagemaker.ListImagesRequest;
import dev.atelier.models.sagemaker.ListImagesResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateImageRequest;
import dev.atelier.models.sagemaker.UpdateImageResponse;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Map;

/** The operations on images. */
final class ImageApi {
  private final StudioStore store;
  private final ResourceLife life;

  ImageApi(StudioStore store, ResourceLife life) {
    this.store = store;
    this.life = life;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createImage(), this::createImage)
        .on(SageMakerOperations.describeImage(), this::describeImage)
        .on(SageMakerOperations.listImages(), this::listImages)
        .on(SageMakerOperations.updateImage(), this::updateImage)
        .on(SageMakerOperations.deleteImage(), this::deleteImage);
  }

  CreateImageResponse createImage(Caller caller, CreateImageRequest request) {
    StudioResource image = StudioResource.fresh(ResourceKind.IMAGE, caller, "", request.imageName(),
        Documents.without(request.toDocument(), "ImageName", "Tags"), ResourceState.PENDING, store.now());
    if (!store.insert(image, TagRules.of(request.tags()), "", StudioStore.Guard.NONE)) {
      throw Fault.resourceInUse("The Image with ImageName " + request.imageName()
          + " already exists. Please use a different ImageName.");
    }
    life.act(image);
    return CreateImageResponse.builder().imageArn(image.arn().toString()).build();
  }

  /** The image. Throws ResourceNotFound in AWS's words when there is none. */
  static StudioResource require(StudioStore store, Caller caller, String name) {
    return store.find(ResourceKind.IMAGE.arn(caller, name)).orElseThrow(() -> missing(name));
  }

  private static Fault missing(String name) {
    return Fault.resourceNotFound(
        "Image with ImageName " + name + " does not exist. Please provide a valid ImageName.");
  }

  DescribeImageResponse describeImage(Caller caller, DescribeImageRequest request) {
    StudioResource image = require(store, caller, request.imageName());
    return DescribeImageResponse.fromDocument(image.document()).toBuilder()
        .imageArn(image.arn().toString())
        .imageName(image.name())
        .imageStatus(image.status())
        .creationTime(image.createdAt())
        .lastModifiedTime(image.modifiedAt())
        .failureReason(image.shownFailure().orElse(null))
        .build();
  }

  ListImagesResponse listImages(Caller caller, ListImagesRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.IMAGE, request.toDocument(),
        Direction.DESCENDING).page(store);
    return ListImagesResponse.builder()
        .images(page.items().stream().map(image -> Image.builder()
            .imageArn(image.arn().toString())
            .imageName(image.name())
            .displayName(image.text("DisplayName").orElse(null))
            .description(image.text("Description").orElse(null))
            .imageStatus(image.status())
            .failureReason(image.shownFailure().orElse(null))
            .creationTime(image.createdAt())
            .lastModifiedTime(image.modifiedAt())
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateImageResponse updateImage(Caller caller, UpdateImageRequest request) {
    StudioResource image = require(store, caller, request.imageName());
    Map<String, Object> asked = Documents.without(request.toDocument(), "ImageName", "DeleteProperties");
    request.deleteProperties().stream().filter(asked::containsKey).findFirst().ifPresent(both -> {
      throw Fault.validation(both + " cannot be both set and deleted.");
    });
    StudioResource changed = store.change(image.arn(), ResourceEvent.UPDATE,
        document -> Documents.without(Documents.changed(document, asked),
            request.deleteProperties().toArray(String[]::new)),
        StudioStore.Guard.NONE, StudioFaults.inState("update")).orElseThrow(() -> missing(request.imageName()));
    life.act(changed);
    return UpdateImageResponse.builder().imageArn(image.arn().toString()).build();
  }

  DeleteImageResponse deleteImage(Caller caller, DeleteImageRequest request) {
    StudioResource image = require(store, caller, request.imageName());
    life.act(store.change(image.arn(), ResourceEvent.DELETE, document -> document,
            tx -> Dependents.refuseNamed(tx, image), StudioFaults.inState("delete"))
        .orElseThrow(() -> missing(request.imageName())));
    return DeleteImageResponse.builder().build();
  }
}
