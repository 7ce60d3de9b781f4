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
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens Studio for a profile: a presigned URL, and the JupyterServer app behind it. */
final class AppOpeningApi {
  private static final String TYPE = AppKind.JUPYTER_SERVER.type();
  private static final String NAME = "default";
  private static final int URL_SECONDS = 300;
  private static final int SESSION_SECONDS = 43_200;

  private final StudioStore studio;
  private final AppStore apps;
  private final AppApi api;
  private final Entries entries;
  private final UnaryOperator<String> origins;

  /** @param origins the origin of the host that begins with a label */
  AppOpeningApi(StudioStore studio, AppStore apps, AppApi api, Entries entries, UnaryOperator<String> origins) {
    this.studio = studio;
    this.apps = apps;
    this.api = api;
    this.entries = entries;
    this.origins = origins;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createPresignedDomainUrl(), this::createPresignedDomainUrl);
  }

  CreatePresignedDomainUrlResponse createPresignedDomainUrl(Caller caller, CreatePresignedDomainUrlRequest request) {
    if (request.spaceName() != null) {
      throw new Fault("UnsupportedOperation", 400, "sagemaker:CreatePresignedDomainUrl with a SpaceName is not supported "
          + "by this version of Atelier.");
    }
    AppPlace place = AppPlace.require(studio, caller, request.domainId(), Optional.of(request.userProfileName()),
        Optional.empty());
    for (StudioResource each : new StudioResource[] {place.domain(), place.owner()}) {
      if (!each.usable()) {
        throw StudioFaults.inState("create a presigned URL for").apply(each);
      }
    }
    Arn app = Arn.of("sagemaker", caller.region(), caller.account(),
        AppPlace.resource(request.domainId(), place.owner().name(), TYPE, NAME));
    String landing = AppKind.JUPYTER_SERVER.basePath() + "lab";
    int life = request.expiresInSeconds() == null ? URL_SECONDS : request.expiresInSeconds();
    int session = request.sessionExpirationDurationInSeconds() == null ? SESSION_SECONDS
        : request.sessionExpirationDurationInSeconds();
    String label = AppWorkload.label(app);
    String secret = entries.presign(new Entries.Target(label, app.toString(), landing), Duration.ofSeconds(life),
        Duration.ofSeconds(session));
    return CreatePresignedDomainUrlResponse.builder()
        .authorizedUrl(origins.apply(label) + "/.atelier/enter?token=" + secret).build();
  }

  /** Starts the app when it does not run; who holds a presigned URL may do so. */
  void open(Arn arn) {
    if (apps.find(arn).filter(app -> !app.state().ended()).isPresent()) {
      return;
    }
    String[] parts = arn.resource().split("/");
    Caller account = new Caller(new AccountId(arn.account()), new Region(arn.region()), new Identity.Root(), "");
    String profile = studio.find(ResourceKind.USER_PROFILE.arn(account, parts[1] + "/" + parts[2]))
        .map(StudioResource::name).orElse(parts[2]);
    try {
      api.createApp(account, CreateAppRequest.builder().domainId(parts[1]).userProfileName(profile).appType(TYPE)
          .appName(NAME).build());
    } catch (Fault refused) {
      // another browser was first, or the profile is gone: the app's page tells
      if (!refused.code().equals("ResourceInUse") && !refused.code().equals("ValidationException")) {
        throw refused;
      }
    }
  }
}
