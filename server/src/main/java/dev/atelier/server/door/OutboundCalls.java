package dev.atelier.server.door;

import dev.atelier.identity.Outbound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The server's own calls: https alone, to hosts that the egress rules let through, at the address that was judged. */
public final class OutboundCalls implements Outbound, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client;
  private final Duration patience;

  /** @param trust whose certificates are believed */
  public OutboundCalls(Egress egress, SSLContext trust) {
    this(egress, trust, PATIENCE);
  }

  /** @param patience how long a whole call may take */
  OutboundCalls(Egress egress, SSLContext trust, Duration patience) {
    this.patience = patience;
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(trust);
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setConnectTimeout(patience.toMillis());
    client.setSocketAddressResolver(new Judged(egress));
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for outbound calls does not start", e);
    }
  }

  /** Resolves names by the egress rules, so that the address dialled is the one that was judged. */
  private record Judged(Egress egress) implements SocketAddressResolver {
    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
      Optional<InetAddress> address = egress.resolve(host);
      address.ifPresentOrElse(found -> promise.succeeded(List.of(new InetSocketAddress(found, port))),
          () -> promise.failed(new UnknownHostException(host + " may not be reached (setting egress)")));
    }
  }

  @Override
  public byte[] get(URI url, int mostBytes) throws IOException {
    return answer(url, client::newRequest, mostBytes);
  }

  @Override
  public byte[] post(URI url, String form, Optional<String> authorization, int mostBytes) throws IOException {
    return answer(url, to -> {
      Request request = client.newRequest(to).method(HttpMethod.POST)
          .body(new StringRequestContent("application/x-www-form-urlencoded", form));
      return authorization.map(value -> request.headers(headers -> headers.put(HttpHeader.AUTHORIZATION, value)))
          .orElse(request);
    }, mostBytes);
  }

  private byte[] answer(URI url, Function<URI, Request> made, int mostBytes) throws IOException {
    if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null || url.getUserInfo() != null) {
      throw new IOException("not an https address");
    }
    try {
      ContentResponse response = new CompletableResponseListener(
          made.apply(url).timeout(patience.toMillis(), TimeUnit.MILLISECONDS), mostBytes)
          .send().get(patience.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
      if (response.getStatus() != 200) {
        throw new IOException(url.getHost() + " answered with status " + response.getStatus());
      }
      return response.getContent();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(url.getHost() + " cannot be asked: "
          + (e.getCause() == null ? "it did not answer in time" : e.getCause().getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
