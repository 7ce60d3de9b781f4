package dev.atelier.hosting;

import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import java.util.List;

/** The log streams of endpoints, one for each host of each attempt. */
final class EndpointLogs {
  private final JobPlatform platform;

  EndpointLogs(JobPlatform platform) {
    this.platform = platform;
  }

  /** The stream of a host: {@code <variant>/i-<17 hexadecimal digits>}, as instances are named on AWS. */
  static JobLogs.Name name(Endpoint endpoint, int host) {
    String own = EndpointWorkload.id(endpoint).value().substring(1, 12);
    return new JobLogs.Name(endpoint.account(), endpoint.region(), "/aws/sagemaker/Endpoints/" + endpoint.name(),
        "%s/i-%s%02x%04x".formatted(endpoint.variant().variantName(), own, endpoint.attempt(), host));
  }

  /** Adds a line of the platform's own. */
  void tell(Endpoint endpoint, String text) {
    platform.logs().platform(name(endpoint, 0), text);
  }

  /** Carries what the hosts write from now on. */
  void follow(Endpoint endpoint) {
    for (int host = 0; host < endpoint.hosts(); host++) {
      platform.pump().follow(EndpointWorkload.id(endpoint), EndpointWorkload.host(host),
          platform.logs().open(name(endpoint, host)));
    }
  }

  /** What the first host wrote last, as the end of a message; empty when the host is gone. */
  String tail(Endpoint endpoint) {
    return platform.logs().tail(platform.backend(), EndpointWorkload.id(endpoint), EndpointWorkload.host(0));
  }

  /** What a host wrote last. */
  List<String> lastLines(WorkloadId id, String host) {
    return platform.logs().lastLines(platform.backend(), id, host);
  }
}
