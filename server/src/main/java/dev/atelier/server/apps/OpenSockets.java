package dev.atelier.server.apps;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** WebSockets of apps' hosts: whether their clients are there still, the end of those whose session is over, and of all. */
public final class OpenSockets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSockets.class);
  private static final int PING_SECONDS = 30;
  /** Who answers no ping for so long is gone. */
  static final Duration SILENCE = Duration.ofSeconds(3L * PING_SECONDS);

  private final Map<One, BooleanSupplier> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("socket-pings").factory());

  /** A WebSocket. */
  interface One {
    /** Tells whether the client is there still: who does not answer is closed for its silence. */
    void ping();

    /** Ends it: the server goes, and clients come again to the next one, or nobody is signed in any more. */
    void leave();
  }

  /** Looks after them from now on. */
  public OpenSockets() {
    pings.scheduleAtFixedRate(this::look, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
  }

  /** Pings all whose sessions last and ends the others; done by itself now and then. */
  void look() {
    open.forEach((socket, lasts) -> {
      try {
        if (lasts.getAsBoolean()) {
          socket.ping();
        } else {
          socket.leave();
        }
      } catch (RuntimeException e) {
        LOG.warn("a WebSocket could not be looked after", e);
      }
    });
  }

  /** Those of one session. */
  final class During {
    private final BooleanSupplier lasts;

    private During(BooleanSupplier lasts) {
      this.lasts = lasts;
    }

    void add(One socket) {
      open.put(socket, lasts);
    }

    void remove(One socket) {
      open.remove(socket);
    }
  }

  /** @param lasts whether the session still does */
  During during(BooleanSupplier lasts) {
    return new During(lasts);
  }

  @Override
  public void close() {
    pings.shutdownNow();
    open.keySet().forEach(One::leave);
  }
}
