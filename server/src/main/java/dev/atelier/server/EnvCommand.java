package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier env}: what a shell must set so that AWS's clients speak to this server. */
@Command(name = "env", mixinStandardHelpOptions = true,
    description = "Prints the settings of AWS clients, for eval \"$(./atelier env)\".")
final class EnvCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Option(names = "--role", paramLabel = "NAME", description = "the role to act as (default: the execution role)")
  private String role;

  @Option(names = "--account", paramLabel = "ID", description = "the role's account (default: the server's)")
  private String account;

  @Option(names = "--region", defaultValue = "us-east-1", description = "the region (default: us-east-1)")
  private String region;

  @Option(names = "--duration", defaultValue = "12h", description = "how long the credentials last, such as 45m or 12h")
  private String duration;

  @Option(names = "--admin", description = "the administrator's own keys (with --url: the user's) instead of a role's "
      + "session")
  private boolean admin;

  @Option(names = "--url", paramLabel = "https://HOST:PORT", description = "a server of another machine; signs in with "
      + "ATELIER_ACCESS_KEY_ID and ATELIER_SECRET_ACCESS_KEY, or with the keys of --profile, or asks for them")
  private URI url;

  @Option(names = "--profile", paramLabel = "NAME", description = "with --url: sign in with this profile's keys of ~/.aws")
  private String signInProfile;

  @Option(names = "--format", defaultValue = "sh", description = "sh, fish, powershell or dotenv (default: sh)")
  private EnvFormat format;

  @Option(names = "--write-profile", paramLabel = "NAME",
      description = "write keys, region and endpoint as a profile of ~/.aws as well")
  private String profile;

  @Override
  public Integer call() throws Exception {
    Reached server = url == null ? here() : new RemoteServer(url).reach(signInProfile);
    AdministratorKey key = server.key();
    Map<String, String> variables = new LinkedHashMap<>();
    if (admin) {
      variables.put("AWS_ACCESS_KEY_ID", key.accessKeyId());
      variables.put("AWS_SECRET_ACCESS_KEY", key.secretAccessKey());
      variables.put("AWS_SESSION_TOKEN", "");
    } else {
      variables.putAll(new AssumeRoleCall(server.url(), PemTrust.of(server.bundle()), key, region).credentials(
          account == null ? key.account() : account, role, Durations.parse(duration)));
    }
    variables.putAll(settings(server));
    System.out.print(format.render(variables));
    if (profile != null) {
      AwsProfile.write(Folders.home(System.getenv()).resolve(".aws"), profile, variables);
      System.err.println("atelier: wrote profile " + profile + " to ~/.aws; use it with AWS_PROFILE=" + profile);
    }
    return 0;
  }

  /**
   * A server, and what its clients must know.
   *
   * @param key who signs in
   * @param bundle the file of certificates to trust
   */
  record Reached(URI url, AdministratorKey key, String proxyToken, Path bundle) {}

  private Reached here() throws IOException {
    DataFolder.Server server = data.requireServer();
    return new Reached(server.url(), AdministratorKey.read(data.folder())
        .orElseThrow(() -> new CommandFailure("the data folder holds no administrator's key")),
        ProxyToken.open(data.folder().resolve("keys")), data.folder().resolve("trust/ca-bundle.pem"));
  }

  private Map<String, String> settings(Reached server) throws IOException {
    String proxy = server.url().getScheme() + "://atelier:" + server.proxyToken() + "@" + server.url().getRawAuthority();
    String bundle = server.bundle().toString();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("AWS_DEFAULT_REGION", region);
    settings.put("AWS_REGION", region);
    settings.put("AWS_ENDPOINT_URL", server.url().toString());
    settings.put("S3_ENDPOINT_URL", server.url().toString());
    for (String name : new String[] {"HTTPS_PROXY", "https_proxy"}) {
      settings.put(name, proxy);
    }
    for (String name : new String[] {"NO_PROXY", "no_proxy"}) {
      settings.put(name, "127.0.0.1,localhost" + (url == null ? "" : "," + url.getHost()));
    }
    for (String name : new String[] {"AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
        "PIP_CERT", "NODE_EXTRA_CA_CERTS"}) {
      settings.put(name, bundle);
    }
    settings.put("SAGEMAKER_ADMIN_CONFIG_OVERRIDE",
        telemetryOff(url == null ? data.folder() : server.bundle().getParent()).toString());
    return settings;
  }

  /** The SDK's defaults file that keeps it from reporting its use. */
  private static Path telemetryOff(Path folder) throws IOException {
    Path file = folder.resolve("sagemaker-defaults.yaml");
    Files.writeString(file, """
        SchemaVersion: '1.0'
        SageMaker:
          PythonSDK:
            Modules:
              TelemetryOptOut: true
        """);
    return file;
  }

  /** Lengths of time as people write them. */
  private static final class Durations {
    static Duration parse(String text) {
      if (!text.matches("\\d{1,6}[smh]")) {
        throw new CommandFailure("--duration must be a number with s, m or h, such as 12h");
      }
      Duration parsed = Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
      if (parsed.compareTo(Duration.ofMinutes(15)) < 0 || parsed.compareTo(Duration.ofHours(12)) > 0) {
        throw new CommandFailure("--duration must be between 15m and 12h");
      }
      return parsed;
    }
  }
}
