package dev.atelier.studio;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends apps that nobody uses, where the {@code IdleSettings} of their space, profile or domain ask for it, and says of
 * each app why it goes on.
 */
public final class IdleApps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleApps.class);
  private static final int EVERY_SECONDS = 60;

  private final StudioStore studio;
  private final AppStore store;
  private final Apps apps;
  private final Function<App, Optional<List<Idleness.Used>>> activity;
  private final BiConsumer<App, String> log;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("idle-apps").factory());

  /**
   * @param activity an app's kernels and terminals; empty when it does not tell
   * @param log adds a line to an app's log
   */
  IdleApps(StudioStore studio, AppStore store, Apps apps, Function<App, Optional<List<Idleness.Used>>> activity,
      BiConsumer<App, String> log) {
    this.studio = studio;
    this.store = store;
    this.apps = apps;
    this.activity = activity;
    this.log = log;
  }

  /**
   * How an app stands.
   *
   * @param minutes without use after which it is ended; empty when it is not
   * @param since when it was used last
   * @param stopsAt when it will be ended if nobody uses it before; empty while it is busy, or is never ended
   * @param reasons why it goes on, in sentences
   */
  public record Outlook(Arn app, String domain, Optional<String> userProfile, Optional<String> space,
      Optional<Integer> minutes, Instant since, Optional<Instant> stopsAt, List<String> reasons) {}

  /** Looks at all apps every minute from now on. */
  void start() {
    timer.scheduleWithFixedDelay(() -> {
      try {
        sweep();
      } catch (RuntimeException e) {
        LOG.warn("idle apps cannot be looked for now", e);
      }
    }, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends the apps whose time is up. */
  void sweep() {
    for (App app : running()) {
      Outlook outlook = outlook(app);
      if (app.activityAt().map(outlook.since()::isAfter).orElse(true)) {
        store.seen(app, Optional.empty(), Optional.of(outlook.since()));
      }
      if (outlook.stopsAt().filter(at -> !at.isAfter(studio.now())).isPresent()) {
        String reason = "It was ended because nobody had used it for " + outlook.minutes().orElseThrow()
            + " minutes. It was used last at " + outlook.since() + ".";
        log.accept(app, reason);
        apps.happened(app.arn(), app.attempt(), AppEvent.DELETE, Optional.of(reason));
      }
    }
  }

  private List<App> running() {
    return store.live().stream().filter(app -> app.state() == AppState.IN_SERVICE
        && app.type().equals(AppKind.JUPYTER_LAB.type())).toList();
  }

  /** How the running apps of an account's region stand. */
  public List<Outlook> outlooks(AccountId account, Region region) {
    return running().stream().filter(app -> app.account().equals(account) && app.region().equals(region))
        .map(this::outlook).toList();
  }

  /** How an app stands; empty unless it runs and is of the type that is ever ended. */
  public Optional<Outlook> outlook(Arn arn) {
    return running().stream().filter(app -> app.arn().equals(arn)).findFirst().map(this::outlook);
  }

  private Outlook outlook(App app) {
    Instant now = studio.now();
    Idleness idleness = Idleness.of(now, app.modifiedAt(), activity.apply(app), app.activityAt());
    List<String> reasons = new ArrayList<>(idleness.busy());
    reasons.addAll(idleness.uses());
    Optional<Integer> minutes = minutes(app);
    if (minutes.isEmpty()) {
      reasons.add("Nothing ends it: AppLifecycleManagement is not enabled for its space, profile or domain.");
    }
    Optional<Instant> kept = store.keptUntil(app).filter(now::isBefore);
    kept.ifPresent(until -> reasons.add("Somebody asked to keep it until " + until + "."));
    Optional<Instant> stops = idleness.busy().isEmpty() ? minutes.map(each ->
        idleness.since().plus(Duration.ofMinutes(each))).map(at -> kept.filter(at::isBefore).orElse(at))
        : Optional.empty();
    return new Outlook(app.arn(), app.domain(), app.userProfile(), app.space(), minutes, idleness.since(), stops,
        List.copyOf(reasons));
  }

  private Optional<Integer> minutes(App app) {
    return AppPlace.of(studio, app).map(place -> place.settings().idle(app.type()))
        .filter(idle -> "ENABLED".equals(idle.get("LifecycleManagement")))
        .map((Map<String, Object> idle) -> (Integer) idle.get("IdleTimeoutInMinutes"));
  }

  /** Keeps a running app for some time although nobody uses it; until when, or empty when there is none. */
  public Optional<Instant> keep(Arn arn, Duration time) {
    Instant until = studio.now().plus(time);
    return store.find(arn).filter(app -> app.state() == AppState.IN_SERVICE).map(app -> {
      store.keep(app, until);
      return until;
    });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
