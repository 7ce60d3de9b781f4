package dev.atelier.studio;

import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Does what the states of resources ask for: what is to be done follows from a resource's state alone and may be done
 * again, so a server takes up where the one before it ended.
 */
final class ResourceLife implements AutoCloseable {
  private final StudioStore store;
  private final Map<ResourceKind, Works> works = new EnumMap<>(ResourceKind.class);
  private final Effects effects = new Effects("studio-timer");

  ResourceLife(StudioStore store) {
    this.store = store;
  }

  /** What the resources of a kind stand for outside the database. Each method must bear to be repeated. */
  interface Works {
    /** Makes it, or sees that a change can take effect; what it throws is the failure's reason. */
    void make(StudioResource resource);

    /** Removes it. */
    default void remove(StudioResource resource) {}
  }

  /** What is to be done for the resources of a kind. */
  void on(ResourceKind kind, Works its) {
    works.put(kind, its);
  }

  /** Takes up what is not settled; called once at start-up. */
  void resume() {
    store.unsettled().forEach(this::act);
  }

  /** Begins what the resource's state asks for; returns at once. */
  void act(StudioResource resource) {
    switch (resource.state()) {
      case PENDING, UPDATING -> effect(resource, () -> {
        works.get(resource.kind()).make(resource);
        settle(resource, ResourceEvent.DONE, Optional.empty());
      });
      case DELETING -> effect(resource, () -> {
        works.get(resource.kind()).remove(resource);
        effects.untilDone("the end of " + resource.arn(), () -> store.delete(resource));
      });
      case IN_SERVICE, FAILED, UPDATE_FAILED, DELETE_FAILED -> { }
    }
  }

  private void effect(StudioResource resource, Runnable work) {
    effects.begin(resource.state() + " of " + resource.arn(), work,
        e -> settle(resource, ResourceEvent.BROKEN, Optional.of(FailureText.of(e, ""))));
  }

  private void settle(StudioResource resource, ResourceEvent event, Optional<String> failure) {
    ResourceState next = resource.state().after(event).orElseThrow();
    effects.untilDone(next + " of " + resource.arn(), () -> store.apply(resource, next, failure));
  }

  @Override
  public void close() {
    effects.close();
  }
}
