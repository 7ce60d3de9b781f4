package dev.atelier.studio;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.WorkloadIds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The hosts of apps: one for each instance type that an owner uses, whose limits all its apps there share. A system
 * instance is the app's own and takes no place of others.
 */
final class AppHosts {
  /** What a system instance has; AWS names no size. */
  private static final Resources SYSTEM = new Resources(2, 4L << 30, 0, 512, 5L << 30);
  /** What an app writes outside its home, what its kernels said included. */
  private static final int SCRATCH_GIB = 20;

  private final JobPlatform platform;
  private final StudioStore studio;
  private final AppStore store;

  AppHosts(JobPlatform platform, StudioStore studio, AppStore store) {
    this.platform = platform;
    this.studio = studio;
    this.store = store;
  }

  private static boolean system(App app) {
    return app.instanceType().equals(SettingsCheck.SYSTEM);
  }

  /** What all apps on one host have in common. */
  static String name(App app) {
    return app.owner() + " " + app.instanceType();
  }

  /** What the compute backend knows the host by; empty for a system instance, which no apps share. */
  static String machine(App app) {
    return system(app) ? "" : WorkloadIds.of("m", app.owner(), Instant.EPOCH, 0).value() + "-"
        + app.instanceType().replaceAll("[^a-z0-9]", "");
  }

  /** The limits of the app's host. */
  Resources resources(App app) {
    return system(app) ? SYSTEM : platform.capacity().cut(InstanceType.require(app.instanceType()), 1,
        Capacity.volumeBytes(Optional.of(gibibytes(app)))).each();
  }

  /** The space's own volume, where it has one, else what there is for what lies outside the home. */
  private int gibibytes(App app) {
    return AppPlace.of(studio, app).filter(AppPlace::onVolume).map(place -> place.settings().volumeGb())
        .orElse(SCRATCH_GIB);
  }

  private Resources room(App app) {
    return Capacity.ofPeople(resources(app));
  }

  /** Counts the hosts that run already; called once at start-up, before anything asks for capacity. */
  void adopt() {
    store.live().stream().filter(app -> !system(app) && platform.backend().list().containsKey(AppWorkload.id(app)))
        .forEach(app -> platform.capacity().adopt(name(app), room(app), 1));
  }

  /**
   * Whether this machine can have the app's host at all.
   *
   * @return what it waits for that is not there, as a sentence; empty when it can
   * @throws ComputeException it never can
   */
  Optional<String> lacking(App app) {
    if (system(app)) {
      return Optional.empty();
    }
    InstanceType type = InstanceType.require(app.instanceType());
    platform.capacity().require(type, 1);
    return platform.capacity().waitsForAccelerators(type, 1)
        ? Optional.of("Waiting for accelerators: " + type.name() + " has " + type.accelerators()
            + ", and this machine has none")
        : Optional.empty();
  }

  /**
   * Asks for room for the app's host, which is there when another of its apps runs.
   *
   * @param ready run when there is room, at once when there is; all pending apps of the host are then to be started,
   *     since one alone waits for them
   * @return what is waited for, as a sentence; empty when there is room
   */
  Optional<String> acquire(App app, Runnable ready) {
    if (system(app)) {
      ready.run();
      return Optional.empty();
    }
    return platform.capacity().acquire(name(app), room(app), 1, ready);
  }

  /** The apps of the same host that are still to be started. */
  List<App> pending(App app) {
    return store.of(app.owner()).stream()
        .filter(each -> name(each).equals(name(app)) && each.state() == AppState.PENDING).toList();
  }

  /** Gives up the host of an app that is over, unless others run there. */
  void release(App app) {
    if (store.of(app.owner()).stream().noneMatch(each -> name(each).equals(name(app))
        && !each.arn().equals(app.arn()))) {
      platform.capacity().release(name(app));
    }
  }
}
