package dev.atelier.ecr;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.metadata.Page;
import dev.atelier.models.ecr.CreateRepositoryRequest;
import dev.atelier.models.ecr.CreateRepositoryResponse;
import dev.atelier.models.ecr.DeleteRepositoryRequest;
import dev.atelier.models.ecr.DeleteRepositoryResponse;
import dev.atelier.models.ecr.DescribeRepositoriesRequest;
import dev.atelier.models.ecr.DescribeRepositoriesResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.EncryptionConfiguration;
import dev.atelier.models.ecr.ImageScanningConfiguration;
import dev.atelier.models.ecr.ListTagsForResourceRequest;
import dev.atelier.models.ecr.ListTagsForResourceResponse;
import dev.atelier.models.ecr.PutImageScanningConfigurationRequest;
import dev.atelier.models.ecr.PutImageScanningConfigurationResponse;
import dev.atelier.models.ecr.PutImageTagMutabilityRequest;
import dev.atelier.models.ecr.PutImageTagMutabilityResponse;
import dev.atelier.models.ecr.Tag;
import dev.atelier.models.ecr.TagResourceRequest;
import dev.atelier.models.ecr.TagResourceResponse;
import dev.atelier.models.ecr.UntagResourceRequest;
import dev.atelier.models.ecr.UntagResourceResponse;
import dev.atelier.operation.OperationTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The life of repositories. */
final class RepositoryApi {
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  private final Repositories repositories;
  private final Images images;
  private final Layers layers;

