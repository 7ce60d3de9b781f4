package dev.atelier.ecr;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the lifecycle policies of repositories, and removes layers that no image needs and an engine's copies of
 * images that are gone, time and again in the background. Nothing is remembered between passes, so a pass that broke
 * off is done again.
 */
public final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private final Repositories repositories;
  private final Images images;
  private final Layers layers;
  private final Optional<EngineImages> engine;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("ecr-upkeep").factory());

  /** @param clock that policies are applied by */
  Upkeep(Repositories repositories, Images images, Layers layers, Optional<EngineImages> engine, Clock clock) {
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.engine = engine;
    this.clock = clock;
  }

  /** Passes over everything now and so many seconds after each pass. */
  public void every(int seconds) {
    timer.scheduleWithFixedDelay(this::run, 0, seconds, TimeUnit.SECONDS);
  }

  /** One pass. */
  void run() {
    for (String id : repositories.withLifecycle()) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        repositories.byId(id).ifPresent(this::expire);
      } catch (RuntimeException e) {
        // a repository may go meanwhile; the others still have their turn
        LOG.warn("the lifecycle policy of repository {} cannot be applied now", id, e);
      }
    }
    try {
      layers.tidy();
    } catch (RuntimeException e) {
      LOG.warn("layers that nobody needs cannot be removed now", e);
    }
    try {
      engine.ifPresent(EngineImages::tidy);
    } catch (RuntimeException e) {
      LOG.warn("copies of images that are gone cannot be removed from the container engine now", e);
    }
  }

  private void expire(Repository repository) {
    LifecyclePolicy policy = LifecyclePolicy.read(repository.lifecycle().orElseThrow());
    int gone = images.expire(repository, all -> policy.expiring(all, clock.instant()).keySet());
    if (gone > 0) {
      LOG.info("{} images of {} expired", gone, repository.arn());
    }
    repositories.change(repository, present -> present.lifecycle().equals(repository.lifecycle())
        ? present.withLifecycle(present.lifecycle(), Optional.of(clock.instant())) : present);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
