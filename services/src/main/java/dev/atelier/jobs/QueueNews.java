package dev.atelier.jobs;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who wait for capacity where they stand, every few seconds while something changes. */
public final class QueueNews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueNews.class);
  private static final int SECONDS = 5;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("queue-news").factory());

  public QueueNews(Capacity capacity) {
    timer.scheduleWithFixedDelay(() -> {
      try {
        capacity.renew();
      } catch (RuntimeException e) {
        LOG.warn("the line cannot be told now", e);
      }
    }, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
