package dev.atelier.hosting;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;

/** Speaks HTTP to the model servers, over the sockets that lead into their sandboxes. */
final class ModelServers implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(InvocationApi.MODEL_SECONDS + 10);
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_ANSWER_BYTES = 32 << 20;

  private final ComputeBackend backend;
  private final HttpClient client;

  ModelServers(ComputeBackend backend) throws Exception {
    this.backend = backend;
    ClientConnector connector = new ClientConnector();
    // a connection that waits for its answer is idle: the request's own timeout is to end it
    connector.setIdleTimeout(IDLE);
    client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setConnectTimeout(2_000);
    client.setFollowRedirects(false);
    client.setUserAgentField(null);
    client.start();
  }

  /** A model server's answer. */
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  /** A model server did not answer; {@code timedOut} tells whether it took too long. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean timedOut;

    NoAnswer(String message, boolean timedOut) {
      super(message);
      this.timedOut = timedOut;
    }

    boolean timedOut() {
      return timedOut;
    }
  }

  /** Whether the server answers {@code /ping} with 200 within two seconds. */
  boolean pings(WorkloadId id, String host) {
    try {
      return send(id, host, client.newRequest(uri(id, host, "/ping")), 2).getStatus() == 200;
    } catch (NoAnswer e) {
      return false;
    }
  }

  /** Posts to {@code /invocations}. */
  Answer invoke(WorkloadId id, String host, byte[] body, Map<String, String> headers, int seconds) throws NoAnswer {
    Request request = client.POST(uri(id, host, "/invocations"))
        .headers(fields -> headers.forEach(fields::put))
        .body(new BytesRequestContent(headers.getOrDefault("Content-Type", "application/octet-stream"), body));
    ContentResponse response = send(id, host, request, seconds);
    Map<String, String> answered = new HashMap<>();
    response.getHeaders().forEach(field -> answered.put(field.getLowerCaseName(), field.getValue()));
    return new Answer(response.getStatus(), answered, response.getContent());
  }

  /** The name in the address keeps the connections of each host apart; the socket decides where they lead. */
  private static URI uri(WorkloadId id, String host, String path) {
    return URI.create("http://" + host + "." + id + path);
  }

  private ContentResponse send(WorkloadId id, String host, Request request, int seconds) throws NoAnswer {
    Path socket = backend.serviceSocket(id, host);
    try {
      CompletableResponseListener listener =
          new CompletableResponseListener(
              request.transport(new Transport.TCPUnix(socket)).timeout(seconds, TimeUnit.SECONDS), MAX_ANSWER_BYTES);
      return listener.send().get(seconds + 5L, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new NoAnswer(String.valueOf(e.getCause().getMessage()), e.getCause() instanceof TimeoutException);
    } catch (TimeoutException e) {
      throw new NoAnswer("no answer within " + seconds + " seconds", true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer("interrupted", false);
    }
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }
}