  RepositoryApi(Repositories repositories, Images images, Layers layers) {
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.createRepository(), this::createRepository)
        .on(EcrOperations.describeRepositories(), this::describeRepositories)
        .on(EcrOperations.deleteRepository(), this::deleteRepository)
        .on(EcrOperations.putImageTagMutability(), this::putImageTagMutability)
        .on(EcrOperations.putImageScanningConfiguration(), this::putImageScanningConfiguration)
        .on(EcrOperations.tagResource(), this::tagResource)
        .on(EcrOperations.untagResource(), this::untagResource)
        .on(EcrOperations.listTagsForResource(), this::listTagsForResource);
  }

  CreateRepositoryResponse createRepository(Caller caller, CreateRepositoryRequest request) {
    EncryptionConfiguration encryption = request.encryptionConfiguration();
    Repository made = repositories.create(caller, own(caller, request.registryId()), new Repositories.Wish(
        request.repositoryName(),
        TagRule.of(request.imageTagMutability(), request.imageTagMutabilityExclusionFilters()),
        request.imageScanningConfiguration() != null
            && Boolean.TRUE.equals(request.imageScanningConfiguration().scanOnPush()),
        encryption == null ? LayerKeys.AES256 : encryption.encryptionType(),
        Optional.ofNullable(encryption == null ? null : encryption.kmsKey()), tags(request.tags())));
    return CreateRepositoryResponse.builder().repository(wire(made)).build();
  }

  /** Nobody makes repositories in another account's registry. */
  private static AccountId own(Caller caller, String registryId) {
    AccountId account = Repositories.registry(caller, registryId);
    if (!account.equals(caller.account())) {
      throw EcrFault.invalid("registryId", "must be the account of the caller");
    }
    return account;
  }

  DescribeRepositoriesResponse describeRepositories(Caller caller, DescribeRepositoriesRequest request) {
    AccountId account = Repositories.registry(caller, request.registryId());
    if (!request.repositoryNames().isEmpty()) {
      if (request.maxResults() != null || request.nextToken() != null) {
        throw EcrFault.invalid("repositoryNames", "cannot be given together with maxResults or nextToken");
      }
      List<dev.atelier.models.ecr.Repository> found = request.repositoryNames().stream().distinct()
          .map(name -> wire(repositories.require(account, caller.region(), name))).toList();
      return DescribeRepositoriesResponse.builder().repositories(found).build();
    }
    Page<Repository> page = repositories.list(account, caller.region(), most(request.maxResults()),
        Optional.ofNullable(request.nextToken()));
    return DescribeRepositoriesResponse.builder().repositories(page.map(RepositoryApi::wire).items())
        .nextToken(page.nextToken().orElse(null)).build();
  }

  static OptionalInt most(Integer maxResults) {
    return maxResults == null ? OptionalInt.empty() : OptionalInt.of(maxResults);
  }

  DeleteRepositoryResponse deleteRepository(Caller caller, DeleteRepositoryRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    List<String> contents = layers.contents(repository);
    repositories.delete(repository, Boolean.TRUE.equals(request.force()), tx -> images.any(tx, repository));
    layers.discard(contents);
    return DeleteRepositoryResponse.builder().repository(wire(repository)).build();
  }

  PutImageTagMutabilityResponse putImageTagMutability(Caller caller, PutImageTagMutabilityRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    TagRule rule = TagRule.of(request.imageTagMutability(), request.imageTagMutabilityExclusionFilters());
    repositories.change(repository, present -> present.withTagRule(rule));
    return PutImageTagMutabilityResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).imageTagMutability(rule.mutability())
        .imageTagMutabilityExclusionFilters(rule.toWire()).build();
  }

  PutImageScanningConfigurationResponse putImageScanningConfiguration(
      Caller caller, PutImageScanningConfigurationRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    boolean scan = Boolean.TRUE.equals(request.imageScanningConfiguration().scanOnPush());
    repositories.change(repository, present -> present.withScanOnPush(scan));
    return PutImageScanningConfigurationResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name())
        .imageScanningConfiguration(ImageScanningConfiguration.builder().scanOnPush(scan).build()).build();
  }

  TagResourceResponse tagResource(Caller caller, TagResourceRequest request) {
    repositories.tag(repositories.require(caller, request.resourceArn()), tags(request.tags()));
    return TagResourceResponse.builder().build();
  }

  UntagResourceResponse untagResource(Caller caller, UntagResourceRequest request) {
    repositories.untag(repositories.require(caller, request.resourceArn()), request.tagKeys());
    return UntagResourceResponse.builder().build();
  }

  ListTagsForResourceResponse listTagsForResource(Caller caller, ListTagsForResourceRequest request) {
    return ListTagsForResourceResponse.builder()
        .tags(repositories.tags(repositories.require(caller, request.resourceArn())).entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList()).build();
  }

  /** @throws dev.atelier.kernel.Fault InvalidTagParameterException */
  private static Map<String, String> tags(List<Tag> tags) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Tag tag : tags) {
      String reason = tag.key().isEmpty() || tag.key().length() > LONGEST_KEY ? "Tag keys have 1 to 128 characters"
          : tag.value().length() > LONGEST_VALUE ? "Tag values have at most 256 characters"
          : tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")
              ? "aws: prefixed tag key names are not allowed for external use."
          : result.put(tag.key(), tag.value()) != null ? "Duplicate tag keys found" : "";
      if (!reason.isEmpty()) {
        throw EcrFault.of("InvalidTagParameterException", reason);
      }
    }
    return result;
  }

  private static dev.atelier.models.ecr.Repository wire(Repository repository) {
    return dev.atelier.models.ecr.Repository.builder().repositoryArn(repository.arn().toString())
        .registryId(repository.account().value()).repositoryName(repository.name()).repositoryUri(repository.uri())
        .createdAt(repository.created()).imageTagMutability(repository.tagRule().mutability())
        .imageTagMutabilityExclusionFilters(
            repository.tagRule().exclusions().isEmpty() ? null : repository.tagRule().toWire())
        .imageScanningConfiguration(
            ImageScanningConfiguration.builder().scanOnPush(repository.scanOnPush()).build())
        .encryptionConfiguration(EncryptionConfiguration.builder().encryptionType(repository.encryption().type())
            .kmsKey(repository.encryption().kmsKey().orElse(null)).build()).build();
  }
}
