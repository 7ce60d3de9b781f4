package dev.atelier.server.http;

import dev.atelier.server.tls.SniKeyManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The listening side: one TCP port for plain HTTP and TLS, and a unix socket for every sandbox. */
public final class HttpFront implements AutoCloseable {
  private static final int MAX_HEADER_BYTES = 64 << 10;
  private static final int INPUT_BUFFER_BYTES = 64 << 10;
  private static final int OUTPUT_BUFFER_BYTES = 64 << 10;

  /** Each door takes an acceptor and a selector for itself; threads are made when they are needed. */
  private static final int MOST_THREADS = 4_096;

  /** What the pool of buffers keeps at most, in bytes. */
  private static final long DIRECT_MEMORY = 64L << 20;

  private final Server server;
  private final ServerConnector connector;
  private final CountDownLatch answering = new CountDownLatch(1);

  /**
   * @param address where to listen; port 0 picks a free one
   * @param handler answers every request, on a virtual thread
   */
  public HttpFront(InetSocketAddress address, SniKeyManager certificates, Handler handler)
      throws GeneralSecurityException {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 4);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    server = new Server(threads, null, new ArrayByteBufferPool(0, -1, Exchange.BUFFER, -1, 0, DIRECT_MEMORY));
    server.setHandler(handler);
    server.setErrorHandler(new FrontErrors());
    server.setStopTimeout(2_000);
    HttpConnectionFactory http = connections(true);
    SslConnectionFactory tls = new SslConnectionFactory(tls(certificates), http.getProtocol());
    connector = new ServerConnector(server, 1, 1, new DetectorConnectionFactory(tls), http, tls);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(300_000);
    connector.setAcceptQueueSize(1_024);
  }

  /**
   * Listens on a unix socket; requests that arrive there know their connector by its name. Before {@link #openPort}
   * their connections wait: a program that outlived an earlier server must not be told that nobody knows it.
   */
  public AutoCloseable listen(Path socket, String name) throws Exception {
    UnixDomainServerConnector door = new UnixDomainServerConnector(server, 1, 1, connections(false)) {
      @Override
      protected void accept(int acceptor) throws IOException {
        try {
          answering.await();
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          return;
        }
        super.accept(acceptor);
      }
    };
    door.setUnixDomainPath(socket);
    door.setName(name);
    door.setIdleTimeout(300_000);
    server.addConnector(door);
    try {
      door.start();
    } catch (Exception e) {
      server.removeConnector(door);
      throw e;
    }
    return () -> {
      door.stop();
      server.removeConnector(door);
    };
  }

  private static HttpConnectionFactory connections(boolean secure) {
    HttpConnectionFactory http = new ExpectingConnections(configuration(secure));
    http.setInputBufferSize(INPUT_BUFFER_BYTES);
    return http;
  }

  private static HttpConfiguration configuration(boolean secure) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setResponseHeaderSize(MAX_HEADER_BYTES);
    http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
    // S3 keys hold double slashes, dot segments and encoded slashes; the signature covers the raw path
    http.setUriCompliance(UriCompliance.UNSAFE);
    if (secure) {
      SecureRequestCustomizer customizer = new SecureRequestCustomizer();
      customizer.setSniHostCheck(false);
      http.addCustomizer(customizer);
    }
    return http;
  }

  private static SslContextFactory.Server tls(SniKeyManager certificates) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {certificates}, null, null);
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(context);
    factory.setSniRequired(false);
    return factory;
  }

  /** Starts to listen at unix sockets; nothing is answered until {@link #openPort}. */
  public void start() throws Exception {
    server.start();
  }

  /** Answers at unix sockets, and opens the port. */
  public void openPort() throws Exception {
    answering.countDown();
    server.addConnector(connector);
    connector.start();
  }

  /** Starts a handler that requests are handed to beside the one that answers all, and stops it with the server. */
  void start(Handler handler) {
    handler.setServer(server);
    server.addManaged(handler);
  }

  /** The port that is listened on, once started. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Waits until the front is stopped. */
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
