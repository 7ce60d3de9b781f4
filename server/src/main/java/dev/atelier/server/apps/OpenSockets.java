package dev.atelier.server.apps;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The WebSockets that the server itself answers: whether their clients are there still, and the end of all. */
final class OpenSockets implements AutoCloseable {
  private static final int PING_SECONDS = 30;
  /** Who answers no ping for so long is gone. */
  static final Duration SILENCE = Duration.ofSeconds(3L * PING_SECONDS);

  private final Set<One> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("socket-pings").factory());

  /** A WebSocket. */
  interface One {
    /** Tells whether the client is there still: who does not answer is closed for its silence. */
    void ping();

    /** The server goes: clients come again to the next one. */
    void leave();
  }

  OpenSockets() {
    pings.scheduleAtFixedRate(() -> open.forEach(One::ping), PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
  }

  void add(One socket) {
    open.add(socket);
  }

  void remove(One socket) {
    open.remove(socket);
  }

  @Override
  public void close() {
    pings.shutdownNow();
    open.forEach(One::leave);
  }
}
