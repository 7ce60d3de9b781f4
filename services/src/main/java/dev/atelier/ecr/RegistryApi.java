package dev.atelier.ecr;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.ecr.AuthorizationData;
import dev.atelier.models.ecr.DescribeImageScanFindingsRequest;
import dev.atelier.models.ecr.DescribeRegistryRequest;
import dev.atelier.models.ecr.DescribeRegistryResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.GetAuthorizationTokenRequest;
import dev.atelier.models.ecr.GetAuthorizationTokenResponse;
import dev.atelier.models.ecr.ReplicationConfiguration;
import dev.atelier.operation.OperationTable;
import java.util.List;

/** What is of a registry as a whole. */
final class RegistryApi {
  private final RegistryTokens tokens;
  private final Repositories repositories;
  private final Images images;

  RegistryApi(RegistryTokens tokens, Repositories repositories, Images images) {
    this.tokens = tokens;
    this.repositories = repositories;
    this.images = images;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.getAuthorizationToken(), this::getAuthorizationToken)
        .on(EcrOperations.describeRegistry(), this::describeRegistry)
        .refuse(EcrOperations.describeImageScanFindings(), this::neverScanned);
  }

  GetAuthorizationTokenResponse getAuthorizationToken(Caller caller, GetAuthorizationTokenRequest request) {
    RegistryTokens.Token token = tokens.issue(caller);
    List<String> registries = request.registryIds().isEmpty() ? List.of(caller.account().value()) : request.registryIds();
    return GetAuthorizationTokenResponse.builder().authorizationData(registries.stream().map(registry ->
        AuthorizationData.builder().authorizationToken(token.value()).expiresAt(token.expires())
            .proxyEndpoint("https://" + registry + ".dkr.ecr." + caller.region() + "." + caller.partition().dnsSuffix())
            .build()).toList()).build();
  }

  /** Nothing is replicated. */
  DescribeRegistryResponse describeRegistry(Caller caller, DescribeRegistryRequest request) {
    return DescribeRegistryResponse.builder().registryId(caller.account().value())
        .replicationConfiguration(ReplicationConfiguration.builder().rules(List.of()).build()).build();
  }

  /** No scanner comes with Atelier, and so no image has ever been scanned. */
  private Fault neverScanned(Caller caller, DescribeImageScanFindingsRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    ImageId id = ImageId.of(request.imageId());
    images.require(repository, id);
    return EcrFault.of("ScanNotFoundException", "Image scan does not exist for the image with '" + id.text()
        + "' in the repository with name '" + repository.name() + "' in the registry with id '" + repository.account()
        + "'");
  }
}
