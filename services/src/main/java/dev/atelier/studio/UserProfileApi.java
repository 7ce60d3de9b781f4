package dev.atelier.studio;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateUserProfileRequest;
import dev.atelier.models.sagemaker.CreateUserProfileResponse;
import dev.atelier.models.sagemaker.DeleteUserProfileRequest;
import dev.atelier.models.sagemaker.DescribeUserProfileRequest;
import dev.atelier.models.sagemaker.DescribeUserProfileResponse;
import dev.atelier.models.sagemaker.ListUserProfilesRequest;
import dev.atelier.models.sagemaker.ListUserProfilesResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.UpdateUserProfileRequest;
import dev.atelier.models.sagemaker.UpdateUserProfileResponse;
import dev.atelier.models.sagemaker.UserProfileDetails;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.util.Map;
import java.util.Optional;

/** The operations on user profiles. */
final class UserProfileApi {
  private final StudioStore store;
  private final ResourceLife life;
  private final SettingsCheck settings;
  private final InheritedTags inherited;

  UserProfileApi(StudioStore store, ResourceLife life, SettingsCheck settings) {
    this.store = store;
    this.life = life;
    this.settings = settings;
    this.inherited = new InheritedTags(store);
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createUserProfile(), this::createUserProfile)
        .on(SageMakerOperations.describeUserProfile(), this::describeUserProfile)
        .on(SageMakerOperations.listUserProfiles(), this::listUserProfiles)
        .on(SageMakerOperations.updateUserProfile(), this::updateUserProfile)
        .on(SageMakerOperations.deleteUserProfile(), this::deleteUserProfile);
  }

  CreateUserProfileResponse createUserProfile(Caller caller, CreateUserProfileRequest request) {
    StudioResource domain = DomainApi.require(store, caller, request.domainId());
    boolean sso = domain.text("AuthMode").filter("SSO"::equals).isPresent();
    boolean user = request.singleSignOnUserIdentifier() != null && request.singleSignOnUserValue() != null;
    if (sso && !user) {
      throw Fault.validation("SingleSignOnUserIdentifier and SingleSignOnUserValue are required for a domain with"
          + " AuthMode SSO.");
    }
    if (!sso && (request.singleSignOnUserIdentifier() != null || request.singleSignOnUserValue() != null)) {
      throw Fault.validation("SingleSignOnUserIdentifier and SingleSignOnUserValue cannot be specified for a domain"
          + " with AuthMode IAM.");
    }
    Map<String, Object> document = Documents.without(request.toDocument(), "DomainId", "UserProfileName", "Tags");
    check(caller, domain, document);
    Map<String, String> tags = inherited.of(domain, Optional.empty(), TagRules.of(request.tags()));
    StudioResource profile = store.insertInto(domain,
        number -> StudioResource.fresh(ResourceKind.USER_PROFILE, caller, domain.name(), request.userProfileName(),
            document, ResourceState.PENDING, store.now()),
        tags, "", StudioFaults.inState("create UserProfile in"), (tx, made) -> { })
        .orElseThrow(() -> StudioFaults.TAKEN);
    life.act(profile);
    return CreateUserProfileResponse.builder().userProfileArn(profile.arn().toString()).build();
  }

  private void check(Caller caller, StudioResource domain, Map<String, Object> document) {
    settings.check(caller, document);
    if (domain.text("AppNetworkAccessType").filter("VpcOnly"::equals).isPresent()
        && !domain.structure("DefaultUserSettings").containsKey("SecurityGroups")
        && !(document.get("UserSettings") instanceof Map<?, ?> own && own.containsKey("SecurityGroups"))) {
      throw Fault.validation("SecurityGroups is required in UserSettings for a domain with AppNetworkAccessType"
          + " VpcOnly, unless it is specified in the DefaultUserSettings of the domain.");
    }
  }

  /** The profile. Throws ResourceNotFound when there is none. */
  static StudioResource require(StudioStore store, Caller caller, String domain, String name) {
    return find(store, caller, domain, name).orElseThrow(() -> missing(domain, name));
  }

  static Optional<StudioResource> find(StudioStore store, Caller caller, String domain, String name) {
    return store.find(ResourceKind.USER_PROFILE.arn(caller, domain + "/" + name));
  }

  private static Fault missing(String domain, String name) {
    return Fault.resourceNotFound("UserProfile [" + domain + "/" + name + "] does not exist.");
  }

  DescribeUserProfileResponse describeUserProfile(Caller caller, DescribeUserProfileRequest request) {
    StudioResource profile = require(store, caller, request.domainId(), request.userProfileName());
    return DescribeUserProfileResponse.fromDocument(profile.document()).toBuilder()
        .domainId(profile.parent())
        .userProfileArn(profile.arn().toString())
        .userProfileName(profile.name())
        .homeEfsFileSystemUid(Integer.toString(profile.uid()))
        .status(profile.status())
        .creationTime(profile.createdAt())
        .lastModifiedTime(profile.modifiedAt())
        .failureReason(profile.shownFailure().orElse(null))
        .build();
  }

  ListUserProfilesResponse listUserProfiles(Caller caller, ListUserProfilesRequest request) {
    Page<StudioResource> page = StudioListing.of(caller, ResourceKind.USER_PROFILE, request.toDocument(),
        Direction.ASCENDING).where("parent", "DomainIdEquals").page(store);
    return ListUserProfilesResponse.builder()
        .userProfiles(page.items().stream().map(profile -> UserProfileDetails.builder()
            .domainId(profile.parent())
            .userProfileName(profile.name())
            .status(profile.status())
            .creationTime(profile.createdAt())
            .lastModifiedTime(profile.modifiedAt())
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  UpdateUserProfileResponse updateUserProfile(Caller caller, UpdateUserProfileRequest request) {
    StudioResource profile = require(store, caller, request.domainId(), request.userProfileName());
    Map<String, Object> asked = Documents.without(request.toDocument(), "DomainId", "UserProfileName");
    settings.check(caller, asked);
    StudioResource changed = store.change(profile.arn(), ResourceEvent.UPDATE,
            document -> Documents.changed(document, asked), StudioStore.Guard.NONE, StudioFaults.inState("update"))
        .orElseThrow(() -> missing(request.domainId(), request.userProfileName()));
    life.act(changed);
    return UpdateUserProfileResponse.builder().userProfileArn(profile.arn().toString()).build();
  }

  /** Its home stays where it is, for the administrator. */
  NoOutput deleteUserProfile(Caller caller, DeleteUserProfileRequest request) {
    StudioResource profile = require(store, caller, request.domainId(), request.userProfileName());
    life.act(store.change(profile.arn(), ResourceEvent.DELETE, document -> document,
            tx -> Dependents.refuseProfile(tx, profile), StudioFaults.inState("delete"))
        .orElseThrow(() -> missing(request.domainId(), request.userProfileName())));
    return new NoOutput();
  }
}
