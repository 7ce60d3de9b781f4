package dev.atelier.server.tls;

import java.util.List;
import java.util.Locale;

/** The host names that Atelier answers for: AWS's, and localhost. */
public final class ServedHosts {
  /** Domains whose hosts are never reached from here, only answered. */
  public static final List<String> AWS_DOMAINS = List.of("amazonaws.com", "amazonaws.com.cn", "api.aws", "sagemaker.aws");

  private ServedHosts() {}

  /** Whether the host lies under an AWS domain. */
  public static boolean isAws(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return AWS_DOMAINS.stream().anyMatch(domain -> lower.endsWith("." + domain) || lower.equals(domain));
  }

  /** Whether the host is this machine under its own name. */
  public static boolean isLocal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost") || lower.endsWith(".localhost");
  }
}
