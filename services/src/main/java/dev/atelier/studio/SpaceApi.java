package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateSpaceRequest;
import dev.atelier.models.sagemaker.CreateSpaceResponse;
import dev.atelier.models.sagemaker.DeleteSpaceRequest;
import dev.atelier.models.sagemaker.DescribeSpaceRequest;
import dev.atelier.models.sagemaker.DescribeSpaceResponse;
import dev.atelier.models.sagemaker.ListSpacesRequest;
import dev.atelier.models.sagemaker.ListSpacesResponse;
import dev.atelier.models.sagemaker.OwnershipSettingsSummary;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.SpaceDetails;
import dev.atelier.models.sagemaker.SpaceSettingsSummary;
import dev.atelier.models.sagemaker.SpaceSharingSettingsSummary;
import dev.atelier.models.sagemaker.UpdateSpaceRequest;
import dev.atelier.models.sagemaker.UpdateSpaceResponse;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Map;
import java.util.Optional;

/** The operations on spaces. */
final class SpaceApi {
  private final StudioStore store;
  private final ResourceLife life;
  private final SettingsCheck settings;
  private final InheritedTags inherited;

  SpaceApi(StudioStore store, ResourceLife life, SettingsCheck settings) {
    this.store = store;
    this.life = life;
    this.settings = settings;
    this.inherited = new InheritedTags(store);
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createSpace(), this::createSpace)
        .on(SageMakerOperations.describeSpace(), this::describeSpace)
        .on(SageMakerOperations.listSpaces(), this::listSpaces)
        .on(SageMakerOperations.updateSpace(), this::updateSpace)
        .on(SageMakerOperations.deleteSpace(), this::deleteSpace);
  }

  CreateSpaceResponse createSpace(Caller caller, CreateSpaceRequest request) {
    StudioResource domain = DomainApi.require(store, caller, request.domainId());
    Map<String, Object> asked = Documents.without(request.toDocument(), "DomainId", "SpaceName", "Tags");
    SpaceRules.check(asked);
    settings.check(caller, asked);
    Optional<StudioResource> owner = SpaceRules.owner(asked)
        .map(name -> UserProfileApi.find(store, caller, domain.name(), name).orElseThrow(() -> Fault.validation(
            "UserProfile [" + domain.name() + "/" + name + "] does not exist.")));
    Map<String, Object> document = fitted(asked, domain, owner);
    Map<String, String> tags = inherited.of(domain, owner, TagRules.of(request.tags()));
    StudioResource space = store.insertInto(domain, number -> StudioResource.fresh(ResourceKind.SPACE, caller,
            domain.name(), request.spaceName(), document, ResourceState.PENDING, store.now()),
        tags, "", StudioFaults.inState("create Space in"), (tx, made) -> { })
        .orElseThrow(() -> StudioFaults.TAKEN);
    life.act(space);
    return CreateSpaceResponse.builder().spaceArn(space.arn().toString()).build();
  }

  private static Map<String, Object> fitted(Map<String, Object> space, StudioResource domain,
      Optional<StudioResource> owner) {
    EffectiveSettings effective =
        EffectiveSettings.ofSpace(domain.document(), space, owner.map(StudioResource::document));
    SpaceRules.checkIdle(space, effective);
    SpaceRules.checkFileSystems(space, effective);
    return SpaceRules.sized(space, effective);
  }

  /** The space. Throws ResourceNotFound when there is none. */
  static StudioResource require(StudioStore store, Caller caller, String domain, String name) {
    return store.find(ResourceKind.SPACE.arn(caller, domain + "/" + name))
        .orElseThrow(() -> missing(domain, name));
  }

  private static Fault missing(String domain, String name) {
    return Fault.resourceNotFound("Space [" + domain + "/" + name + "] does not exist.");
  }

  DescribeSpaceResponse describeSpace(Caller caller, DescribeSpaceRequest request) {
    StudioResource space = require(store, caller, request.domainId(), request.spaceName());
    return described(space).toBuilder()
        .domainId(space.parent())
        .spaceArn(space.arn().toString())
        .spaceName(space.name())
        .homeEfsFileSystemUid(Integer.toString(space.uid()))
        .status(space.status())
        .creationTime(space.createdAt())
        .lastModifiedTime(space.modifiedAt())
        .failureReason(space.shownFailure().orElse(null))
        .build();
  }

  private static DescribeSpaceResponse described(StudioResource space) {
    return DescribeSpaceResponse.fromDocument(space.document());
  }

  ListSpacesResponse listSpaces(Caller caller, ListSpacesRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.SPACE, request.toDocument(),
        Direction.ASCENDING).where("parent", "DomainIdEquals").page(store);
    return ListSpacesResponse.builder()
        .spaces(page.items().stream().map(SpaceApi::summary).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  private static SpaceDetails summary(StudioResource space) {
    DescribeSpaceResponse shown = described(space);
    SpaceDetails.Builder details = SpaceDetails.builder()
        .domainId(space.parent())
        .spaceName(space.name())
        .spaceDisplayName(shown.spaceDisplayName())
        .status(space.status())
        .creationTime(space.createdAt())
        .lastModifiedTime(space.modifiedAt());
    if (shown.spaceSettings() != null) {
      details.spaceSettingsSummary(SpaceSettingsSummary.builder()
          .appType(shown.spaceSettings().appType())
          .remoteAccess(shown.spaceSettings().remoteAccess())
          .spaceStorageSettings(shown.spaceSettings().spaceStorageSettings())
          .build());
    }
    if (shown.spaceSharingSettings() != null) {
      details.spaceSharingSettingsSummary(SpaceSharingSettingsSummary.builder()
          .sharingType(shown.spaceSharingSettings().sharingType()).build());
    }
    if (shown.ownershipSettings() != null) {
      details.ownershipSettingsSummary(OwnershipSettingsSummary.builder()
          .ownerUserProfileName(shown.ownershipSettings().ownerUserProfileName()).build());
    }
    return details.build();
  }

  UpdateSpaceResponse updateSpace(Caller caller, UpdateSpaceRequest request) {
    StudioResource space = require(store, caller, request.domainId(), request.spaceName());
    StudioResource domain = DomainApi.require(store, caller, request.domainId());
    Optional<StudioResource> owner = SpaceRules.owner(space.document())
        .flatMap(name -> UserProfileApi.find(store, caller, domain.name(), name));
    Map<String, Object> asked = Documents.without(request.toDocument(), "DomainId", "SpaceName");
    settings.check(caller, asked);
    boolean rebuilt = SpaceRules.size(asked) != 0 || SpaceRules.namesResources(asked);
    StudioResource changed = store.change(space.arn(), ResourceEvent.UPDATE, document -> {
      Map<String, Object> next = Documents.changed(document, asked);
      SpaceRules.checkChange(document, next);
      return fitted(next, domain, owner);
    }, tx -> {
      if (rebuilt) {
        Dependents.refuseApps(tx, "update", space);
      }
    }, StudioFaults.inState("update")).orElseThrow(() -> missing(request.domainId(), request.spaceName()));
    life.act(changed);
    return UpdateSpaceResponse.builder().spaceArn(space.arn().toString()).build();
  }

  NoOutput deleteSpace(Caller caller, DeleteSpaceRequest request) {
    StudioResource space = require(store, caller, request.domainId(), request.spaceName());
    life.act(store.change(space.arn(), ResourceEvent.DELETE, document -> document,
            tx -> Dependents.refuseApps(tx, "delete", space), StudioFaults.inState("delete"))
        .orElseThrow(() -> missing(request.domainId(), request.spaceName())));
    return new NoOutput();
  }
}
