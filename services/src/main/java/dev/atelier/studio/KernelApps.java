package dev.atelier.studio;

import dev.atelier.compute.HostUsage;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Apps as the kernels that run in them see them. */
public final class KernelApps {
  /** The type of the apps that kernels run in. */
  public static final String TYPE = AppKind.KERNEL_GATEWAY.type();

  private final StudioStore studio;
  private final AppStore apps;
  private final AppPrograms programs;
  private final NotebookImages images;

  KernelApps(StudioStore studio, AppStore apps, AppPrograms programs, StudioImages images) {
    this.studio = studio;
    this.apps = apps;
    this.programs = programs;
    this.images = new NotebookImages(studio, this, images);
  }

  /**
   * Where somebody works: an app with pages, and whose it is.
   *
   * @param owner the ARN of the profile or space
   * @param domain the domain's id
   * @param role the ARN of the role that apps run with
   */
  public record Place(Arn app, String appType, Arn owner, AccountId account, Region region, String domain,
      Optional<String> userProfile, Optional<String> space, Optional<Arn> role) {
    /** The role that apps run with. @throws Fault AccessDeniedException: they have none */
    public Arn requireRole() {
      return role.orElseThrow(() -> new Fault("AccessDeniedException", 403, "The app has no execution role."));
    }

    /** The members of a request that name an app of the owner's. */
    public Map<String, Object> naming(String type, String name) {
      Map<String, Object> request = new HashMap<>(Map.of("DomainId", domain, "AppType", type, "AppName", name));
      userProfile.ifPresent(owner -> request.put("UserProfileName", owner));
      space.ifPresent(owner -> request.put("SpaceName", owner));
      return request;
    }
  }

  /**
   * An app as it stands.
   *
   * @param status as the API shows it
   * @param phase how far its start is
   * @param image the ARN that was asked for
   */
  public record Gateway(Arn arn, String type, String name, String instanceType, Optional<String> image, String status,
      Optional<String> phase, Optional<String> failureReason, Instant since, WorkloadId workload) {
    /** The path that the pages of an app with pages lie under. */
    public String basePath() {
      return AppKind.of(type).orElseThrow().basePath();
    }

    public boolean ready() {
      return status.equals(AppState.IN_SERVICE.status());
    }

    public boolean pending() {
      return status.equals(AppState.PENDING.status());
    }

    public boolean ending() {
      return status.equals(AppState.DELETING.status());
    }
  }

  /** The place that an app with pages is of; empty when it is gone. */
  public Optional<Place> place(Arn app) {
    return apps.find(app).flatMap(found -> AppPlace.of(studio, found).map(place -> place(found, place)));
  }

  private static Place place(App app, AppPlace place) {
    return new Place(app.arn(), app.type(), app.owner(), app.account(), app.region(), app.domain(), app.userProfile(),
        app.space(), place.settings().executionRole().flatMap(Arn::parse));
  }

  /** The app with pages of an owner, when it runs. */
  public Optional<Gateway> pages(Arn owner) {
    return apps.of(owner).stream().filter(app -> AppKind.of(app).hasPages() && app.state() == AppState.IN_SERVICE)
        .findFirst().map(this::gateway);
  }

  static Caller caller(Place place) {
    return new Caller(place.account(), place.region(), new Identity.Root(), "");
  }

  Optional<EffectiveSettings> settings(Place place) {
    return apps.find(place.app()).flatMap(app -> AppPlace.of(studio, app)).map(AppPlace::settings);
  }

  /** A start-up script that an app may be made with. */
  public record Script(String name, Arn arn, boolean isDefault) {}

  /** The start-up scripts that the owner may choose from. */
  public List<Script> scripts(Place place) {
    return settings(place).map(settings -> {
      Object chosen = settings.resourceSpec(TYPE, Map.of()).get("LifecycleConfigArn");
      return settings.lifecycleConfigs(TYPE).stream().map(Arn::parse).flatMap(Optional::stream)
          .map(arn -> new Script(arn.resource().substring(arn.resource().indexOf('/') + 1), arn,
              arn.toString().equals(chosen))).toList();
    }).orElse(List.of());
  }

  /** The addresses of the Git repositories that settings suggest where one is cloned. */
  public List<String> repositories(Place place) {
    return settings(place).map(settings -> settings.repositories(place.appType())).orElse(List.of());
  }

