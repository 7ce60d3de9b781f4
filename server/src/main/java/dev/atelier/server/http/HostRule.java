package dev.atelier.server.http;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.server.tls.ServedHosts;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Host header lets a request be. A name that is neither ours nor AWS's is refused, so that a page of a foreign
 * site that resolves to this address (DNS rebinding) reaches nothing.
 */
public sealed interface HostRule {
  /** What the console's host name begins with. */
  String STUDIO = "studio.";
  Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  Pattern REGISTRY = Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(amazonaws\\.com(?:\\.cn)?)");

  /** An address or localhost: the API, service to be found by the request. */
  record Api() implements HostRule {}

  /** The console's own host: pages and sessions, and the API for those alone. */
  record Console() implements HostRule {}

  /** The host of one of Studio's apps; {@code app} is what its name begins with. */
  record App(String app) implements HostRule {}

  /** A host name of AWS's that a service here answers for. */
  record AwsHost(ServiceRoute route) implements HostRule {}

  /** The host of an account's container images, {@code <account>.dkr.ecr.<region>.amazonaws.com}. */
  record Registry(AccountId account, Region region) implements HostRule {}

  /** A host name of AWS's that nothing here answers for; it is never passed on to AWS. */
  record UnservedAwsHost(String host) implements HostRule {}

  /** Where the SageMaker SDKs report their use; answered at once, stored nowhere. */
  record Telemetry() implements HostRule {}

  /** Any other name. */
  record Foreign(String host) implements HostRule {}

  /**
   * The rule for a Host header.
   *
   * @param own names by which other machines reach this one
   */
  static HostRule of(String header, Set<String> own) {
    String host = withoutPort(header).toLowerCase(Locale.ROOT);
    if (host.equals("studio.localhost") || host.startsWith(STUDIO) && own.contains(host.substring(STUDIO.length()))) {
      return new Console();
    }
    Optional<String> app = app(host, own);
    if (app.isPresent()) {
      return new App(app.get());
    }
    if (isAddress(host) || host.equals("localhost") || own.contains(host)) {
      return new Api();
    }
    if (host.startsWith("sm-pysdk-t-") || host.startsWith("dev-exp-t-")) {
      return ServedHosts.isAws(host) ? new Telemetry() : new Foreign(host);
    }
    Matcher registry = REGISTRY.matcher(host);
    if (registry.matches() && Region.isRegion(registry.group(2))
        && new Region(registry.group(2)).partition().dnsSuffix().equals(registry.group(3))) {
      return new Registry(new AccountId(registry.group(1)), new Region(registry.group(2)));
    }
    Optional<ServiceRoute> route = ServiceRoute.ofAwsHost(host);
    if (route.isPresent()) {
      return new AwsHost(route.get());
    }
    return ServedHosts.isAws(host) ? new UnservedAwsHost(host) : new Foreign(host);
  }

  private static Optional<String> app(String host, Set<String> own) {
    int dot = host.indexOf('.');
    String label = dot < 0 ? "" : host.substring(0, dot);
    String rest = host.substring(dot + 1);
    boolean studio = rest.equals(STUDIO + "localhost")
        || rest.startsWith(STUDIO) && own.contains(rest.substring(STUDIO.length()));
    return studio && label.matches("[a-z0-9-]{1,63}") ? Optional.of(label) : Optional.empty();
  }

  private static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches() || host.startsWith("[") && host.endsWith("]");
  }

  private static String withoutPort(String header) {
    int colon = header.lastIndexOf(':');
    return colon > header.lastIndexOf(']') ? header.substring(0, colon) : header;
  }
}
