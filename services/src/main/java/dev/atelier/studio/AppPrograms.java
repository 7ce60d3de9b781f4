package dev.atelier.studio;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostUsage;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.entry.ProgramProbe;
import dev.atelier.jobs.AttemptStream;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogSink;
import dev.atelier.jobs.ScriptLines;
import dev.atelier.kernel.Arn;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.PreparedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs apps' programs: what is to be done follows from an app's state alone and may be done again. An app is in service
 * when its program answers, and fails when the program's supervisor gives up.
 */
final class AppPrograms implements AppRuns, AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final int STARTUP_SECONDS = 420;

  private final JobPlatform platform;
  private final StudioStore studio;
  private final AppStore store;
  private final Apps apps;
  private final AppScripts scripts;
  private final ProgramProbe probe;
  private final AppHosts hosts;
  private final Function<WorkloadId, String> tokens;
  private final ComputeBackend backend;
  private final Effects effects = new Effects("app-timer");
  private final Map<Arn, String> phases = new ConcurrentHashMap<>();
  private final List<Consumer<Arn>> listeners = new CopyOnWriteArrayList<>();

  /** @param tokens what an app's program takes as proof; the same after a restart */
  AppPrograms(JobPlatform platform, StudioStore studio, AppStore store, Function<WorkloadId, String> tokens) {
    this.platform = platform;
    this.studio = studio;
    this.store = store;
    this.apps = new Apps(store, this);
    this.scripts = new AppScripts(studio);
    this.backend = platform.backend();
    this.probe = new ProgramProbe(backend);
    this.hosts = new AppHosts(platform, studio, store);
    this.tokens = tokens;
  }

  /** Counts what runs already; called once at start-up, before anything asks for capacity. */
  void adopt() {
    hosts.adopt();
  }

  /** Takes up every app; called once at start-up, before events of the backend arrive. */
  void resume() {
    store.live().forEach(this::act);
  }

  /** Tells of each app whose state or phase changed, by its ARN; on threads that must not be kept. */
  void onChange(Consumer<Arn> listener) {
    listeners.add(listener);
  }

  private void changed(App app) {
    listeners.forEach(listener -> listener.accept(app.arn()));
  }

  /** What an app's program and all it started use now; empty unless it runs. */
  Optional<HostUsage> usage(App app) {
    return Optional.ofNullable(backend.usage(AppWorkload.id(app)).get(AppWorkload.HOST));
  }

  /** How far the start of an app is, in a sentence. */
  String phase(App app) {
    return phases.getOrDefault(app.arn(), "Waiting to be started");
  }

  /** Does work when the app of an ARN is over, at once when there is none. */
  void onceEnded(Arn arn, Runnable work) {
    if (store.find(arn).filter(app -> !app.state().ended()).isEmpty()) {
      work.run();
    } else {
      effects.after(PERIOD, () -> onceEnded(arn, work));
    }
  }

  @Override
  public boolean runs(String appType) {
    return AppKind.of(appType).isPresent();
  }

  @Override
  public void act(App app) {
    changed(app);
    WorkloadId id = AppWorkload.id(app);
    if (!app.state().ended()) {
      Optional<AppPlace> place = AppPlace.of(studio, app);
      Optional<Arn> role = place.flatMap(found -> found.settings().executionRole()).flatMap(Arn::parse);
      platform.live().put(id, new LiveWorkloads.Owner(app.arn(), role, app.region(), "SageMaker",
          place.filter(AppPlace::internet).isPresent()));
    }
    switch (app.state()) {
      case PENDING -> effect(app, () -> start(app));
      case IN_SERVICE -> effect(app, () -> watch(app));
      case FAILED -> effect(app, () -> effects.untilDone("the end of " + app.arn(), () -> release(app)));
      case DELETING -> effect(app, () -> effects.untilDone("the end of " + app.arn(), () -> {
        release(app);
        report(app, AppEvent.REMOVED, Optional.empty());
      }));
      case DELETED -> { }
    }
  }

  private void effect(App app, Runnable work) {
    effects.begin(app.state() + " of " + app.arn(), work,
        e -> report(app, AppEvent.BROKEN, Optional.of(FailureText.of(e, ""))));
  }

  private void report(App app, AppEvent event, Optional<String> failure) {
    effects.untilDone(event + " of " + app.arn(), () -> apps.happened(app.arn(), app.attempt(), event, failure));
  }

  private void start(App app) {
    if (backend.list().containsKey(AppWorkload.id(app))) {
      follow(app);
    } else {
      hosts.lacking(app).or(() -> {
        prepare(app);
        return hosts.acquire(app, () -> hosts.pending(app).forEach(each -> effect(each, () -> launch(each))));
      }).ifPresent(shortage -> tell(app, shortage));
    }
  }

  private PreparedImage prepare(App app) {
    tell(app, "Preparing the image");
    return platform.images().prepare(new ImageRequest(app.image().orElse(AppKind.of(app).image()),
        ImageRequest.Program.COMMAND), progress -> tell(app, progress));
  }

  /** Starts the program in the room that its host has. */
  private void launch(App app) {
    AppPlace place = AppPlace.of(studio, app).orElseThrow(
        () -> new ComputeException("the domain or the profile of the app is gone"));
    PreparedImage image = prepare(app);
    image.differences().forEach(difference -> platform.logs().platform(log(app), difference));
    tell(app, "Starting " + AppKind.of(app).words());
    store.logStart(app, platform.logs().open(log(app)).sourceOffset());
    backend.start(AppWorkload.spec(app, place, image, hosts.resources(app), place.volume(), scripts.of(app, place),
        tokens.apply(AppWorkload.id(app))));
    follow(app);
  }

  private void follow(App app) {
    platform.pump().follow(AppWorkload.id(app), AppWorkload.HOST, output(app));
    await(app, platform.clock().instant().plusSeconds(STARTUP_SECONDS));
  }

  private void tell(App app, String phase) {
    phases.put(app.arn(), phase);
    changed(app);
    platform.logs().platform(log(app), phase);
  }

  /** Adds a line to an app's log. */
  void note(App app, String line) {
    platform.logs().platform(log(app), line);
  }

  /** Where the output of the app's attempt goes; what start-up scripts print has streams of its own, too. */
  private LogSink.Stream output(App app) {
    JobLogs.Name name = log(app);
    long start = store.logStart(app);
    return new ScriptLines(new AttemptStream(platform.logs().open(name), start),
        script -> new AttemptStream(platform.logs().open(
            new JobLogs.Name(name.account(), name.region(), name.group(), name.stream() + "/" + script)), start));
  }

  /** The stream of an app, as AWS names it. */
  private static JobLogs.Name log(App app) {
    return new JobLogs.Name(app.account(), app.region(), "/aws/sagemaker/studio", app.domain() + "/"
        + app.space().or(app::userProfile).orElseThrow() + "/" + app.type() + "/" + app.name());
  }

  private void await(App app, Instant until) {
    if (store.find(app.arn()).filter(present -> present.attempt() == app.attempt()
        && present.state() == AppState.PENDING).isEmpty()) {
      return;
    }
    WorkloadId id = AppWorkload.id(app);
    AppKind kind = AppKind.of(app);
    if (kind.hasPages() ? probe.answers(id, AppWorkload.HOST, kind.basePath(), tokens.apply(id))
        : probe.says(id, AppWorkload.HOST, "{\"op\": \"list\"}\n", "{\"kernels\"")) {
      store.seen(app, Optional.of(platform.clock().instant()), Optional.empty());
      report(app, AppEvent.STARTED, Optional.empty());
    } else if (platform.clock().instant().isAfter(until)) {
      report(app, AppEvent.BROKEN, Optional.of(FailureText.bounded(
          "The app did not answer within " + STARTUP_SECONDS + " seconds. "
              + platform.logs().tail(backend, AppWorkload.id(app), AppWorkload.HOST))));
    } else {
      effects.after(PERIOD, () -> effects.guard("the start of " + app.arn(), () -> await(app, until),
          e -> report(app, AppEvent.BROKEN, Optional.of(FailureText.of(e, "")))));
    }
  }

  private void watch(App app) {
    phases.remove(app.arn());
    Map<String, WorkloadState> hosts = backend.list().get(AppWorkload.id(app));
    if (hosts == null || hosts.values().stream().anyMatch(WorkloadState::ended)) {
      report(app, AppEvent.BROKEN, Optional.of("The app's program ended while no server watched it."));
    } else {
      platform.pump().follow(AppWorkload.id(app), AppWorkload.HOST, output(app));
    }
  }

  /** Takes in what the backend tells of a host. */
  void observed(WorkloadEvent event) {
    if (!event.state().ended()) {
      return;
    }
    platform.live().find(event.id()).flatMap(owner -> store.find(owner.arn()))
        .filter(app -> AppWorkload.id(app).equals(event.id()) && app.state().after(AppEvent.BROKEN).isPresent())
        .ifPresent(app -> effect(app, () -> {
          // it may have ended before anybody followed its output
          platform.pump().drain(event.id(), event.host(), output(app));
          report(app, AppEvent.BROKEN, Optional.of(FailureText.bounded(reason(event))));
        }));
  }

  private String reason(WorkloadEvent event) {
    return switch (event.state()) {
      case WorkloadState.Exited exited -> FailureText.ofStart(exited.exitCode(), exited.outOfMemory(),
          platform.logs().lastLines(backend, event.id(), event.host()));
      case WorkloadState.Lost lost -> lost.reason();
      case WorkloadState.Preparing preparing -> throw new IllegalStateException("it has not ended");
      case WorkloadState.Running running -> throw new IllegalStateException("it has not ended");
    };
  }

  private void release(App app) {
    WorkloadId id = AppWorkload.id(app);
    phases.remove(app.arn());
    platform.pump().finish(id);
    backend.remove(id);
    platform.live().remove(id);
    hosts.release(app);
  }

  @Override
  public void close() {
    effects.close();
  }
}
