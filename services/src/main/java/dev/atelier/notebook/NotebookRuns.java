package dev.atelier.notebook;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.entry.ProgramProbe;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.PreparedImage;
import dev.atelier.studio.NotebookChoices;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Runs notebook instances: what is to be done follows from the state alone and may be done again. */
final class NotebookRuns implements NotebookRunner, AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final Duration GRACE = Duration.ofSeconds(10);
  /** Two scripts and four repositories may take five minutes each, JupyterLab two. */
  private static final int STARTUP_SECONDS = 32 * 60;
  /** What the program prints when the OnCreate script has run to its end. */
  private static final String CONFIGURED = "atelier: the lifecycle script " + NotebookWorkload.ON_CREATE + " is done";

  private final JobPlatform platform;
  private final NotebookStore store;
  private final Notebooks notebooks;
  private final NotebookChoices choices;
  private final NotebookLogs logs;
  private final ProgramProbe probe;
  private final Function<WorkloadId, String> tokens;
  private final ComputeBackend backend;
  private final Effects effects = new Effects("notebook-timer");
  private final Map<Arn, String> phases = new ConcurrentHashMap<>();

  /** @param tokens what a program takes as proof that a request may pass; the same after a restart */
  NotebookRuns(JobPlatform platform, NotebookStore store, NotebookChoices choices,
      Function<WorkloadId, String> tokens) {
    this.platform = platform;
    this.store = store;
    this.notebooks = new Notebooks(store, this);
    this.choices = choices;
    this.logs = new NotebookLogs(platform.logs());
    this.backend = platform.backend();
    this.probe = new ProgramProbe(backend);
    this.tokens = tokens;
  }

  /** Counts what programs that still run use; called once at start-up, before anything asks for capacity. */
  void adopt() {
    store.live().stream().filter(each -> backend.list().containsKey(NotebookWorkload.id(each)))
        .forEach(each -> platform.capacity().adopt(share(each), room(each), 1));
  }

  /** Takes up every notebook instance; called once at start-up, before events of the backend arrive. */
  void resume() {
    store.live().forEach(this::act);
  }

  /** How far the start of a notebook instance is, in a sentence. */
  String phase(NotebookInstance notebook) {
    return phases.getOrDefault(notebook.arn(), "Waiting to be started");
  }

  @Override
  public void act(NotebookInstance notebook) {
    if (notebook.state() == NotebookState.PENDING || notebook.state() == NotebookState.IN_SERVICE) {
      platform.live().put(NotebookWorkload.id(notebook), new LiveWorkloads.Owner(notebook.arn(),
          notebook.text("RoleArn").flatMap(Arn::parse), notebook.region(), "SageMaker", notebook.internet()));
    }
    switch (notebook.state()) {
      case PENDING -> effect(notebook, () -> platform.capacity().acquire(share(notebook), room(notebook), 1,
          () -> effect(notebook, () -> start(notebook))).ifPresent(shortage -> tell(notebook, shortage)));
      case IN_SERVICE -> effect(notebook, () -> watch(notebook));
      case STOPPING -> untilDone(notebook, () -> halt(notebook));
      case FAILED -> untilDone(notebook, () -> release(notebook));
      case UPDATING -> report(notebook, NotebookEvent.UPDATED, Optional.empty());
      case DELETING -> untilDone(notebook, () -> {
        release(notebook);
        backend.removeVolume(NotebookWorkload.volume(notebook));
        store.delete(notebook);
      });
      case STOPPED -> { }
    }
  }

  /** Names its share of the machine; the one that has its name after it has another. */
  private static String share(NotebookInstance notebook) {
    return notebook.arn() + " of " + notebook.createdAt();
  }

  private Resources resources(NotebookInstance notebook) {
    return platform.capacity().cut(notebook.type(), 1, notebook.volumeBytes()).each();
  }

  private Resources room(NotebookInstance notebook) {
    return Capacity.ofPeople(resources(notebook));
  }

  private void untilDone(NotebookInstance notebook, Runnable work) {
    effects.begin(notebook.state() + " of " + notebook.arn(),
        () -> effects.untilDone(notebook.state() + " of " + notebook.arn(), work), e -> { });
  }

  private void effect(NotebookInstance notebook, Runnable work) {
    effects.begin(notebook.state() + " of " + notebook.arn(), work, e -> broken(notebook, FailureText.of(e, "")));
  }

  private void broken(NotebookInstance notebook, String reason) {
    report(notebook, NotebookEvent.BROKEN, Optional.of(FailureText.bounded(reason)));
  }

  private void report(NotebookInstance notebook, NotebookEvent event, Optional<String> failure) {
    effects.untilDone(event + " of " + notebook.arn(),
        () -> notebooks.happened(notebook.arn(), notebook.attempt(), event, failure));
  }

  private void tell(NotebookInstance notebook, String phase) {
    phases.put(notebook.arn(), phase);
    logs.tell(notebook, phase);
  }

  private void start(NotebookInstance notebook) {
    WorkloadId id = NotebookWorkload.id(notebook);
    NotebookInstance started = notebook;
    if (!backend.list().containsKey(id)) {
      platform.capacity().require(notebook.type(), 1);
      Caller account = new Caller(notebook.account(), notebook.region(), new Identity.Root(), "");
      NotebookChoices.Scripts scripts = notebook.text(NotebookInstance.LIFECYCLE_CONFIG)
          .map(name -> choices.scripts(account, name))
          .orElseGet(() -> new NotebookChoices.Scripts(Optional.empty(), Optional.empty()));
      List<NotebookChoices.Repository> repositories =
          notebook.repositories().stream().map(each -> choices.repository(account, each)).toList();
      tell(notebook, "Preparing the image");
      PreparedImage image = platform.images().prepare(
          new ImageRequest(NotebookWorkload.IMAGE, ImageRequest.Program.COMMAND), progress -> tell(notebook, progress));
      tell(notebook, "Starting JupyterLab");
      store.logStart(notebook, logs.size(notebook));
      started = store.find(notebook.arn()).orElse(notebook);
      backend.start(NotebookWorkload.spec(notebook, new NotebookWorkload.Ingredients(image, resources(notebook),
          scripts, repositories, tokens.apply(id))));
    }
    platform.pump().follow(id, NotebookWorkload.HOST, logs.open(started));
    await(notebook, platform.clock().instant().plusSeconds(STARTUP_SECONDS));
  }

  private void await(NotebookInstance notebook, Instant until) {
    WorkloadId id = NotebookWorkload.id(notebook);
    if (store.find(notebook.arn()).filter(present -> present.attempt() == notebook.attempt()
        && present.state() == NotebookState.PENDING).isEmpty()) {
      return;
    }
    if (probe.answers(id, NotebookWorkload.HOST, NotebookWorkload.BASE_PATH, tokens.apply(id))) {
      report(notebook, NotebookEvent.STARTED, Optional.empty());
    } else if (platform.clock().instant().isAfter(until)) {
      broken(notebook, "JupyterLab did not answer within " + STARTUP_SECONDS / 60 + " minutes. "
          + platform.logs().tail(backend, id, NotebookWorkload.HOST));
    } else {
      effects.after(PERIOD, () -> effects.guard("the start of " + notebook.arn(), () -> await(notebook, until),
          e -> broken(notebook, FailureText.of(e, ""))));
    }
  }

  private void watch(NotebookInstance notebook) {
    phases.remove(notebook.arn());
    WorkloadId id = NotebookWorkload.id(notebook);
    if (ended(id)) {
      throw new ComputeException("The notebook instance's program ended while no server watched it.");
    }
    platform.pump().follow(id, NotebookWorkload.HOST, logs.open(notebook));
  }

  private boolean ended(WorkloadId id) {
    Map<String, WorkloadState> hosts = backend.list().get(id);
    return hosts == null || hosts.values().stream().anyMatch(WorkloadState::ended);
  }

  /** Gives JupyterLab and its kernels the time to end by themselves. */
  private void halt(NotebookInstance notebook) {
    backend.stop(NotebookWorkload.id(notebook), GRACE);
    halted(notebook, platform.clock().instant().plus(GRACE).plusSeconds(1));
  }

  private void halted(NotebookInstance notebook, Instant until) {
    if (ended(NotebookWorkload.id(notebook)) || platform.clock().instant().isAfter(until)) {
      release(notebook);
      report(notebook, NotebookEvent.HALTED, Optional.empty());
    } else {
      effects.after(PERIOD,
          () -> effects.untilDone("the stop of " + notebook.arn(), () -> halted(notebook, until)));
    }
  }

  /** Takes in what the backend tells of a host. */
  void observed(WorkloadEvent event) {
    if (!event.state().ended()) {
      return;
    }
    platform.live().find(event.id()).filter(owner -> NotebookWorkload.isOf(owner.arn()))
        .flatMap(owner -> store.find(owner.arn()))
        .filter(notebook -> NotebookWorkload.id(notebook).equals(event.id())
            && notebook.state().after(NotebookEvent.BROKEN).isPresent())
        .ifPresent(notebook -> effect(notebook, () -> ended(notebook, event)));
  }

  private void ended(NotebookInstance notebook, WorkloadEvent event) {
    // it may have ended before anybody followed its output
    platform.pump().drain(event.id(), event.host(), logs.open(notebook));
    if (!notebook.configured()) {
      platform.logs().scan(backend, event.id(), event.host(), line -> {
        if (line.text().equals(CONFIGURED)) {
          store.configured(notebook);
        }
      });
    }
    broken(notebook, switch (event.state()) {
      case WorkloadState.Exited exited -> FailureText.ofStart(exited.exitCode(), exited.outOfMemory(),
          platform.logs().lastLines(backend, event.id(), event.host()));
      case WorkloadState.Lost lost -> lost.reason();
      case WorkloadState.Preparing preparing -> throw new IllegalStateException("it has not ended");
      case WorkloadState.Running running -> throw new IllegalStateException("it has not ended");
    });
  }

  private void release(NotebookInstance notebook) {
    WorkloadId id = NotebookWorkload.id(notebook);
    phases.remove(notebook.arn());
    platform.pump().finish(id);
    backend.remove(id);
    platform.live().remove(id);
    platform.capacity().release(share(notebook));
  }

  @Override
  public void close() {
    effects.close();
  }
}
