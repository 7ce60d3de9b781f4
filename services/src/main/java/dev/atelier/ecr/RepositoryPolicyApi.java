package dev.atelier.ecr;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.Decision;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.ecr.DeleteRepositoryPolicyRequest;
import dev.atelier.models.ecr.DeleteRepositoryPolicyResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.GetRepositoryPolicyRequest;
import dev.atelier.models.ecr.GetRepositoryPolicyResponse;
import dev.atelier.models.ecr.SetRepositoryPolicyRequest;
import dev.atelier.models.ecr.SetRepositoryPolicyResponse;
import dev.atelier.operation.OperationTable;
import java.util.Map;
import java.util.Optional;

/** Who may use a repository. */
final class RepositoryPolicyApi {
  private final Repositories repositories;
  private final Authoriser authoriser;

  RepositoryPolicyApi(Repositories repositories, Authoriser authoriser) {
    this.repositories = repositories;
    this.authoriser = authoriser;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.setRepositoryPolicy(), this::setRepositoryPolicy)
        .on(EcrOperations.getRepositoryPolicy(), this::getRepositoryPolicy)
        .on(EcrOperations.deleteRepositoryPolicy(), this::deleteRepositoryPolicy);
  }

  SetRepositoryPolicyResponse setRepositoryPolicy(Caller caller, SetRepositoryPolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    requireValid(request.policyText());
    if (!Boolean.TRUE.equals(request.force()) && locksOut(caller, repository, request.policyText())) {
      throw EcrFault.invalid("PolicyText", "The policy would keep you from setting another one; use force to set it");
    }
    repositories.change(repository, present -> present.withPolicy(Optional.of(request.policyText())));
    return SetRepositoryPolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).policyText(request.policyText()).build();
  }

  private static void requireValid(String policy) {
    try {
      Repositories.document(policy);
    } catch (Fault e) {
      throw EcrFault.invalid("PolicyText", "Invalid repository policy provided");
    }
  }

  private boolean locksOut(Caller caller, Repository repository, String policy) {
    Decision decision = authoriser.decide(caller, new Access("ecr:SetRepositoryPolicy", repository.arn().toString(),
        Map.of(), Optional.of(repository.account()),
        Optional.of(new NamedPolicy("repository policy", Repositories.document(policy)))));
    return !decision.allowed();
  }

  GetRepositoryPolicyResponse getRepositoryPolicy(Caller caller, GetRepositoryPolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    return GetRepositoryPolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).policyText(policy(repository)).build();
  }

  DeleteRepositoryPolicyResponse deleteRepositoryPolicy(Caller caller, DeleteRepositoryPolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    String gone = policy(repository);
    repositories.change(repository, present -> present.withPolicy(Optional.empty()));
    return DeleteRepositoryPolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).policyText(gone).build();
  }

  private static String policy(Repository repository) {
    return repository.policy().orElseThrow(() -> EcrFault.of("RepositoryPolicyNotFoundException",
        "Repository policy does not exist for the repository with name '" + repository.name()
            + "' in the registry with id '" + repository.account() + "'"));
  }
}
