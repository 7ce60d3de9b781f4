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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** Asks the server, as its administrator or a user of its and by STS's own AssumeRole, for a role's credentials. */
final class AssumeRoleCall {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI server;
  private final SSLContext trust;
  private final AdministratorKey key;
  private final String region;

  /** @param trust the authorities that the server's certificate may be of */
  AssumeRoleCall(URI server, SSLContext trust, AdministratorKey key, String region) {
    this.server = server;
    this.trust = trust;
    this.key = key;
    this.region = region;
  }

  /**
   * The credentials as the variables that AWS's clients read.
   *
   * @param role the role's name, with its path when it has one; null for the execution role
   */
  Map<String, String> credentials(String account, String role, Duration duration) {
    String name = role == null ? "service-role/AtelierExecutionRole" : role;
    String partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    String body = form(Map.of("Action", "AssumeRole", "Version", "2011-06-15",
        "RoleArn", "arn:" + partition + ":iam::" + account + ":role/" + name,
        "RoleSessionName", "atelier-env", "DurationSeconds", Long.toString(duration.toSeconds())));
    String answer = post(body);
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AWS_ACCESS_KEY_ID", element(answer, "AccessKeyId"));
    variables.put("AWS_SECRET_ACCESS_KEY", element(answer, "SecretAccessKey"));
    variables.put("AWS_SESSION_TOKEN", element(answer, "SessionToken"));
    return variables;
  }

  private String post(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/")).timeout(TIMEOUT)
        .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
    new SigV4Signer(key.accessKeyId(), key.secretAccessKey(), Optional.empty(), Clock.systemUTC())
        .sign("POST", server.resolve("/"), Map.of(), bytes, region, "sts").forEach(request::header);
    try (HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).sslContext(trust)
        .connectTimeout(TIMEOUT).build()) {
      HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new CommandFailure("the server refused the role: " + element(response.body(), "Message"));
      }
      return response.body();
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

  /** The text of one element of our own server's small answer. */
  private static String element(String xml, String name) {
    Matcher matcher = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
    return matcher.find() ? matcher.group(1) : "(no " + name + " in the answer)";
  }
}
