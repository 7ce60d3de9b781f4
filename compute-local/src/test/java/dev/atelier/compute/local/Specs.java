package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.util.List;
import java.util.Map;

/** Small workloads for tests. */
final class Specs {
  static final Resources SMALL = new Resources(1, 256L << 20, 0, 64, 64L << 20);
  static final String OUT = "/opt/ml/output";

  private Specs() {}

  static HostSpec sh(String text, Mount... mounts) {
    return host("algo-1", List.of("/bin/sh", "-c", text), Map.of(), 0, mounts);
  }

  static HostSpec python(String text, int port, Mount... mounts) {
    return host("algo-1", List.of("/usr/bin/python3", "-I", "-c", text), Map.of(), port, mounts);
  }

  static HostSpec host(String name, List<String> command, Map<String, String> environment, int port, Mount... mounts) {
    return new HostSpec(name, new Image.Layered(List.of(), Map.of()), command, environment, "/",
        List.of(mounts), SMALL, port, 1000, 1000);
  }

  static HostSpec with(HostSpec host, Resources resources) {
    return new HostSpec(host.name(), host.image(), host.command(), host.environment(), host.workingDirectory(),
        host.mounts(), resources, host.servicePort(), host.uid(), host.gid());
  }

  static WorkloadSpec isolated(String id, HostSpec... hosts) {
    return new WorkloadSpec(new WorkloadId(id), "arn:test", List.of(hosts), NetworkPolicy.ISOLATED);
  }

  static WorkloadSpec open(String id, HostSpec... hosts) {
    return new WorkloadSpec(new WorkloadId(id), "arn:test", List.of(hosts), NetworkPolicy.PLATFORM);
  }
}
