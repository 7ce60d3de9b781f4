package dev.atelier.ecr;

import dev.atelier.kernel.Caller;
import dev.atelier.metadata.Page;
import dev.atelier.models.ecr.BatchDeleteImageRequest;
import dev.atelier.models.ecr.BatchDeleteImageResponse;
import dev.atelier.models.ecr.BatchGetImageRequest;
import dev.atelier.models.ecr.BatchGetImageResponse;
import dev.atelier.models.ecr.DescribeImagesRequest;
import dev.atelier.models.ecr.DescribeImagesResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.ImageDetail;
import dev.atelier.models.ecr.ImageFailure;
import dev.atelier.models.ecr.ImageIdentifier;
import dev.atelier.models.ecr.ImageReferrer;
import dev.atelier.models.ecr.ListImageReferrersRequest;
import dev.atelier.models.ecr.ListImageReferrersResponse;
import dev.atelier.models.ecr.ListImagesRequest;
import dev.atelier.models.ecr.ListImagesResponse;
import dev.atelier.models.ecr.PutImageRequest;
import dev.atelier.models.ecr.PutImageResponse;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images, as clients of the API put, list, get and delete them. */
final class ImageApi {
  private final Repositories repositories;
  private final Images images;

  ImageApi(Repositories repositories, Images images) {
    this.repositories = repositories;
    this.images = images;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.putImage(), this::putImage)
        .on(EcrOperations.listImages(), this::listImages)
        .on(EcrOperations.describeImages(), this::describeImages)
        .on(EcrOperations.batchGetImage(), this::batchGetImage)
        .on(EcrOperations.batchDeleteImage(), this::batchDeleteImage)
        .on(EcrOperations.listImageReferrers(), this::listImageReferrers);
  }

  PutImageResponse putImage(Caller caller, PutImageRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    Images.Put put = images.put(repository, request.imageManifest().getBytes(StandardCharsets.UTF_8),
        Optional.ofNullable(request.imageManifestMediaType()), Optional.ofNullable(request.imageTag()),
        Optional.ofNullable(request.imageDigest()));
    if (!put.changed()) {
      throw EcrFault.of("ImageAlreadyExistsException", "Image with digest '" + put.manifest().digest() + "' and tag '"
          + (request.imageTag() == null ? "null" : request.imageTag()) + "' already exists in the repository with name '"
          + repository.name() + "' in registry with id '" + repository.account() + "'");
    }
    ImageIdentifier id =
        ImageIdentifier.builder().imageDigest(put.manifest().digest()).imageTag(request.imageTag()).build();
    return PutImageResponse.builder()
        .image(wire(repository, id, request.imageManifest(), put.manifest().mediaType())).build();
  }

  private static dev.atelier.models.ecr.Image wire(
      Repository repository, ImageIdentifier id, String manifest, String type) {
    return dev.atelier.models.ecr.Image.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).imageId(id).imageManifest(manifest).imageManifestMediaType(type).build();
  }

  ListImagesResponse listImages(Caller caller, ListImagesRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    Optional<String> status = Optional.ofNullable(request.filter() == null ? null : request.filter().tagStatus());
    if (request.filter() != null && archived(request.filter().imageStatus())) {
      return ListImagesResponse.builder().imageIds(List.of()).build();
    }
    Page<ImageId> page = images.names(repository, new ImageStore.Paging(status,
        RepositoryApi.most(request.maxResults()), Optional.ofNullable(request.nextToken())));
    return ListImagesResponse.builder().imageIds(page.map(ImageId::toWire).items())
        .nextToken(page.nextToken().orElse(null)).build();
  }

  /** No image is archived here: whoever asks for those alone finds none. */
  private static boolean archived(String status) {
    return status != null && !status.equals("ACTIVE") && !status.equals("ANY");
  }

  DescribeImagesResponse describeImages(Caller caller, DescribeImagesRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    if (!request.imageIds().isEmpty()) {
      List<ImageDetail> found = request.imageIds().stream().map(id -> images.require(repository, ImageId.of(id)))
          .map(Image::digest).distinct().map(ImageId::ofDigest).map(id -> images.require(repository, id))
          .map(image -> detail(repository, image)).toList();
      return DescribeImagesResponse.builder().imageDetails(found).build();
    }
    Optional<String> status = Optional.ofNullable(request.filter() == null ? null : request.filter().tagStatus());
    if (request.filter() != null && archived(request.filter().imageStatus())) {
      return DescribeImagesResponse.builder().imageDetails(List.of()).build();
    }
    Page<Image> page = images.list(repository, new ImageStore.Paging(status,
        RepositoryApi.most(request.maxResults()), Optional.ofNullable(request.nextToken())));
    return DescribeImagesResponse.builder().imageDetails(page.map(image -> detail(repository, image)).items())
        .nextToken(page.nextToken().orElse(null)).build();
  }

  private static ImageDetail detail(Repository repository, Image image) {
    return ImageDetail.builder().registryId(repository.account().value()).repositoryName(repository.name())
        .imageDigest(image.digest()).imageTags(image.tags().isEmpty() ? null : image.tags())
        .imageSizeInBytes(image.size()).imagePushedAt(image.pushed()).imageManifestMediaType(image.mediaType())
        .artifactMediaType(image.artifactType().orElse(null)).lastRecordedPullTime(image.pulled().orElse(null))
        .subjectManifestDigest(image.subject().orElse(null)).imageStatus("ACTIVE").build();
  }

  BatchGetImageResponse batchGetImage(Caller caller, BatchGetImageRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<dev.atelier.models.ecr.Image> found = new ArrayList<>();
    List<ImageFailure> failures = new ArrayList<>();
    for (ImageIdentifier each : request.imageIds()) {
      ImageId id = ImageId.of(each);
      Optional<ImageFailure> unfit = unfit(id);
      if (unfit.isPresent()) {
        failures.add(unfit.get());
        continue;
      }
      Optional<Images.Found> image = images.pull(repository, id);
      if (image.isEmpty()) {
        failures.add(failure(id, "ImageNotFound", "Requested image not found"));
        continue;
      }
      ImageIdentifier named = ImageIdentifier.builder().imageDigest(image.get().image().digest())
          .imageTag(each.imageTag()).build();
      found.add(wire(repository, named, new String(image.get().manifest(), StandardCharsets.UTF_8),
          image.get().image().mediaType()));
    }
    return BatchGetImageResponse.builder().images(found).failures(failures).build();
  }

  private static Optional<ImageFailure> unfit(ImageId id) {
    if (id.digest().isEmpty() && id.tag().isEmpty()) {
      return Optional.of(failure(id, "MissingDigestAndTag",
          "Invalid request parameters: both tag and digest cannot be null"));
    }
    return id.digest().filter(digest -> !ImageId.isDigest(digest)).map(digest -> failure(id, "InvalidImageDigest",
        "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"));
  }

  private static ImageFailure failure(ImageId id, String code, String reason) {
    return ImageFailure.builder().imageId(id.toWire()).failureCode(code).failureReason(reason).build();
  }

  BatchDeleteImageResponse batchDeleteImage(Caller caller, BatchDeleteImageRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<ImageIdentifier> gone = new ArrayList<>();
    List<ImageFailure> failures = new ArrayList<>();
    for (Images.Deletion each : images.delete(repository, request.imageIds().stream().map(ImageId::of).toList())) {
      switch (each) {
        case Images.Deletion.Done done -> done.gone().forEach(id -> gone.add(id.toWire()));
        case Images.Deletion.Refused refused ->
            failures.add(failure(refused.id(), refused.code(), refused.reason()));
      }
    }
    return BatchDeleteImageResponse.builder().imageIds(gone).failures(failures).build();
  }

  /** A repository holds few artifacts about one image; they are answered in pages of what is asked for all the same. */
  ListImageReferrersResponse listImageReferrers(Caller caller, ListImageReferrersRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<String> types = request.filter() == null ? List.of() : request.filter().artifactTypes();
    int most = request.maxResults() == null ? 50 : request.maxResults();
    String after = request.nextToken() == null ? "" : request.nextToken();
    List<Images.Found> rest = images.referrers(repository, request.subjectId().imageDigest()).stream()
        .filter(found -> found.image().digest().compareTo(after) > 0)
        .filter(found -> types.isEmpty() || found.image().artifactType().filter(types::contains).isPresent()).toList();
    List<ImageReferrer> page = rest.stream().limit(most).map(ImageApi::referrer).toList();
    return ListImageReferrersResponse.builder().referrers(page)
        .nextToken(rest.size() > most ? page.getLast().digest() : null).build();
  }

  private static ImageReferrer referrer(Images.Found found) {
    Manifest manifest = Manifest.read(found.manifest(), Optional.of(found.image().mediaType()));
    return ImageReferrer.builder().digest(manifest.digest()).mediaType(manifest.mediaType())
        .artifactType(manifest.artifactType().orElse(null)).size((long) found.manifest().length)
        .annotations(manifest.annotations()).artifactStatus("ACTIVE").build();
  }
}
