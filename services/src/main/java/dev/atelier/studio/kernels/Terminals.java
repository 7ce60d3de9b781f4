package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.compute.ComputeException;
import dev.atelier.jobs.Effects;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.TerminalStore.Waiting;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Terminals inside of images: shells in KernelGateway apps. An app alone knows its terminals, so that they outlive the
 * server; those that wait for their app to start are stored here.
 */
public final class Terminals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Terminals.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final long PATIENCE_SECONDS = 2;
  /** Between an app's name and a number; no name of Jupyter's own terminals has one. */
  private static final char DOT = '.';

  private final TerminalStore store;
  private final KernelApps apps;
  private final Gateways gateways;
  private final Clock clock;
  private final Effects effects = new Effects("terminal-timer");
  /** What apps told last. */
  private final Map<Arn, List<Terminal>> known = new ConcurrentHashMap<>();
  private final List<Consumer<Arn>> listeners = new CopyOnWriteArrayList<>();
  private final Object news = new Object();
  /** By owner: an app that does not answer keeps no other owner's terminals waiting. */
  private final Map<Arn, Object> naming = new ConcurrentHashMap<>();

  public Terminals(MetadataStore metadata, KernelApps apps, Gateways gateways, Clock clock) {
    this.store = new TerminalStore(metadata);
    this.apps = apps;
    this.gateways = gateways;
    this.clock = clock;
  }

  /** A terminal. @param activity when something was typed or printed last */
  public record Terminal(String name, String appName, Instant activity) {}

  /** Whether a name has the form of those given here. */
  public static boolean named(String name) {
    return name.indexOf(DOT) >= 0;
  }

  /** Takes up what waits; called once at start-up, when apps have been taken up. */
  public void resume() {
    apps.onChange(this::look);
    store.all().stream().map(each -> each.room().app()).distinct().forEach(this::look);
  }

  private void look(Arn app) {
    effects.begin("terminals of " + app, () -> act(app), e -> LOG.error("terminals of {}", app, e));
  }

  /** Tells of each owner (profile or space) whose terminals changed. */
  public void onChange(Consumer<Arn> listener) {
    listeners.add(listener);
  }

  private void changed(Arn owner) {
    listeners.forEach(listener -> listener.accept(owner));
    synchronized (news) {
      news.notifyAll();
    }
  }

  /** Waits for news of any terminal or app, a moment at most. */
  void await() throws InterruptedException {
    synchronized (news) {
      news.wait(AGAIN.toMillis());
    }
  }

  /**
   * What is asked of a new terminal.
   *
   * @param image the ARN of an image or image version
   * @param script the ARN of the start-up script of an app that has to be made
   * @param folder relative to the home; empty for the home
   */
  public record Wish(Arn image, Optional<String> instanceType, Optional<String> script, String folder) {}

  /**
   * Opens a terminal, in an app that is made when it is not there.
   *
   * @throws Fault no such image, or the app cannot be made
   */
  public Terminal create(Place place, Wish wish) {
    Gateways.Room room = gateways.room(place, wish.image(),
        wish.instanceType().orElseGet(() -> apps.images().defaultInstanceType(place, wish.image())));
    gateways.require(place, room, wish.script());
    Waiting terminal;
    synchronized (naming.computeIfAbsent(place.owner(), owner -> new Object())) {
      terminal = new Waiting(place.owner(), free(room), room, wish.script(), wish.folder(), clock.instant());
      store.insert(terminal);
    }
    act(room.app());
    changed(place.owner());
    return told(terminal);
  }

  /** A name that no terminal of the app has. */
  private String free(Gateways.Room room) {
    Set<String> taken = new HashSet<>();
    store.in(room.app()).forEach(each -> taken.add(each.name()));
    apps.find(room.app()).filter(Gateway::ready).ifPresent(app -> listed(app).forEach(each -> taken.add(each.name())));
    int number = 1;
    while (taken.contains(room.name() + DOT + number)) {
      number++;
    }
    return room.name() + DOT + number;
  }

  private static Terminal told(Waiting waiting) {
    return new Terminal(waiting.name(), waiting.room().name(), waiting.createdAt());
  }

  /** Does what follows from the state of an app for those that wait for it; again is no harm. */
  private void act(Arn arn) {
    List<Waiting> waiting = store.in(arn);
    Optional<Gateway> app = apps.find(arn);
    if (app.filter(Gateway::ready).isPresent()) {
      waiting.forEach(each -> open(each, app.get()));
    } else if (app.flatMap(Gateway::failureReason).isPresent()) {
      waiting.forEach(store::delete);
    } else if (app.filter(each -> each.pending() || each.ending()).isEmpty()) {
      // an app of that name was being deleted: it is made anew
      waiting.forEach(this::requireAgain);
    }
    if (app.filter(Gateway::ready).isEmpty()) {
      known.remove(arn);
    }
    apps.place(arn).ifPresent(place -> changed(place.owner()));
  }

  private void requireAgain(Waiting terminal) {
    try {
      gateways.require(gateways.pages(terminal.owner()).orElseThrow(() -> Fault.validation("JupyterLab has ended.")),
          terminal.room(), terminal.script());
    } catch (Fault refused) {
      LOG.debug("the terminal {} cannot be opened", terminal.name(), refused);
      store.delete(terminal);
    }
  }

  private void open(Waiting terminal, Gateway app) {
    String folder = KernelApps.home() + (terminal.folder().isEmpty() ? "" : "/" + terminal.folder());
    try {
      gateways.host(app).ask(Map.of("op", "open", "name", terminal.name(), "cwd", folder));
      store.delete(terminal);
    } catch (IOException | ComputeException notNow) {
      LOG.debug("the terminal {} cannot be opened now", terminal.name(), notNow);
      effects.after(AGAIN, () -> look(app.arn()));
    } catch (Fault refused) {
      store.delete(terminal);
      throw refused;
    }
  }

  /** All terminals of an owner. */
  public List<Terminal> all(Place place) {
    Map<String, Terminal> all = new HashMap<>();
    store.of(place.owner()).forEach(each -> all.put(each.name(), told(each)));
    List<Gateway> ready = apps.all(place.owner()).stream()
        .filter(app -> app.type().equals(KernelApps.TYPE) && app.ready()).toList();
    boolean news = false;
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Terminal>>> answers = asking.invokeAll(ready.stream()
          .map(app -> (Callable<List<Terminal>>) () -> listed(app)).toList(),
          PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (int i = 0; i < ready.size(); i++) {
        // an app that is too busy to answer has what it had
        List<Terminal> before = known.getOrDefault(ready.get(i).arn(), List.of());
        List<Terminal> now = answers.get(i).state() == Future.State.SUCCESS ? answers.get(i).get() : before;
        known.put(ready.get(i).arn(), now);
        news |= !names(before).equals(names(now));
        now.forEach(each -> all.put(each.name(), each));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
    if (news) {
      changed(place.owner());
    }
    return all.values().stream().sorted(Comparator.comparing(Terminal::name)).toList();
  }

  private static List<String> names(List<Terminal> terminals) {
    return terminals.stream().map(Terminal::name).toList();
  }

  /** What an app that runs tells. @throws Fault ServiceUnavailable: it does not answer */
  private List<Terminal> listed(Gateway app) {
    try {
      List<Terminal> terminals = new ArrayList<>();
      for (JsonNode each : gateways.host(app).ask(Map.of("op", "terminals")).path("terminals")) {
        terminals.add(new Terminal(each.path("name").asText(), app.name(),
            Instant.ofEpochMilli((long) (each.path("activity").asDouble() * 1_000))));
      }
      return List.copyOf(terminals);
    } catch (IOException | ComputeException e) {
      throw new Fault("ServiceUnavailable", 503, "The app " + app.name() + " does not answer.");
    }
  }

  /** A terminal of an owner's; empty when it is not theirs or is gone. */
  public Optional<Terminal> find(Place place, String name) {
    return waiting(place, name).map(Terminals::told).or(() -> app(place, name).filter(Gateway::ready)
        .flatMap(app -> listed(app).stream().filter(each -> each.name().equals(name)).findFirst()));
  }

  private Optional<Waiting> waiting(Place place, String name) {
    return store.of(place.owner()).stream().filter(each -> each.name().equals(name)).findFirst();
  }

  boolean waits(Place place, String name) {
    return waiting(place, name).isPresent();
  }

  /** The app that a terminal is in, by its name. */
  Optional<Gateway> app(Place place, String name) {
    return named(name) ? apps.find(KernelApps.arn(place, name.substring(0, name.lastIndexOf(DOT)))) : Optional.empty();
  }

  KernelHost host(Gateway app) {
    return gateways.host(app);
  }

  /** Ends a terminal with what runs in it. */
  public void delete(Place place, String name) {
    if (waiting(place, name).filter(store::delete).isEmpty()) {
      Gateway app = app(place, name).filter(Gateway::ready)
          .orElseThrow(() -> new Fault("ResourceNotFound", 404, "Terminal not found: " + name));
      try {
        gateways.host(app).ask(Map.of("op", "close", "name", name));
      } catch (IOException | ComputeException e) {
        throw new Fault("ServiceUnavailable", 503, "The app " + app.name() + " does not answer.");
      }
    }
    changed(place.owner());
  }

  /** Joins a client with a terminal that {@link #find} knows. */
  public TerminalClient connect(Place place, String name, TerminalClient.Sink sink) {
    return new TerminalClient(this, place, name, sink);
  }

  /** A client saw a terminal end. */
  void ended(Place place) {
    changed(place.owner());
  }

  @Override
  public void close() {
    effects.close();
  }
}
