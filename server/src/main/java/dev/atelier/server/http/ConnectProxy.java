package dev.atelier.server.http;

import dev.atelier.server.tls.ServedHosts;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.IntSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Promise;

/**
 * The CONNECT proxy that leads clients with built-in AWS hosts here: an AWS host is connected to this very port, whose
 * TLS side has a certificate for it; every other host is tunnelled untouched. Both SageMaker SDKs call STS by its public
 * name whatever endpoint is configured, which no setting but a proxy reaches.
 */
final class ConnectProxy extends ConnectHandler {
  private final byte[] expected;
  private final IntSupplier ownPort;

  /**
   * @param token what clients send as the password of user {@code atelier}
   * @param ownPort the port of this server, once it listens
   */
  ConnectProxy(Handler next, String token, IntSupplier ownPort) {
    super(next);
    this.expected = ("Basic " + Base64.getEncoder().encodeToString(("atelier:" + token).getBytes(StandardCharsets.UTF_8)))
        .getBytes(StandardCharsets.UTF_8);
    this.ownPort = ownPort;
    setConnectTimeout(15_000);
    setIdleTimeout(600_000);
  }

  @Override
  protected boolean handleAuthentication(Request request, Response response, String address) {
    String sent = request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION);
    if (sent != null && MessageDigest.isEqual(expected, sent.getBytes(StandardCharsets.UTF_8))) {
      return true;
    }
    response.getHeaders().put(HttpHeader.PROXY_AUTHENTICATE, "Basic realm=\"Atelier\"");
    return false;
  }

  @Override
  protected void connectToServer(Request request, String host, int port, Promise<SocketChannel> promise) {
    if (ServedHosts.isAws(host)) {
      super.connectToServer(request, "127.0.0.1", ownPort.getAsInt(), promise);
    } else {
      super.connectToServer(request, host, port, promise);
    }
  }

  @Override
  protected InetSocketAddress newConnectAddress(String host, int port) {
    return new InetSocketAddress(host, port);
  }
}
