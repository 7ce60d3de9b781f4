package dev.atelier.studio;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Arn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** How browsers come to apps: by a session that a presigned URL began, and for as long as it lasts. */
public final class AppAccess {
  private static final String DELETED = "The app was deleted. Open it again to start it anew.";

  private final AppEntries entries;
  private final AppStore apps;
  private final AppPrograms programs;
  private final AppOpeningApi opening;
  private final ComputeBackend backend;
  private final Function<WorkloadId, String> tokens;

  AppAccess(AppEntries entries, AppStore apps, AppPrograms programs, AppOpeningApi opening, ComputeBackend backend,
      Function<WorkloadId, String> tokens) {
    this.entries = entries;
    this.apps = apps;
    this.programs = programs;
    this.opening = opening;
    this.backend = backend;
    this.tokens = tokens;
  }

  /** A session that began. @param landing the path that is shown first */
  public record Entered(String token, Duration life, String landing) {
    @Override
    public String toString() {
      return "Entered[" + life + ", " + landing + "]";
    }
  }

  /** Where an app stands, for somebody who may use it. */
  public sealed interface Standing {
    /** It answers. @param token what its program takes as proof */
    record Ready(Path socket, String token) implements Standing {
      @Override
      public String toString() {
        return "Ready[" + socket + "]";
      }
    }

    /** It is being started. @param phase how far, in a sentence */
    record Starting(String phase) implements Standing {}

    /** It does not run. @param reason why, in a sentence */
    record Ended(String reason) implements Standing {}
  }

  /** Whether there is an app of this ARN, over or not. */
  boolean exists(Arn arn) {
    return apps.find(arn).isPresent();
  }

  /** Begins a session with what a presigned URL holds, and starts the app when it does not run. */
  public Optional<Entered> enter(String label, String presigned) {
    return entries.redeem(label, presigned).map(session -> {
      Arn.parse(session.target().app()).ifPresent(this::open);
      return new Entered(session.token(), session.life(), session.target().landing());
    });
  }

  /** Where the app of a host stands; empty when the token is of no session with it. */
  public Optional<Standing> standing(String label, String token) {
    return entries.app(label, token).flatMap(Arn::parse).map(arn -> apps.find(arn).<Standing>map(app ->
        switch (app.state()) {
          case PENDING -> new Standing.Starting(programs.phase(app));
          case IN_SERVICE -> {
            WorkloadId id = AppWorkload.id(app);
            yield new Standing.Ready(backend.serviceSocket(id, AppWorkload.HOST), tokens.apply(id));
          }
          case FAILED -> new Standing.Ended(app.failureReason().orElse("The app could not be started."));
          case DELETING -> new Standing.Starting("The app is being ended");
          case DELETED -> new Standing.Ended(DELETED);
        }).orElseGet(() -> new Standing.Ended(DELETED)));
  }

  /** Starts the app that does not run; one that is being ended first. */
  private void open(Arn arn) {
    Optional<AppState> state = apps.find(arn).map(App::state);
    if (state.equals(Optional.of(AppState.DELETING))) {
      programs.onceEnded(arn, () -> opening.open(arn));
    } else {
      opening.open(arn);
    }
  }
}
