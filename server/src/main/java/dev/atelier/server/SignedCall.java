package dev.atelier.server;

import dev.atelier.wire.SigV4Signer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Requests of the launcher's commands to the running server, signed with the administrator's key. */
final class SignedCall {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI server;
  private final SSLContext trust;
  private final AdministratorKey key;
  private final Optional<String> token;
  private final String region;

  /** @param trust the authorities that the server's certificate may be of */
  SignedCall(URI server, SSLContext trust, AdministratorKey key, String region) {
    this(server, trust, key, Optional.empty(), region);
  }

  private SignedCall(URI server, SSLContext trust, AdministratorKey key, Optional<String> token, String region) {
    this.token = token;
    this.server = server;
    this.trust = trust;
    this.key = key;
    this.region = region;
  }

  /** The same calls with the temporary credentials of a session. */
  SignedCall as(AdministratorKey session, String sessionToken) {
    return new SignedCall(server, trust, session, Optional.of(sessionToken), region);
  }

  /** An answer: its status and its text. */
  record Answer(int status, String text) {}

  /** Calls an operation of a Query service. */
  Answer query(String service, Map<String, String> fields) {
    byte[] bytes = form(fields).getBytes(StandardCharsets.UTF_8);
    return send("POST", "/", service, bytes,
        Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));
  }

  /** Calls an operation of SageMaker with a JSON body. */
  Answer sagemaker(String operation, String json) {
    return send("POST", "/", "sagemaker", json.getBytes(StandardCharsets.UTF_8),
        Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "SageMaker." + operation));
  }

  /** Asks S3 for what lies at a path with its query. */
  Answer get(String pathAndQuery) {
    return send("GET", pathAndQuery, "s3", new byte[0], Map.of());
  }

  /** Asks for one of the server's own deeds. */
  Answer post(String path, String text) {
    return send("POST", path, "sagemaker", text.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "text/plain"));
  }

  private Answer send(String method, String path, String service, byte[] body, Map<String, String> headers) {
    URI uri = server.resolve(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT)
        .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body));
    new SigV4Signer(key.accessKeyId(), key.secretAccessKey(), token, Clock.systemUTC())
        .sign(method, uri, headers, body, region, service).forEach(request::header);
    try (HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).sslContext(trust)
        .connectTimeout(TIMEOUT).build()) {
      HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new CommandFailure("the server at " + server + " does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private static String form(Map<String, String> fields) {
    StringBuilder form = new StringBuilder();
    fields.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&").append(name).append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return form.toString();
  }
}
