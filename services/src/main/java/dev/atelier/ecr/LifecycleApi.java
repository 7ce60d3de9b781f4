package dev.atelier.ecr;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.ecr.DeleteLifecyclePolicyRequest;
import dev.atelier.models.ecr.DeleteLifecyclePolicyResponse;
import dev.atelier.models.ecr.EcrOperations;
import dev.atelier.models.ecr.GetLifecyclePolicyPreviewRequest;
import dev.atelier.models.ecr.GetLifecyclePolicyPreviewResponse;
import dev.atelier.models.ecr.GetLifecyclePolicyRequest;
import dev.atelier.models.ecr.GetLifecyclePolicyResponse;
import dev.atelier.models.ecr.LifecyclePolicyPreviewResult;
import dev.atelier.models.ecr.LifecyclePolicyPreviewSummary;
import dev.atelier.models.ecr.LifecyclePolicyRuleAction;
import dev.atelier.models.ecr.PutLifecyclePolicyRequest;
import dev.atelier.models.ecr.PutLifecyclePolicyResponse;
import dev.atelier.models.ecr.StartLifecyclePolicyPreviewRequest;
import dev.atelier.models.ecr.StartLifecyclePolicyPreviewResponse;
import dev.atelier.operation.OperationTable;
import dev.atelier.operation.StoredDocument;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which images expire, and what would if a policy were set. AWS calls a policy never applied evaluated in 1970. */
final class LifecycleApi {
  private static final int MOST_RESULTS = 100;

  private final Repositories repositories;
  private final Images images;
  private final MetadataStore database;
  private final Clock clock;

  /** @param clock that policies are applied by */
  LifecycleApi(Repositories repositories, Images images, MetadataStore database, Clock clock) {
    this.repositories = repositories;
    this.images = images;
    this.database = database;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(EcrOperations.putLifecyclePolicy(), this::putLifecyclePolicy)
        .on(EcrOperations.getLifecyclePolicy(), this::getLifecyclePolicy)
        .on(EcrOperations.deleteLifecyclePolicy(), this::deleteLifecyclePolicy)
        .on(EcrOperations.startLifecyclePolicyPreview(), this::startLifecyclePolicyPreview)
        .on(EcrOperations.getLifecyclePolicyPreview(), this::getLifecyclePolicyPreview);
  }

