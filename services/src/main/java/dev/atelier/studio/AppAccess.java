package dev.atelier.studio;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Programs;
import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import java.util.Optional;
import java.util.function.Function;

/** Apps, as those who enter them see them: entering starts an app that does not run. */
final class AppAccess implements Programs {
  private static final String DELETED = "The app was deleted. Open it again to start it anew.";

  private final AppStore apps;
  private final AppPrograms programs;
  private final AppOpeningApi opening;
  private final ComputeBackend backend;
  private final Function<WorkloadId, String> tokens;

  AppAccess(AppStore apps, AppPrograms programs, AppOpeningApi opening, ComputeBackend backend,
      Function<WorkloadId, String> tokens) {
    this.apps = apps;
    this.programs = programs;
    this.opening = opening;
    this.backend = backend;
    this.tokens = tokens;
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
      case DELETED -> new Standing.Ended(DELETED);
    }).orElseGet(() -> new Standing.Ended(DELETED));
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
