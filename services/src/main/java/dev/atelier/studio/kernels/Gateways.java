package dev.atelier.studio.kernels;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.NotebookImages;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.KernelApps.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The apps that kernels and terminals run in: one for an image on an instance type, made when it is not there. */
public final class Gateways {
  private final KernelApps apps;
  private final AppCalls calls;
  private final ComputeBackend backend;

  /** Makes apps as the user's execution role may. */
  @FunctionalInterface
  public interface AppCalls {
    /** @throws Fault what the operation answers, AccessDeniedException among it */
    void create(Place place, Map<String, Object> request);
  }

  public Gateways(KernelApps apps, AppCalls calls, ComputeBackend backend) {
    this.apps = apps;
    this.calls = calls;
    this.backend = backend;
  }

  /** What runs an image on an instance type. @param app the ARN of the app that does */
  record Room(Arn app, Arn image, String instanceType) {
    /** The app's name. */
    String name() {
      return app.resource().substring(app.resource().lastIndexOf('/') + 1);
    }
  }

  /** @throws Fault no such image, or it cannot be used */
  Room room(Place place, Arn image, String instanceType) {
    String name = KernelChoice.appName(image, apps.images().version(place, image), instanceType);
    return new Room(KernelApps.arn(place, name), image, instanceType);
  }

  /**
   * Makes the app where there is none that starts, runs or is being deleted.
   *
   * @param script the ARN of its start-up script
   * @throws Fault it cannot be made
   */
  void require(Place place, Room room, Optional<String> script) {
    if (apps.find(room.app()).filter(app -> app.ready() || app.pending() || app.ending()).isPresent()) {
      return;
    }
    Map<String, Object> spec = new HashMap<>(NotebookImages.spec(room.image()));
    spec.put("InstanceType", room.instanceType());
    script.ifPresent(arn -> spec.put("LifecycleConfigArn", arn));
    Map<String, Object> request = place.naming(KernelApps.TYPE, room.name());
    request.put("ResourceSpec", spec);
    try {
      calls.create(place, request);
    } catch (Fault fault) {
      if (!fault.code().equals("ResourceInUse")) {
        throw fault;
      }
    }
  }

  /** Where an owner's pages are; empty while they do not run. */
  Optional<Place> pages(Arn owner) {
    return apps.pages(owner).flatMap(app -> apps.place(app.arn()));
  }

  /** The program that keeps what runs in an app. */
  KernelHost host(Gateway app) {
    return new KernelHost(backend, app.workload(), KernelApps.host());
  }
}