  PutLifecyclePolicyResponse putLifecyclePolicy(Caller caller, PutLifecyclePolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    LifecyclePolicy.read(request.lifecyclePolicyText());
    repositories.change(repository, present ->
        present.withLifecycle(Optional.of(request.lifecyclePolicyText()), Optional.empty()));
    return PutLifecyclePolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).lifecyclePolicyText(request.lifecyclePolicyText()).build();
  }

  GetLifecyclePolicyResponse getLifecyclePolicy(Caller caller, GetLifecyclePolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    return GetLifecyclePolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).lifecyclePolicyText(policy(repository))
        .lastEvaluatedAt(repository.evaluated().orElse(Instant.EPOCH)).build();
  }

  DeleteLifecyclePolicyResponse deleteLifecyclePolicy(Caller caller, DeleteLifecyclePolicyRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    String gone = policy(repository);
    repositories.change(repository, present -> present.withLifecycle(Optional.empty(), Optional.empty()));
    return DeleteLifecyclePolicyResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).lifecyclePolicyText(gone)
        .lastEvaluatedAt(repository.evaluated().orElse(Instant.EPOCH)).build();
  }

  private static String policy(Repository repository) {
    return repository.lifecycle().orElseThrow(() -> missing("LifecyclePolicyNotFoundException", "Lifecycle policy",
        repository));
  }

  private static Fault missing(String code, String what, Repository repository) {
    return EcrFault.of(code, what + " does not exist for the repository with name '" + repository.name()
        + "' in the registry with id '" + repository.account() + "'");
  }

  /** The preview is made at once; it says what the policy would do to the images that are there now. */
  StartLifecyclePolicyPreviewResponse startLifecyclePolicyPreview(
      Caller caller, StartLifecyclePolicyPreviewRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    String text = request.lifecyclePolicyText() == null ? policy(repository) : request.lifecyclePolicyText();
    Map<Image, LifecyclePolicy.Rule> expiring =
        LifecyclePolicy.read(text).expiring(images.all(repository), clock.instant());
    List<LifecyclePolicyPreviewResult> results = expiring.entrySet().stream().map(each ->
        LifecyclePolicyPreviewResult.builder().imageDigest(each.getKey().digest()).imageTags(each.getKey().tags())
            .imagePushedAt(each.getKey().pushed()).appliedRulePriority(each.getValue().priority())
            .action(LifecyclePolicyRuleAction.builder().type("EXPIRE").build()).storageClass("STANDARD").build())
        .toList();
    String document = StoredDocument.write(GetLifecyclePolicyPreviewResponse.builder().previewResults(results).build());
    database.write(tx -> tx.createUpdate("INSERT INTO ecr_lifecycle_preview (repository, policy, results)"
            + " VALUES (:repository, :policy, :results) ON CONFLICT (repository) DO UPDATE SET policy = excluded.policy,"
            + " results = excluded.results")
        .bind("repository", repository.id()).bind("policy", text).bind("results", document).execute());
    return StartLifecyclePolicyPreviewResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).lifecyclePolicyText(text).status("IN_PROGRESS").build();
  }

  private record Preview(String policy, List<LifecyclePolicyPreviewResult> results) {}

  GetLifecyclePolicyPreviewResponse getLifecyclePolicyPreview(Caller caller, GetLifecyclePolicyPreviewRequest request) {
    Repository repository = repositories.require(caller, request.registryId(), request.repositoryName());
    Preview preview = preview(repository);
    Optional<String> status = Optional.ofNullable(request.filter() == null ? null : request.filter().tagStatus());
    List<ImageId> wanted = request.imageIds().stream().map(ImageId::of).toList();
    String after = request.nextToken() == null ? "" : request.nextToken();
    List<LifecyclePolicyPreviewResult> rest = preview.results().stream()
        .filter(each -> !status.equals(Optional.of("TAGGED")) || !each.imageTags().isEmpty())
        .filter(each -> !status.equals(Optional.of("UNTAGGED")) || each.imageTags().isEmpty())
        .filter(each -> wanted.isEmpty() || wanted.stream().anyMatch(id ->
            id.digest().map(each.imageDigest()::equals).orElse(true)
                && id.tag().map(each.imageTags()::contains).orElse(true)))
        .sorted((one, other) -> one.imageDigest().compareTo(other.imageDigest()))
        .filter(each -> each.imageDigest().compareTo(after) > 0).toList();
    int most = request.maxResults() == null ? MOST_RESULTS : request.maxResults();
    List<LifecyclePolicyPreviewResult> page = rest.stream().limit(most).toList();
    return GetLifecyclePolicyPreviewResponse.builder().registryId(repository.account().value())
        .repositoryName(repository.name()).lifecyclePolicyText(preview.policy()).status("COMPLETE")
        .previewResults(page).nextToken(rest.size() > most ? page.getLast().imageDigest() : null)
        .summary(LifecyclePolicyPreviewSummary.builder().expiringImageTotalCount(preview.results().size()).build())
        .build();
  }

  private Preview preview(Repository repository) {
    return database.read(tx -> tx.createQuery("SELECT policy, results FROM ecr_lifecycle_preview WHERE repository = :id")
        .bind("id", repository.id())
        .map((row, context) -> new Preview(row.getString("policy"), results(row.getString("results"))))
        .findOne()).orElseThrow(() -> missing("LifecyclePolicyPreviewNotFoundException", "Lifecycle policy preview",
            repository));
  }

  private static List<LifecyclePolicyPreviewResult> results(String document) {
    return GetLifecyclePolicyPreviewResponse.fromDocument(StoredDocument.read(
        (StructureShape) ServiceModel.load("ecr").shape("GetLifecyclePolicyPreviewResponse"), document)).previewResults();
  }
}
