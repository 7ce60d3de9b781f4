package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import dev.atelier.server.config.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: opened parts in order, closed in reverse order. Workloads outlive it. */
final class AtelierServer {
  private static final Logger LOG = LoggerFactory.getLogger(AtelierServer.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private PlatformAssembly platform;

  private AtelierServer() {}

  /**
   * Starts a server.
   *
   * @param data the data folder; it is made when it is not there, and locked
   * @param cache the folder of environments and other things that can be made again
   */
  static AtelierServer start(Path data, Path cache, Binding binding, ServerConfig config) throws Exception {
    AtelierServer server = new AtelierServer();
    try {
      DataFolder folder = server.keep(DataFolder.open(data));
      server.platform = new PlatformAssembly(folder, cache, config, binding, Clock.systemUTC(), server.opened);
      folder.announce(server.url(), Version.TEXT);
      return server;
    } catch (Exception | Error e) {
      server.stop();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  URI url() {
    return platform.url();
  }

  void join() throws InterruptedException {
    platform.join();
  }

  /** Ends the server in order; says which workloads go on. */
  synchronized void stop() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("closing {} failed", part.getClass().getSimpleName(), e);
      }
    }
  }
}
