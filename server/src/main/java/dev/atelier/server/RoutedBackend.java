package dev.atelier.server;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.HostUsage;
import dev.atelier.compute.Image;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.LogTimes;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Sends workloads to sandboxes, or to containers when a host's image is a container image. */
final class RoutedBackend implements ComputeBackend {
  private final ComputeBackend sandboxes;
  private final ComputeBackend containers;

  RoutedBackend(ComputeBackend sandboxes, ComputeBackend containers) {
    this.sandboxes = sandboxes;
    this.containers = containers;
  }

  private ComputeBackend of(WorkloadId id) {
    return containers.list().containsKey(id) ? containers : sandboxes;
  }

  @Override
  public void watch(Consumer<WorkloadEvent> listener) {
    sandboxes.watch(listener);
    containers.watch(listener);
  }

  @Override
  public void start(WorkloadSpec spec) {
    boolean contained = spec.hosts().stream().anyMatch(host -> host.image() instanceof Image.Reference);
    ComputeBackend chosen = contained ? containers : sandboxes;
    ComputeBackend other = contained ? sandboxes : containers;
    if (other.list().containsKey(spec.id())) {
      return;
    }
    chosen.start(spec);
  }

  @Override
  public Map<WorkloadId, Map<String, WorkloadState>> list() {
    Map<WorkloadId, Map<String, WorkloadState>> all = new LinkedHashMap<>(sandboxes.list());
    all.putAll(containers.list());
    return all;
  }

  @Override
  public void stop(WorkloadId id, Duration grace) {
    of(id).stop(id, grace);
  }

  @Override
  public byte[] readLog(WorkloadId id, String host, long offset, int maxBytes) {
    return of(id).readLog(id, host, offset, maxBytes);
  }

  @Override
  public LogTimes logTimes(WorkloadId id, String host) {
    return of(id).logTimes(id, host);
  }

  @Override
  public InputStream collect(WorkloadId id, String host, String inside, CollectionLimits limits) {
    return of(id).collect(id, host, inside, limits);
  }

  @Override
  public List<HostFile> files(WorkloadId id, String host, String inside, ListingLimits limits) {
    return of(id).files(id, host, inside, limits);
  }

  @Override
  public InputStream collectFiles(
      WorkloadId id, String host, String inside, List<String> names, CollectionLimits limits) {
    return of(id).collectFiles(id, host, inside, names, limits);
  }

  @Override
  public boolean mountsPacked(Image image) {
    return (image instanceof Image.Reference ? containers : sandboxes).mountsPacked(image);
  }

  @Override
  public Map<String, HostUsage> usage(WorkloadId id) {
    return of(id).usage(id);
  }

  @Override
  public SocketChannel connect(WorkloadId id, String host) {
    return of(id).connect(id, host);
  }

  @Override
  public Path serviceSocket(WorkloadId id, String host) {
    return of(id).serviceSocket(id, host);
  }

  @Override
  public void remove(WorkloadId id) {
    of(id).remove(id);
  }

  /** Made where it is first mounted; here for sandboxes, which alone are asked to have one before. */
  @Override
  public void makeVolume(String name) {
    sandboxes.makeVolume(name);
  }

  @Override
  public Set<String> volumes() {
    Set<String> all = new HashSet<>(sandboxes.volumes());
    all.addAll(containers.volumes());
    return all;
  }

  @Override
  public void removeVolume(String name) {
    sandboxes.removeVolume(name);
    containers.removeVolume(name);
  }

  @Override
  public List<String> notLimited() {
    return Stream.concat(sandboxes.notLimited().stream(), containers.notLimited().stream()).toList();
  }

  @Override
  public void close() {
    try {
      containers.close();
    } finally {
      sandboxes.close();
    }
  }
}
