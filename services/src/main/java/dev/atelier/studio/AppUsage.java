package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.usage.Payer;
import dev.atelier.usage.Prices;
import dev.atelier.usage.UsageFeature;
import dev.atelier.usage.Use;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Who apps and notebook jobs are for: the profile, the owner of the space, or the domain alone for a space of nobody's. */
final class AppUsage implements UsageFeature.Studio {
  private final StudioStore studio;
  private final AppStore apps;
  private final Function<Arn, Optional<Arn>> notebookJobs;

  /** @param notebookJobs the profile or space that a training job runs a notebook for */
  AppUsage(StudioStore studio, AppStore apps, Function<Arn, Optional<Arn>> notebookJobs) {
    this.studio = studio;
    this.apps = apps;
    this.notebookJobs = notebookJobs;
  }

  private Optional<App> find(Arn arn) {
    return arn.resource().startsWith("app/") ? apps.find(arn) : Optional.empty();
  }

  @Override
  public Optional<Use> use(Arn arn) {
    return find(arn).filter(app -> !app.instanceType().equals(SettingsCheck.SYSTEM)).map(app ->
        new Use(AppHosts.name(app), "App", arn, app.account(), app.region(), app.instanceType(), 1, payer(arn), arn,
            Prices.perHour(app.instanceType())));
  }

  @Override
  public Optional<Payer> payer(Arn arn) {
    return find(arn).map(app -> AppPlace.of(studio, app).map(AppUsage::payer)
        .orElseGet(() -> new Payer(app.domain(), app.userProfile().orElse(""))));
  }

  @Override
  public Optional<Payer> payer(Caller caller, Map<String, Object> createApp) {
    Optional<String> space = Optional.ofNullable((String) createApp.get("SpaceName"));
    Optional<String> profile = Optional.ofNullable((String) createApp.get("UserProfileName"));
    if (AppKind.JUPYTER_SERVER.type().equals(createApp.get("AppType")) || space.isPresent() == profile.isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(payer(AppPlace.require(studio, caller, (String) createApp.get("DomainId"), profile, space)));
    } catch (Fault missing) {
      // the operation itself says so
      return Optional.empty();
    }
  }

  @Override
  public Optional<Payer> jobPayer(Caller caller, Map<String, Object> createTrainingJob) {
    return notebookJobs.apply(Arn.of("sagemaker", caller.region(), caller.account(),
            "training-job/" + createTrainingJob.get("TrainingJobName")))
        .flatMap(owner -> AppPlace.of(studio, owner)).map(AppUsage::payer);
  }

  @Override
  public Optional<Map<String, Object>> deletion(Arn arn) {
    return find(arn).map(app -> {
      Map<String, Object> request = new LinkedHashMap<>(Map.of("DomainId", app.domain(), "AppType", app.type(),
          "AppName", app.name()));
      app.userProfile().ifPresent(name -> request.put("UserProfileName", name));
      app.space().ifPresent(name -> request.put("SpaceName", name));
      return request;
    });
  }

  private static Payer payer(AppPlace place) {
    return new Payer(place.domain().name(), place.owner().kind() == ResourceKind.USER_PROFILE ? place.owner().name()
        : SpaceRules.owner(place.owner().document()).orElse(""));
  }
}
