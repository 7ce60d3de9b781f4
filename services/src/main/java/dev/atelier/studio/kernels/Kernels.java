package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.compute.ComputeException;
import dev.atelier.identity.SecretToken;
import dev.atelier.jobs.Effects;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.KernelApps.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of all users. A kernel runs in the KernelGateway app of its image and instance type, which is made when it
 * is not there; what a kernel's row says is done, again after a restart of the server.
 */
public final class Kernels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);
  private static final String NOTEBOOK = "notebook";

  private final Needs with;
  private final KernelStore store;
  private final Gateways gateways;
  private final Effects effects = new Effects("kernel-timer");
  private final Executions executions;
  private final NotebookWriter writer;
  private final KernelWords words;
  private final Positions positions;
  private final Map<String, LiveKernel> live = new ConcurrentHashMap<>();
  private final List<Consumer<Arn>> listeners = new CopyOnWriteArrayList<>();

  /**
   * What kernels need.
   *
   * @param keys a secret of each workload; the same after a restart
   * @param positions a folder of their own
   */
  public record Needs(MetadataStore metadata, KernelApps apps, Gateways gateways, NotebookFiles files,
      UnaryOperator<String> keys, Path positions, Clock clock) {}

  public Kernels(Needs with) {
    this.with = with;
    this.store = new KernelStore(with.metadata());
    this.gateways = with.gateways();
    this.executions = new Executions(with.metadata(), with.clock(), effects, this::notebook);
    this.writer = new NotebookWriter(with.files(), executions, with.clock());
    this.words = new KernelWords(with.clock());
    this.positions = new Positions(with.positions());
  }

  /** Takes up every kernel; called once at start-up, when apps have been taken up. */
  public void resume() {
    store.all().forEach(kernel -> {
      if (kernel.state() == Kernel.State.DEAD) {
        executions.forget(kernel.id());
        return;
      }
      live.put(kernel.id(), alive(kernel));
      effects.begin("kernel " + kernel.id(), () -> act(kernel.id()), e -> dead(kernel, e.getMessage()));
    });
    executions.writeBy(this::writeWhenAlone);
    with.apps().onChange(app -> effects.begin("kernels of " + app, () -> appChanged(app),
        e -> LOG.error("kernels of {}", app, e)));
  }

  /** Tells of each owner (profile or space) whose kernels or apps changed. */
  public void onChange(Consumer<Arn> listener) {
    listeners.add(listener);
  }

  private void changed(Arn owner) {
    listeners.forEach(listener -> listener.accept(owner));
  }

  private void appChanged(Arn app) {
    List<Kernel> kernels = store.in(app);
    kernels.forEach(kernel -> act(kernel.id()));
    with.apps().place(app).ifPresent(place -> changed(place.owner()));
  }

  private LiveKernel alive(Kernel kernel) {
    return new LiveKernel(kernel, key(kernel), store, executions, with.clock(), () -> changed(kernel.owner()));
  }

  private String key(Kernel kernel) {
    return SecretToken.hash(with.keys().apply(kernel.id()));
  }

  private Optional<String> notebook(String kernel) {
    return store.sessionsOf(kernel).stream().filter(session -> session.type().equals(NOTEBOOK))
        .map(NotebookSession::path).findFirst();
  }

  /**
   * What is asked of a new kernel.
   *
   * @param spec a kernelspec's name
   * @param path of its document; may be empty
   * @param script the ARN of the start-up script of an app that has to be made
   */
  public record Wish(String spec, String path, Optional<String> instanceType, Optional<String> script,
      Map<String, String> environment) {}

  /** The name of the kernelspec of an image's kernel, as AWS has it. */
  public static String spec(String kernel, Arn image) {
    return KernelChoice.spec(kernel, image);
  }

  /**
   * Makes a kernel, which starts in its own time.
   *
   * @throws Fault no such image, or the app cannot be made
   */
  public Kernel create(Place place, Wish wish) {
    KernelChoice choice = KernelChoice.of(wish.spec());
    Arn image = choice.image().orElseGet(() -> with.apps().images().defaultImage(place));
    String type = wish.instanceType().or(() -> instanceType(place, wish.path()))
        .orElseGet(() -> with.apps().images().defaultInstanceType(place, image));
    Gateways.Room room = gateways.room(place, image, type);
    Instant now = with.clock().instant();
    Kernel kernel = new Kernel(UUID.randomUUID().toString(), place.owner(), KernelChoice.spec(choice.kernel(), image),
        choice.kernel(), wish.path(), wish.environment(), room.app(), type, image.toString(),
        Kernel.State.STARTING, Optional.empty(), now, now, 0, wish.script());
    store.insert(kernel);
    live.put(kernel.id(), alive(kernel));
    try {
      gateways.require(place, kernel.room(), kernel.script());
    } catch (Fault refused) {
      delete(kernel);
      throw refused;
    }
    effects.begin("kernel " + kernel.id(), () -> act(kernel.id()), e -> dead(kernel, e.getMessage()));
    changed(place.owner());
    return kernel;
  }

  /** What the notebook's own metadata say, as AWS's notebooks do. */
  private Optional<String> instanceType(Place place, String path) {
    if (!path.endsWith(".ipynb")) {
      return Optional.empty();
    }
    try {
      return with.files().read(place.owner(), path).map(file -> file.path("metadata").path("instance_type"))
          .filter(JsonNode::isTextual).map(JsonNode::asText);
    } catch (IOException e) {
      LOG.debug("the notebook {} cannot be read", path, e);
      return Optional.empty();
    }
  }

  /** Does what follows from the states of a kernel and its app; again is no harm. */
  private void act(String id) {
    Optional<Kernel> found = store.find(id).filter(kernel -> kernel.state() != Kernel.State.DEAD);
    if (found.isEmpty()) {
      return;
    }
    Kernel kernel = found.get();
    Optional<Gateway> app = with.apps().find(kernel.app());
    if (app.filter(Gateway::ready).isPresent()) {
      start(kernel, app.get());
    } else if (app.filter(Gateway::pending).isEmpty()) {
      boolean fresh = kernel.state() == Kernel.State.STARTING;
      if (app.filter(Gateway::ending).isPresent() && fresh) {
        // an app of that name is made anew when the old one is gone
        return;
      }
      if (app.flatMap(Gateway::failureReason).isPresent()) {
        dead(kernel, app.flatMap(Gateway::failureReason).get());
      } else if (fresh) {
        Optional<Place> place = gateways.pages(kernel.owner());
        place.ifPresentOrElse(there -> gateways.require(there, kernel.room(), kernel.script()), () -> delete(kernel));
      } else {
        delete(kernel);
      }
    }
  }

  private void start(Kernel kernel, Gateway app) {
    LiveKernel alive = live.get(kernel.id());
    if (alive == null || alive.reachable()) {
      return;
    }
    int slash = kernel.path().lastIndexOf('/');
    String folder = slash < 0 ? "" : "/" + kernel.path().substring(0, slash);
    Map<String, String> environment = new HashMap<>(kernel.environment());
    if (!kernel.path().isEmpty()) {
      environment.put("JPY_SESSION_NAME", kernel.path());
    }
    try {
      gateways.host(app).ask(Map.of("op", "start", "id", kernel.id(), "name", kernel.name(), "key", key(kernel),
          "cwd", KernelApps.home() + folder, "env", environment));
    } catch (IOException | ComputeException notNow) {
      LOG.debug("kernel {} cannot be started now", kernel.id(), notNow);
      effects.after(java.time.Duration.ofSeconds(1), () -> effects.guard("kernel " + kernel.id(),
          () -> act(kernel.id()), e -> dead(kernel, e.getMessage())));
      return;
    } catch (Fault refused) {
      dead(kernel, refused.getMessage());
      return;
    }
    if (!store.move(kernel.id(), Kernel.State.STARTING, Kernel.State.STARTED, "") && store.find(kernel.id()).isEmpty()) {
      // it was shut down while its app was asked to start it
      stop(kernel);
      return;
    }
    alive.started(gateways.host(app));
    changed(kernel.owner());
  }

  private void dead(Kernel kernel, String reason) {
    // whatever it came to since it was looked at: what is left undone here would be done by nobody
    if (store.die(kernel.id(), String.valueOf(reason))) {
      end(kernel.id(), reason);
      changed(kernel.owner());
    }
  }

  private void end(String id, String reason) {
    LiveKernel gone = live.remove(id);
    if (gone != null) {
      gone.close(reason);
    }
    positions.forget(id);
    executions.forget(id);
  }

  private void delete(Kernel kernel) {
    store.delete(kernel.id());
    end(kernel.id(), "The kernel was shut down.");
    changed(kernel.owner());
  }

  /** A kernel of an owner's; empty when it is not theirs or is gone. */
  public Optional<Kernel> find(Place place, String id) {
    return store.find(id).filter(kernel -> kernel.owner().equals(place.owner()));
  }

  public List<Kernel> all(Place place) {
    return store.of(place.owner());
  }

  /** A kernel's state beside its row. @param execution such as {@code idle}. @param connections clients of it */
  public record Now(String execution, Instant activity, int connections, Optional<Gateway> app) {}

  public Now now(Kernel kernel) {
    LiveKernel alive = live.get(kernel.id());
    Optional<Gateway> app = with.apps().find(kernel.app());
    return alive == null ? new Now("dead", kernel.activityAt(), 0, app)
        : new Now(alive.executionState(), alive.activity(), alive.clients().size(), app);
  }

  private void ask(Kernel kernel, String op) {
    Gateway app = with.apps().find(kernel.app()).filter(Gateway::ready)
        .orElseThrow(() -> Fault.validation("The kernel is still starting."));
    try {
      gateways.host(app).ask(Map.of("op", op, "id", kernel.id()));
    } catch (IOException | ComputeException e) {
      throw new Fault("ServiceUnavailable", 503, "The kernel's app does not answer.");
    }
  }

  public void interrupt(Kernel kernel) {
    if (kernel.state() == Kernel.State.STARTED) {
      ask(kernel, "interrupt");
    }
  }

  /** Restarts a kernel; a dead one is started again, in an app that is made anew. */
  public void restart(Place place, Kernel kernel) {
    switch (kernel.state()) {
      case STARTING -> { }
      case STARTED -> ask(kernel, "restart");
      case DEAD -> {
        if (store.revive(kernel.id())) {
          store.find(kernel.id()).ifPresent(fresh -> {
            live.put(fresh.id(), alive(fresh));
            try {
              gateways.require(place, fresh.room(), fresh.script());
            } catch (Fault refused) {
              dead(fresh, refused.getMessage());
              throw refused;
            }
            act(fresh.id());
          });
        }
      }
    }
    changed(place.owner());
  }

  /** Ends a kernel for good. */
  public void shutDown(Kernel kernel) {
    if (kernel.state() == Kernel.State.STARTED) {
      stop(kernel);
    }
    delete(kernel);
  }

  private void stop(Kernel kernel) {
    try {
      ask(kernel, "stop");
    } catch (Fault gone) {
      LOG.debug("kernel {} cannot be told to stop", kernel.id(), gone);
    }
  }

  public List<NotebookSession> sessions(Place place) {
    return store.sessions(place.owner());
  }

  public Optional<NotebookSession> session(Place place, String id) {
    return store.session(id).filter(session -> session.owner().equals(place.owner()));
  }

  /** Stores a new session. */
  public void add(NotebookSession session) {
    store.insert(session, with.clock().instant());
    changed(session.owner());
  }

  /** Stores a session anew; a kernel that it had before and no other session has is shut down. */
  public void change(Place place, NotebookSession before, NotebookSession after) {
    store.update(after);
    if (!before.kernel().equals(after.kernel())) {
      retire(place, before.kernel());
    }
    changed(place.owner());
  }

  /** Ends a session, with its kernel when no other session has it. */
  public void end(Place place, NotebookSession session) {
    store.deleteSession(session.id());
    retire(place, session.kernel());
    changed(place.owner());
  }

  private void retire(Place place, String kernel) {
    if (store.sessionsOf(kernel).isEmpty()) {
      find(place, kernel).ifPresent(this::shutDown);
    }
  }

  /**
   * Joins a client with a kernel.
   *
   * @param session what the client calls itself; the same when it comes again
   */
  public Optional<KernelClient> connect(Kernel kernel, String session, KernelClient.Sink sink) {
    LiveKernel alive = live.get(kernel.id());
    if (alive == null) {
      return Optional.empty();
    }
    // who is new hears what comes from here on, or what the notebook's file has not
    long from = executions.all(kernel.id()).isEmpty() ? alive.watched() : alive.written().orElseGet(alive::watched);
    return Optional.of(new KernelClient(alive, session, sink, executions, words, positions, from));
  }

  /** What cells the kernel runs, or ran and nobody has saved. */
  public List<Execution> executions(Kernel kernel) {
    return executions.all(kernel.id());
  }

  /** A client begins to save a notebook. @return to be run when it is saved */
  public Runnable saving(Place place, String path) {
    Map<String, Instant> had = store.sessions(place.owner()).stream().filter(session -> session.path().equals(path))
        .map(NotebookSession::kernel).distinct().collect(Collectors.toMap(kernel -> kernel, this::heard));
    return () -> had.forEach((kernel, since) -> executions.saved(kernel, path, since));
  }

  /** Up to when every client has what a kernel said; whoever saves without being one has nothing of it. */
  private Instant heard(String kernel) {
    return Optional.ofNullable(live.get(kernel)).stream().flatMap(alive -> alive.clients().stream())
        .map(KernelClient::heard).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
  }

  /** Brings a notebook's file up to date before it is opened. */
  public void bringUpToDate(Place place, String path) {
    store.sessions(place.owner()).stream().filter(session -> session.path().equals(path))
        .map(NotebookSession::kernel).distinct().forEach(this::writeWhenAlone);
  }

  private void writeWhenAlone(String id) {
    LiveKernel alive = live.get(id);
    Optional<Kernel> kernel = store.find(id);
    if (alive == null || kernel.isEmpty() || !alive.clients().isEmpty() || !alive.reachable()) {
      return;
    }
    with.apps().find(kernel.get().app()).filter(Gateway::ready).ifPresent(app -> {
      try {
        alive.written(writer.write(kernel.get().owner(), alive, gateways.host(app)));
      } catch (IOException | ComputeException e) {
        LOG.warn("the outputs of kernel {} are not in its notebook yet: {}", id, e.getMessage());
      }
    });
  }

  @Override
  public void close() {
    effects.close();
    live.values().forEach(LiveKernel::close);
    executions.close();
  }
}
