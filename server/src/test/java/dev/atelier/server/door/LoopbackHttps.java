package dev.atelier.server.door;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.atelier.server.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server of https at {@code localhost} with an authority of its own. */
public final class LoopbackHttps implements AutoCloseable {
  private static final char[] PASSWORD = "test".toCharArray();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpsServer server;
  private final Path authority;

  public LoopbackHttps(Path folder) throws IOException, GeneralSecurityException {
    CertificateAuthority signer = CertificateAuthority.open(Files.createDirectories(folder), Clock.systemUTC());
    authority = folder.resolve("authority.pem");
    Files.writeString(authority, signer.pem());
    CertificateAuthority.Leaf leaf = signer.mint(List.of("localhost"));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("leaf", leaf.key(), PASSWORD, leaf.chain());
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.start();
  }

  public LoopbackHttps on(String path, HttpHandler handler) {
    server.createContext(path, handler);
    return this;
  }

  /** A handler that answers with a text. */
  public static HttpHandler text(int status, String text) {
    return exchange -> {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    };
  }

  public String url() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** The PEM file of the authority that its clients must trust. */
  public Path authority() {
    return authority;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
