package dev.atelier.ecr;

import dev.atelier.kernel.Caller;
import dev.atelier.models.ecr.BatchCheckLayerAvailabilityRequest;
import dev.atelier.models.ecr.BatchCheckLayerAvailabilityResponse;
import dev.atelier.models.ecr.CompleteLayerUploadRequest;
import dev.atelier.models.ecr.CompleteLayerUploadResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.GetDownloadUrlForLayerRequest;
import dev.atelier.models.ecr.GetDownloadUrlForLayerResponse;
import dev.atelier.models.ecr.InitiateLayerUploadRequest;
import dev.atelier.models.ecr.InitiateLayerUploadResponse;
import dev.atelier.models.ecr.Layer;
import dev.atelier.models.ecr.LayerFailure;
import dev.atelier.models.ecr.UploadLayerPartRequest;
import dev.atelier.models.ecr.UploadLayerPartResponse;
import dev.atelier.operation.OperationTable;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Layers, as clients of the API send and fetch them; docker and podman use the registry's own protocol. */
final class LayerApi {
  /** How long ECR asks parts to be; all but the last are at least {@link #LEAST_PART}. */
  private static final long PART = 20L << 20;
  private static final long LEAST_PART = 5L << 20;
  private static final String MEDIA_TYPE = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  private final Repositories repositories;
  private final Layers layers;
  private final DownloadUrls urls;

  LayerApi(Repositories repositories, Layers layers, DownloadUrls urls) {
    this.repositories = repositories;
    this.layers = layers;
    this.urls = urls;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.initiateLayerUpload(), this::initiateLayerUpload)
        .on(EcrOperations.uploadLayerPart(), this::uploadLayerPart)
        .on(EcrOperations.completeLayerUpload(), this::completeLayerUpload)
        .on(EcrOperations.batchCheckLayerAvailability(), this::batchCheckLayerAvailability)
        .on(EcrOperations.getDownloadUrlForLayer(), this::getDownloadUrlForLayer);
  }

  InitiateLayerUploadResponse initiateLayerUpload(Caller caller, InitiateLayerUploadRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    return InitiateLayerUploadResponse.builder().uploadId(layers.start(repository)).partSize(PART).build();
  }

  UploadLayerPartResponse uploadLayerPart(Caller caller, UploadLayerPartRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    byte[] part = request.layerPartBlob();
    long length = request.partLastByte() - request.partFirstByte() + 1;
    if (length != part.length) {
      throw EcrFault.invalid("layerPartBlob", "must have as many bytes as from partFirstByte to partLastByte");
    }
    long received = layers.append(repository, request.uploadId(), OptionalLong.of(request.partFirstByte()),
        OptionalLong.of(length), new ByteArrayInputStream(part));
    return UploadLayerPartResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).uploadId(request.uploadId()).lastByteReceived(received - 1).build();
  }

  CompleteLayerUploadResponse completeLayerUpload(Caller caller, CompleteLayerUploadRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<Long> parts = layers.parts(repository, request.uploadId());
    if (parts.isEmpty()) {
      throw EcrFault.of("EmptyUploadException", "The specified layer upload does not contain any layer parts.");
    }
    if (parts.subList(0, parts.size() - 1).stream().anyMatch(size -> size < LEAST_PART)) {
      throw EcrFault.of("LayerPartTooSmallException", "Layer parts must be at least 5 MiB in size.");
    }
    String digest = request.layerDigests().stream().filter(each -> Layers.SHA256.matcher(each).matches()).findFirst()
        .orElse(request.layerDigests().getFirst());
    if (!layers.complete(repository, request.uploadId(), digest)) {
      throw EcrFault.of("LayerAlreadyExistsException", "The layer with digest '" + digest + "' already exists in the "
          + "repository with name '" + repository.name() + "' in registry with id '" + repository.account() + "'");
    }
    return CompleteLayerUploadResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).uploadId(request.uploadId()).layerDigest(digest).build();
  }

  BatchCheckLayerAvailabilityResponse batchCheckLayerAvailability(
      Caller caller, BatchCheckLayerAvailabilityRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<Layer> found = new ArrayList<>();
    List<LayerFailure> failures = new ArrayList<>();
    for (String digest : request.layerDigests()) {
      if (digest.isEmpty()) {
        failures.add(LayerFailure.builder().layerDigest(digest).failureCode("MissingLayerDigest")
            .failureReason("Invalid request parameters: layer digest cannot be empty").build());
      } else if (!ImageId.isDigest(digest)) {
        failures.add(LayerFailure.builder().layerDigest(digest).failureCode("InvalidLayerDigest")
            .failureReason("Invalid request parameters: layer digest should satisfy the regex"
                + " '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'").build());
      } else {
        Optional<LayerStore.Layer> layer = layers.find(repository, digest);
        found.add(layer.map(each -> Layer.builder().layerDigest(digest).layerAvailability("AVAILABLE")
            .layerSize(each.size()).mediaType(MEDIA_TYPE).build()).orElseGet(() ->
            Layer.builder().layerDigest(digest).layerAvailability("UNAVAILABLE").build()));
      }
    }
    return BatchCheckLayerAvailabilityResponse.builder().layers(found).failures(failures).build();
  }

  GetDownloadUrlForLayerResponse getDownloadUrlForLayer(Caller caller, GetDownloadUrlForLayerRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    if (layers.find(repository, request.layerDigest()).isEmpty()) {
      throw EcrFault.of("LayersNotFoundException", "Layers with digests '[" + request.layerDigest() + "]' do not exist "
          + "in the repository with name '" + repository.name() + "' in the registry with id '" + repository.account()
          + "'");
    }
    return GetDownloadUrlForLayerResponse.builder().layerDigest(request.layerDigest())
        .downloadUrl(urls.of(repository, request.layerDigest())).build();
  }
}