  /**
   * How notebooks are shared.
   *
   * @param outputs whether outputs of cells may be; not unless settings allow it
   * @param place the S3 location to store them below, where settings name one
   * @param key the KMS key to store them under
   */
  public record Sharing(boolean outputs, Optional<String> place, Optional<String> key) {}

  /** How the owner's notebooks are shared. */
  public Sharing sharing(Place place) {
    Map<?, ?> chosen = settings(place).flatMap(settings -> settings.nearest("SharingSettings"))
        .map(found -> (Map<?, ?>) found).orElse(Map.of());
    return new Sharing("Allowed".equals(chosen.get("NotebookOutputOption")),
        Optional.ofNullable((String) chosen.get("S3OutputPath")),
        Optional.ofNullable((String) chosen.get("S3KmsKeyId")));
  }

  /** The role that a profile's or space's apps run with now; empty when it or its domain is gone. */
  public Optional<Arn> executionRole(Arn owner) {
    return AppPlace.of(studio, owner).flatMap(place -> place.settings().executionRole()).flatMap(Arn::parse);
  }

  /**
   * The text of a start-up script.
   *
   * @throws Fault ValidationException: the owner may not choose it
   */
  public String scriptText(Place place, Arn script) {
    return scripts(place).stream().filter(each -> each.arn().equals(script)).findFirst()
        .flatMap(each -> studio.find(each.arn())).flatMap(ScriptContent::of)
        .orElseThrow(() -> Fault.validation("There is no start-up script " + script + " to choose from."));
  }

  /** The ARN of the domain that somebody works in. */
  public Arn domain(Place place) {
    return ResourceKind.DOMAIN.arn(caller(place), place.domain());
  }

  /**
   * What settings take out of Studio's menus; it takes no right away.
   *
   * @param tools as {@code HiddenMlTools} names them
   */
  public record Hidden(Set<String> tools, Set<String> instanceTypes) {}

  /** What the owner's menus leave out. */
  public Hidden hidden(Place place) {
    Map<?, ?> portal = settings(place).flatMap(settings -> settings.nearest("StudioWebPortalSettings"))
        .map(nearest -> (Map<?, ?>) nearest).orElse(Map.of());
    return new Hidden(names(portal.get("HiddenMlTools")), names(portal.get("HiddenInstanceTypes")));
  }

  private static Set<String> names(Object listed) {
    return listed instanceof List<?> names
        ? names.stream().map(String.class::cast).collect(Collectors.toCollection(TreeSet::new)) : Set.of();
  }

  /** The images that notebooks run on. */
  public NotebookImages images() {
    return images;
  }

  /** The ARN of an owner's app for kernels. */
  public static Arn arn(Place place, String name) {
    return Arn.of("sagemaker", place.region(), place.account(), AppPlace.resource(place.domain(),
        place.space().or(place::userProfile).orElseThrow(), TYPE, name));
  }

  /** An app as it stands; empty when there is none of this ARN. */
  public Optional<Gateway> find(Arn app) {
    return apps.find(app).map(this::gateway);
  }

  /** What an app uses now; empty unless it runs. */
  public Optional<HostUsage> usage(Arn app) {
    return apps.find(app).flatMap(programs::usage);
  }

  /** The owner's apps that are not over, and those that failed. */
  public List<Gateway> all(Arn owner) {
    return apps.present(owner).stream().map(this::gateway).toList();
  }

  private Gateway gateway(App app) {
    return new Gateway(app.arn(), app.type(), app.name(), app.instanceType(),
        Optional.ofNullable((String) app.spec().get("SageMakerImageVersionArn"))
            .or(() -> Optional.ofNullable((String) app.spec().get("SageMakerImageArn"))),
        app.state().status(), app.state() == AppState.PENDING ? Optional.of(programs.phase(app)) : Optional.empty(),
        app.state() == AppState.FAILED ? app.failureReason() : Optional.empty(), app.createdAt(), AppWorkload.id(app));
  }

  /** Where an app sees its owner's home. */
  public static String home() {
    return AppWorkload.HOME;
  }

  /** The name of a workload's only host. */
  public static String host() {
    return AppWorkload.HOST;
  }

  /** Tells of each app whose state or phase changed; on threads that must not be kept. */
  public void onChange(Consumer<Arn> listener) {
    programs.onChange(listener);
  }
}
