package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import java.util.Optional;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Passes requests on to an app's program and its answers back, neither of them held as a whole. */
final class AppProxy extends ProxyHandler {
  /** The attribute under which a request carries its {@link Standing.Ready}. */
  static final String ROUTE = Standing.Ready.class.getName();
  /** The attribute of a request whose body was read, and is passed on from there. */
  static final String BODY = "dev.atelier.body";
  private static final long IDLE_MILLIS = 600_000;
  private static final int MOST_CONNECTIONS = 1_024;
  private static final int HEADER_BYTES = 64 << 10;
  private static final int CONTENT_BYTES = 256 << 10;

  @Override
  protected HttpClient newHttpClient() {
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(new ClientConnector()));
    client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
    client.setRequestBufferSize(HEADER_BYTES);
    client.setResponseBufferSize(CONTENT_BYTES);
    client.setMaxResponseHeadersSize(HEADER_BYTES);
    client.setConnectTimeout(2_000);
    client.setIdleTimeout(IDLE_MILLIS);
    client.setAddressResolutionTimeout(1);
    return client;
  }

  private static Standing.Ready route(Request request) {
    return (Standing.Ready) request.getAttribute(ROUTE);
  }

  /** The name keeps the connections of each app apart; the socket decides where they lead. */
  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    String name = Integer.toHexString(route(request).socket().hashCode());
    return HttpURI.from("http://app-" + name + ".invalid" + request.getHttpURI().getPathQuery());
  }

  @Override
  protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
    return super.newProxyToServerRequest(request, uri).transport(new Transport.TCPUnix(route(request).socket()));
  }

  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request passed) {
    HttpFields headers = PassedHeaders.of(request, route(request));
    super.copyRequestHeaders(new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return headers;
      }
    }, passed);
    // a browser's Connection header may name fields that go no further: what this proxy says is said after those went
    passed.headers(fields -> {
      fields.put(HttpHeader.HOST, request.getHeaders().get(HttpHeader.HOST));
      PassedHeaders.OWN.forEach(name ->
          Optional.ofNullable(headers.get(name)).ifPresent(said -> fields.put(name, said)));
    });
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(Request request, Response response,
      org.eclipse.jetty.client.Request passed) {
    return request.getAttribute(BODY) instanceof byte[] body
        ? new BytesRequestContent(String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE)), body)
        : super.newProxyToServerRequestContent(request, response, passed);
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request passed) {
    // they are said in PassedHeaders
  }

  /** A program may set cookies for its own host only. */
  @Override
  protected HttpField filterServerToProxyResponseField(HttpField field) {
    if (field.getHeader() != HttpHeader.SET_COOKIE) {
      return field;
    }
    String value = String.valueOf(field.getValue());
    return value.strip().startsWith(AppCookie.NAME) ? null
        : new HttpField(HttpHeader.SET_COOKIE, value.replaceAll("(?i);\\s*domain=[^;]*", ""));
  }

  @Override
  protected void onServerToProxyResponseFailure(Request request, org.eclipse.jetty.client.Request passed,
      org.eclipse.jetty.client.Response answer, Response response, Callback callback, Throwable failure) {
    AppAnswers.gone(response, callback);
  }
}
