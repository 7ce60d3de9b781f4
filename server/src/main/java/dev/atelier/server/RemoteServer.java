package dev.atelier.server;

import dev.atelier.server.http.ClientSettings;
import dev.atelier.server.tls.TrustBundle;
import dev.atelier.wire.SigV4Signer;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A server of another machine. Signing in sends a signature, never the secret, and the answer is sealed under the secret:
 * so the first connection needs no certificate that is known already.
 */
final class RemoteServer {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI url;

  RemoteServer(URI url) {
    if (!"https".equals(url.getScheme()) || url.getHost() == null || !url.getRawPath().replace("/", "").isEmpty()
        || url.getRawQuery() != null || url.getRawUserInfo() != null) {
      throw new CommandFailure("--url must be https://HOST:PORT");
    }
    this.url = URI.create("https://" + url.getHost() + ":" + (url.getPort() < 0 ? 443 : url.getPort()));
  }

  private record Keys(String id, String secret) {
    @Override
    public String toString() {
      return "Keys[" + id + "]";
    }
  }

  /** Signs in and keeps what is to be trusted in the user's configuration folder. */
  EnvCommand.Reached reach(String profile) throws IOException, GeneralSecurityException {
    Keys keys = keys(profile, System.getenv());
    ClientSettings settings = ask(keys);
    Path folder = Folders.config(System.getenv()).resolve(url.getHost().replace(':', '.') + "-" + url.getPort());
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path trust = TrustBundle.write(folder, settings.certificates());
    return new EnvCommand.Reached(url, new AdministratorKey(settings.account(), keys.id, keys.secret),
        settings.proxyToken(), trust.resolve("ca-bundle.pem"));
  }

  private static Keys keys(String profile, Map<String, String> environment) throws IOException {
    if (profile != null) {
      Map<String, String> entries =
          AwsProfile.read(Folders.home(environment).resolve(".aws/credentials"), profile);
      if (!entries.containsKey("aws_access_key_id") || !entries.containsKey("aws_secret_access_key")) {
        throw new CommandFailure("~/.aws/credentials has no keys of a profile " + profile);
      }
      return new Keys(entries.get("aws_access_key_id"), entries.get("aws_secret_access_key"));
    }
    String id = environment.getOrDefault("ATELIER_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("ATELIER_SECRET_ACCESS_KEY", "");
    if (!id.isEmpty() && !secret.isEmpty()) {
      return new Keys(id, secret);
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new CommandFailure("sign in with an access key of the server: set ATELIER_ACCESS_KEY_ID and "
          + "ATELIER_SECRET_ACCESS_KEY, or name a profile of ~/.aws with --profile");
    }
    // stdout is for the shell that evaluates it
    System.err.print("Access key id: ");
    String typed = console.readLine();
    System.err.print("Secret access key: ");
    char[] hidden = console.readPassword();
    return new Keys(typed == null ? "" : typed.strip(), hidden == null ? "" : new String(hidden).strip());
  }

  private ClientSettings ask(Keys keys) throws GeneralSecurityException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String nonce = HexFormat.of().formatHex(random);
    URI place = url.resolve(ClientSettings.PATH);
    HttpRequest.Builder request = HttpRequest.newBuilder(place).timeout(TIMEOUT).GET();
    new SigV4Signer(keys.id, keys.secret, Optional.empty(), Clock.systemUTC())
        .sign("GET", place, Map.of(ClientSettings.NONCE, nonce), new byte[0], "us-east-1", "sts")
        .forEach(request::header);
    try (HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).sslContext(PemTrust.anyone())
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build()) {
      HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new CommandFailure("the server at " + url + " refused the keys: " + answer.body());
      }
      return ClientSettings.open(answer.body(), keys.secret, nonce);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("whoever answers at " + url + " does not know the secret key: it is not the server that "
          + "the keys are of");
    } catch (IOException e) {
      throw new CommandFailure("the server at " + url + " does not answer: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }
}
