package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.KeysetQuery.Direction;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.AppDetails;
import dev.atelier.models.sagemaker.CreateAppRequest;
import dev.atelier.models.sagemaker.CreateAppResponse;
import dev.atelier.models.sagemaker.DeleteAppRequest;
import dev.atelier.models.sagemaker.DescribeAppRequest;
import dev.atelier.models.sagemaker.DescribeAppResponse;
import dev.atelier.models.sagemaker.ListAppsRequest;
import dev.atelier.models.sagemaker.ListAppsResponse;
import dev.atelier.models.sagemaker.ResourceSpec;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.operation.OperationTable;
import dev.atelier.tags.TagRules;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The operations on apps. */
final class AppApi {
  private final StudioStore studio;
  private final AppStore apps;
  private final Apps states;
  private final AppRuns runs;
  private final AppRules rules;
  private final StudioImages images;
  private final InheritedTags inherited;

  AppApi(StudioStore studio, AppStore apps, AppRuns runs, SettingsCheck settings, StudioImages images) {
    this.studio = studio;
    this.apps = apps;
    this.states = new Apps(apps, runs);
    this.runs = runs;
    this.rules = new AppRules(settings);
    this.images = images;
    this.inherited = new InheritedTags(studio);
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createApp(), this::createApp)
        .on(SageMakerOperations.describeApp(), this::describeApp)
        .on(SageMakerOperations.listApps(), this::listApps)
        .on(SageMakerOperations.deleteApp(), this::deleteApp);
  }

  CreateAppResponse createApp(Caller caller, CreateAppRequest request) {
    Optional<String> profile = Optional.ofNullable(request.userProfileName());
    Optional<String> space = Optional.ofNullable(request.spaceName());
    AppRules.checkOwner(profile, space);
    AppPlace place = AppPlace.require(studio, caller, request.domainId(), profile, space);
    AppRules.checkType(request.appType(), place);
    if (!runs.runs(request.appType())) {
      throw new Fault("UnsupportedOperation", 400, "sagemaker:CreateApp with AppType " + request.appType()
          + " is not supported by this version of Atelier.");
    }
    Map<String, Object> spec = rules.spec(caller, request.appType(), place,
        request.resourceSpec() == null ? Map.of() : request.resourceSpec().toDocument());
    Instant now = studio.now();
    App wanted = new App(arn(caller, request.domainId(), place.owner().name(), request.appType(), request.appName()),
        caller.account(), caller.region(), place.domain().name(), place.domain().arn(), place.owner().arn(),
        profile.map(name -> place.owner().name()), space.map(name -> place.owner().name()), request.appType(),
        request.appName(), spec, Boolean.TRUE.equals(request.recoveryMode()),
        images.resolve(caller, spec).map(StudioImages.Resolved::uri), AppState.PENDING, 0, 1, now, now,
        Optional.empty(), Optional.empty(), Optional.empty());
    App app = apps.insert(wanted, inherited.of(place.domain(), Optional.of(place.owner()),
            TagRules.of(request.tags())), tx -> checkPlace(tx, place, wanted))
        .orElseThrow(() -> Fault.resourceInUse("App [" + wanted.arn() + "] already exists."));
    runs.act(app);
    return CreateAppResponse.builder().appArn(app.arn().toString()).build();
  }

  /** Its domain and owner can take an app, and in a space that runs one app no other is there. */
  private static void checkPlace(Handle tx, AppPlace place, App wanted) {
    for (StudioResource each : new StudioResource[] {place.domain(), place.owner()}) {
      StudioResource present = StudioStore.find(tx, each.arn()).orElseThrow(
          () -> Fault.validation(each.kind().words() + " [" + each.arn() + "] does not exist."));
      if (!present.usable()) {
        throw StudioFaults.inState("create App in").apply(present);
      }
    }
    if (wanted.space().isPresent() && AppRules.alone(wanted.type())) {
      int others = tx.createQuery("""
              select count(*) from studio_app where owner = :owner and arn <> :arn
                and state not in ('DELETED', 'FAILED')""")
          .bind("owner", wanted.owner().toString()).bind("arn", wanted.arn().toString()).mapTo(Integer.class).one();
      if (others > 0) {
        throw Fault.resourceInUse("Unable to create App in Space [" + wanted.owner()
            + "] because App(s) are associated with it.");
      }
    }
  }

  private static Arn arn(Caller caller, String domain, String owner, String type, String name) {
    return Arn.of("sagemaker", caller.region(), caller.account(), AppPlace.resource(domain, owner, type, name));
  }

  /** The app of a profile or of a space: both may have one of a name. */
  private App require(Caller caller, String domain, Optional<String> profile, Optional<String> space, String type,
      String name) {
    AppRules.checkOwner(profile, space);
    apps.forgetDeleted();
    return apps.find(arn(caller, domain, space.or(() -> profile).orElseThrow(), type, name))
        .filter(app -> app.space().isPresent() == space.isPresent())
        .orElseThrow(() -> Fault.resourceNotFound("App [" + name + "] of AppType [" + type
            + "] associated with space [" + space.orElse("null") + "] and userprofile [" + profile.orElse("null")
            + "] does not exist."));
  }

  DescribeAppResponse describeApp(Caller caller, DescribeAppRequest request) {
    App app = require(caller, request.domainId(), Optional.ofNullable(request.userProfileName()),
        Optional.ofNullable(request.spaceName()), request.appType(), request.appName());
    return DescribeAppResponse.builder()
        .appArn(app.arn().toString())
        .appType(app.type())
        .appName(app.name())
        .domainId(app.domain())
        .userProfileName(app.userProfile().orElse(null))
        .spaceName(app.space().orElse(null))
        .status(app.state().status())
        .recoveryMode(app.recovery() ? true : null)
        .lastHealthCheckTimestamp(app.healthAt().orElse(null))
        .lastUserActivityTimestamp(app.activityAt().orElse(null))
        .creationTime(app.createdAt())
        .failureReason(app.state() == AppState.FAILED ? app.failureReason().orElse(null) : null)
        .resourceSpec(ResourceSpec.fromDocument(app.spec()))
        .builtInLifecycleConfigArn(AppPlace.of(studio, app)
            .flatMap(place -> place.settings().builtInLifecycleConfig(app.type())).orElse(null))
        .build();
  }

  ListAppsResponse listApps(Caller caller, ListAppsRequest request) {
    apps.forgetDeleted();
    Page<App> page = StudioListing.of(caller, KeysetQuery.from("studio_app", AppStore.COLUMNS), request.toDocument(),
            Direction.ASCENDING)
        .where("domain", "DomainIdEquals").where("user_profile", "UserProfileNameEquals")
        .where("space", "SpaceNameEquals").page(apps.rows(), (row, context) -> AppStore.app(row));
    return ListAppsResponse.builder()
        .apps(page.items().stream().map(app -> AppDetails.builder()
            .domainId(app.domain())
            .userProfileName(app.userProfile().orElse(null))
            .spaceName(app.space().orElse(null))
            .appType(app.type())
            .appName(app.name())
            .status(app.state().status())
            .creationTime(app.createdAt())
            .resourceSpec(ResourceSpec.fromDocument(app.spec()))
            .build()).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput deleteApp(Caller caller, DeleteAppRequest request) {
    App app = require(caller, request.domainId(), Optional.ofNullable(request.userProfileName()),
        Optional.ofNullable(request.spaceName()), request.appType(), request.appName());
    if (!states.happened(app.arn(), app.attempt(), AppEvent.DELETE, Optional.empty())) {
      throw Fault.resourceInUse("Unable to delete App [" + app.arn() + "] because it is in "
          + apps.find(app.arn()).orElse(app).state().status() + " state.");
    }
    return new NoOutput();
  }
}
