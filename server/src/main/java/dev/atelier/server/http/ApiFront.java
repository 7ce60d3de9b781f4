package dev.atelier.server.http;

import dev.atelier.server.tls.SniKeyManager;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The port with its proxy and API, put together. */
public final class ApiFront implements AutoCloseable {
  private final HttpFront front;

  /** Opens a front once the address is known. */
  @FunctionalInterface
  public interface Factory {
    ApiFront open(InetSocketAddress address) throws Exception;
  }

  public ApiFront(InetSocketAddress address, SniKeyManager certificates, Dispatcher dispatcher, String proxyToken)
      throws Exception {
    ConnectProxy handler = new ConnectProxy(new ApiHandler(dispatcher), proxyToken, this::port);
    this.front = new HttpFront(address, certificates, handler);
  }

  public void start() throws Exception {
    front.start();
  }

  /** The port that is listened on, once started. */
  public int port() {
    return front.port();
  }

  /** Listens on a unix socket beside the port. */
  public AutoCloseable listen(Path socket, String name) throws Exception {
    return front.listen(socket, name);
  }

  public void join() throws InterruptedException {
    front.join();
  }

  @Override
  public void close() throws Exception {
    front.close();
  }
}
