package dev.atelier.compute.local;

import dev.atelier.compute.HostUsage;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The hosts of one workload and the network that joins them. */
final class Workload {
  private final Surroundings with;
  private final WorkloadSpec spec;
  private final Path folder;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Optional<WorkloadNetwork> network;

  Workload(Surroundings with, WorkloadSpec spec, Path folder) {
    this.with = with;
    this.spec = spec;
    this.folder = folder;
    this.network = spec.hosts().size() > 1
        ? Optional.of(new WorkloadNetwork(with.config(), folder, with.keeper()))
        : Optional.empty();
    for (int i = 0; i < spec.hosts().size(); i++) {
      hosts.put(spec.hosts().get(i).name(), new Host(with, spec, i, folder, network, this::hostEnded));
    }
  }

  private void hostEnded() {
    if (hosts.values().stream().allMatch(host -> host.state().ended())) {
      network.ifPresent(WorkloadNetwork::end);
    }
  }

  Map<String, Host> hosts() {
    return hosts;
  }

  String owner() {
    return spec.owner();
  }

  /** Whether a host mounts a volume. */
  boolean mounts(String volume) {
    return spec.hosts().stream().anyMatch(host ->
        Volumes.of(host).filter(mount -> mount.name().equals(volume)).isPresent());
  }

  Map<String, WorkloadState> states() {
    Map<String, WorkloadState> states = new LinkedHashMap<>();
    hosts.forEach((name, host) -> states.put(name, host.state()));
    return states;
  }

  Map<String, HostUsage> usage() {
    Map<String, HostUsage> usage = new LinkedHashMap<>();
    hosts.forEach((name, host) -> host.usage().ifPresent(used -> usage.put(name, used)));
    return usage;
  }

  void start() {
    hosts.values().forEach(Host::start);
  }

  void claim() throws IOException {
    for (Host host : hosts.values()) {
      host.claim();
    }
  }

  void adopt() throws IOException {
    for (Host host : hosts.values()) {
      host.adopt();
    }
    hostEnded();
  }

  /** Ends all and deletes all. */
  void remove() throws IOException {
    Map<Host, OptionalInt> uids = new LinkedHashMap<>();
    for (Host host : hosts.values()) {
      host.end();
      uids.put(host, host.folder().uid());
      Path sockets = host.folder().sockets();
      if (!sockets.startsWith(folder)) {
        Deletion.delete(sockets);
      }
    }
    network.ifPresent(WorkloadNetwork::end);
    network.map(made -> made.folder().sockets()).filter(path -> !path.startsWith(folder)).ifPresent(Deletion::delete);
    Deletion.delete(folder);
    uids.values().forEach(uid -> Host.release(with, uid));
  }
}
