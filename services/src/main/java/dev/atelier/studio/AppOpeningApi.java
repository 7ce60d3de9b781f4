package dev.atelier.studio;

import dev.atelier.entry.Entries;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.models.sagemaker.CreateAppRequest;
import dev.atelier.models.sagemaker.CreatePresignedDomainUrlRequest;
import dev.atelier.models.sagemaker.CreatePresignedDomainUrlResponse;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.operation.OperationTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens Studio for a profile: a presigned URL, and the app behind it, which is the profile's or one of its spaces'. */
final class AppOpeningApi {
  private static final String NAME = "default";
  private static final int URL_SECONDS = 300;
  private static final int SESSION_SECONDS = 43_200;

  private final StudioStore studio;
  private final AppStore apps;
  private final OperationTable table;
  private final Entries entries;
  private final UnaryOperator<String> origins;

  /**
   * @param table where CreateApp is found, with what stands before it
   * @param origins the origin of the host that begins with a label
   */
  AppOpeningApi(StudioStore studio, AppStore apps, OperationTable table, Entries entries,
      UnaryOperator<String> origins) {
    this.studio = studio;
    this.apps = apps;
    this.table = table;
    this.entries = entries;
    this.origins = origins;
  }

  void register() {
    table.on(SageMakerOperations.createPresignedDomainUrl(), this::createPresignedDomainUrl);
  }

  CreatePresignedDomainUrlResponse createPresignedDomainUrl(Caller caller, CreatePresignedDomainUrlRequest request) {
    AppPlace profile = AppPlace.require(studio, caller, request.domainId(), Optional.of(request.userProfileName()),
        Optional.empty());
    Optional<String> space = Optional.ofNullable(request.spaceName());
    AppPlace place = space.isEmpty() ? profile
        : AppPlace.require(studio, caller, request.domainId(), Optional.empty(), space);
    for (StudioResource each : new StudioResource[] {place.domain(), profile.owner(), place.owner()}) {
      if (!each.usable()) {
        throw StudioFaults.inState("create a presigned URL for").apply(each);
      }
    }
    LandingPage landing = request.landingUri() == null && space.isEmpty() ? usual(profile)
        : LandingPage.of(Optional.ofNullable(request.landingUri()));
    AppKind kind = kind(profile, place, landing);
    Arn app = Arn.of("sagemaker", caller.region(), caller.account(),
        AppPlace.resource(request.domainId(), place.owner().name(), kind.type(), NAME));
    int life = request.expiresInSeconds() == null ? URL_SECONDS : request.expiresInSeconds();
    int session = request.sessionExpirationDurationInSeconds() == null ? SESSION_SECONDS
        : request.sessionExpirationDurationInSeconds();
    String label = AppWorkload.label(app);
    String secret = entries.presign(new Entries.Target(label, app.toString(), landing.at(kind),
            Optional.of(profile.owner().name())),
        Duration.ofSeconds(life), Duration.ofSeconds(session));
    return CreatePresignedDomainUrlResponse.builder()
        .authorizedUrl(origins.apply(label) + "/.atelier/enter?token=" + secret).build();
  }

  /** Where a profile's URLs lead that name no page; the first page where settings name an app of another type. */
  private static LandingPage usual(AppPlace profile) {
    return profile.settings().nearest("DefaultLandingUri").flatMap(uri -> kept((String) uri))
        .filter(page -> page.appType().orElse(AppKind.JUPYTER_SERVER.type()).equals(AppKind.JUPYTER_SERVER.type()))
        .orElseGet(() -> LandingPage.of(Optional.empty()));
  }

  /** A page that settings name; empty for what was stored before it was looked at and leads nowhere. */
  private static Optional<LandingPage> kept(String uri) {
    try {
      return Optional.of(LandingPage.of(Optional.of(uri)));
    } catch (Fault none) {
      return Optional.empty();
    }
  }

  /** The app that is opened: the profile's JupyterServer, or what the space is for. */
  private static AppKind kind(AppPlace profile, AppPlace place, LandingPage landing) {
    boolean inSpace = place.owner().kind() == ResourceKind.SPACE;
    String type = inSpace ? (String) place.owner().structure("SpaceSettings").getOrDefault("AppType",
        landing.appType().orElse(AppKind.JUPYTER_SERVER.type())) : AppKind.JUPYTER_SERVER.type();
    if (landing.appType().filter(asked -> !asked.equals(type)).isPresent()) {
      throw Fault.validation("The LandingUri leads to AppType " + landing.appType().get() + ", and "
          + place.owner().kind().words() + " [" + place.owner().arn() + "] opens AppType " + type + ".");
    }
    // an app of a space's is told by its ARN from those of profiles only where profiles have none of its type
    if (inSpace && !AppRules.alone(type) || AppKind.of(type).isEmpty()) {
      throw new Fault("UnsupportedOperation", 400, "sagemaker:CreatePresignedDomainUrl for AppType " + type
          + (inSpace ? " of a space" : "") + " is not supported by this version of Atelier.");
    }
    if (inSpace && "Private".equals(place.owner().structure("SpaceSharingSettings").get("SharingType"))
        && SpaceRules.owner(place.owner().document())
            .filter(owner -> !owner.equalsIgnoreCase(profile.owner().name())).isPresent()) {
      throw Fault.validation("UserProfile [" + profile.owner().arn() + "] does not own the private Space ["
          + place.owner().arn() + "].");
    }
    return AppKind.of(type).orElseThrow();
  }

  /** Starts the app when it does not run; who holds a presigned URL may do so. */
  void open(Arn arn) {
    if (apps.find(arn).filter(app -> !app.state().ended()).isPresent()) {
      return;
    }
    String[] parts = arn.resource().split("/");
    Caller account = new Caller(new AccountId(arn.account()), new Region(arn.region()), new Identity.Root(), "");
    boolean inSpace = parts[3].equalsIgnoreCase(AppKind.JUPYTER_LAB.type());
    ResourceKind owner = inSpace ? ResourceKind.SPACE : ResourceKind.USER_PROFILE;
    String name = studio.find(owner.arn(account, parts[1] + "/" + parts[2])).map(StudioResource::name)
        .orElse(parts[2]);
    CreateAppRequest.Builder request = CreateAppRequest.builder().domainId(parts[1]).appName(NAME);
    try {
      table.find("sagemaker", "CreateApp").orElseThrow().perform(account,
          (inSpace ? request.spaceName(name).appType(AppKind.JUPYTER_LAB.type())
              : request.userProfileName(name).appType(AppKind.JUPYTER_SERVER.type())).build().toDocument());
    } catch (Fault refused) {
      // another browser was first, or the owner is gone: the app's page tells
      if (!List.of("ResourceInUse", "ValidationException").contains(refused.code())) {
        throw refused;
      }
    }
  }
}
