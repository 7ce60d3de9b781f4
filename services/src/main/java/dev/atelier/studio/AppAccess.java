package dev.atelier.studio;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Programs;
import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Apps, as those who enter them see them: entering starts an app that does not run. */
final class AppAccess implements Programs {
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);
  private static final String DELETED = "The app was deleted. Open it again to start it anew.";

  private final AppStore apps;
  private final AppPrograms programs;
  private final AppOpeningApi opening;
  private final ComputeBackend backend;
  private final Function<WorkloadId, String> tokens;
  private final Clock clock;
  private final Map<Arn, Instant> uses = new ConcurrentHashMap<>();

  AppAccess(AppStore apps, AppPrograms programs, AppOpeningApi opening, ComputeBackend backend,
      Function<WorkloadId, String> tokens, Clock clock) {
    this.apps = apps;
    this.programs = programs;
    this.opening = opening;
    this.backend = backend;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  public boolean are(Arn arn) {
    return arn.service().equals("sagemaker") && arn.resource().startsWith("app/");
  }

  @Override
  public Standing standing(Arn arn) {
    return apps.find(arn).<Standing>map(app -> switch (app.state()) {
      case PENDING -> new Standing.Starting(programs.phase(app));
      case IN_SERVICE -> {
        WorkloadId id = AppWorkload.id(app);
        yield new Standing.Ready(arn, backend.serviceSocket(id, AppWorkload.HOST), tokens.apply(id));
      }
      case FAILED -> new Standing.Ended(app.failureReason().orElse("The app could not be started."));
      case DELETING -> new Standing.Starting("The app is being ended");
      case DELETED -> new Standing.Ended(app.failureReason().map(reason -> reason + " Open it again to start it anew.")
          .orElse(DELETED));
    }).orElseGet(() -> new Standing.Ended(DELETED));
  }

  /** Notes it for those who end apps that nobody uses, once a minute at most. */
  @Override
  public void used(Arn arn) {
    Instant now = clock.instant();
    Instant noted = uses.merge(arn, now, (before, present) ->
        Duration.between(before, present).compareTo(NOTED_EVERY) < 0 ? before : present);
    if (noted.equals(now)) {
      apps.find(arn).ifPresent(app -> apps.seen(app, Optional.empty(), Optional.of(now)));
    }
  }

  /** Starts the app that does not run; one that is being ended first. */
  @Override
  public void entered(Arn arn) {
    Optional<AppState> state = apps.find(arn).map(App::state);
    if (state.equals(Optional.of(AppState.DELETING))) {
      programs.onceEnded(arn, () -> opening.open(arn));
    } else {
      opening.open(arn);
    }
  }
}
