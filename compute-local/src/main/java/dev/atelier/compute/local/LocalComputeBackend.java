package dev.atelier.compute.local;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.HostUsage;
import dev.atelier.compute.Image;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.LogTimes;
import dev.atelier.compute.Mount;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs workloads as bubblewrap sandboxes of this machine. */
public final class LocalComputeBackend implements ComputeBackend {
  private static final String SPEC = "spec.json";

  private final Surroundings with;
  private final FileChannel lock;
  private final Map<WorkloadId, Workload> workloads = new ConcurrentHashMap<>();

  private LocalComputeBackend(Surroundings with, FileChannel lock) {
    this.with = with;
    this.lock = lock;
  }

  /**
   * Opens a run folder and adopts what an earlier server left in it: every host is watched again, or ended with all
   * its processes, before this returns.
   *
   * @throws ComputeException this machine cannot run sandboxes, or another server has the folder; the message says why
   */
  public static LocalComputeBackend open(LocalComputeConfig config, SandboxDoor door, Clock clock) {
    return open(config, door, clock, Optional.empty(), List.of());
  }

  /**
   * As above, with hosts in containers.
   *
   * @param containers runs every host; only a server that is root can put its door into them
   */
  public static LocalComputeBackend open(
      LocalComputeConfig config, SandboxDoor door, Clock clock, ContainerRuntime containers) {
    if (!Machine.root()) {
      throw new ComputeException("containers need a server that runs as root: it enters their networks");
    }
    return open(config, door, clock, Optional.of(containers), List.of());
  }

  /** @param extraArguments planted holes, for tests that must find them */
  static LocalComputeBackend open(
      LocalComputeConfig config, SandboxDoor door, Clock clock, List<String> extraArguments) {
    return open(config, door, clock, Optional.empty(), extraArguments);
  }

  private static LocalComputeBackend open(LocalComputeConfig config, SandboxDoor door, Clock clock,
      Optional<ContainerRuntime> containers, List<String> extraArguments) {
    try {
      Opening opening = new Opening(config, containers);
      FileChannel lock = opening.lock();
      try {
        LocalComputeBackend backend =
            new LocalComputeBackend(opening.surroundings(door, clock, extraArguments), lock);
        backend.adopt();
        return backend;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ComputeException("the run folder cannot be opened: " + e.getMessage(), e);
    }
  }

  private Path run() {
    return with.config().runFolder();
  }

  private void adopt() throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(run())) {
      entries = listed.toList();
    }
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".new-")) {
        Deletion.delete(entry);
      } else if (!name.startsWith(".")) {
        WorkloadSpec spec = SpecFile.read(entry.resolve(SPEC));
        workloads.put(spec.id(), new Workload(with, spec, entry));
      }
    }
    for (Workload workload : workloads.values()) {
      workload.claim();
    }
    for (Workload workload : workloads.values()) {
      workload.adopt();
    }
  }

  @Override
  public void watch(Consumer<WorkloadEvent> listener) {
    workloads.values().forEach(workload -> workload.hosts().values().forEach(Host::tell));
    with.events().listen(listener);
  }

  @Override
  public void start(WorkloadSpec spec) {
    Admission.check(spec, with.containers());
    synchronized (this) {
      if (workloads.containsKey(spec.id())) {
        return;
      }
      Path folder = run().resolve(spec.id().value());
      Path fresh = run().resolve(".new-" + spec.id());
      try {
        Deletion.delete(fresh);
        Durable.privateFolder(fresh);
        Durable.write(fresh.resolve(SPEC), SpecFile.write(spec));
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        Durable.sync(run());
      } catch (IOException e) {
        Deletion.delete(fresh);
        throw new ComputeException("the workload cannot be written down: " + e.getMessage(), e);
      }
      Workload workload = new Workload(with, spec, folder);
      workloads.put(spec.id(), workload);
      workload.start();
    }
  }

  @Override
  public Map<WorkloadId, Map<String, WorkloadState>> list() {
    Map<WorkloadId, Map<String, WorkloadState>> states = new LinkedHashMap<>();
    workloads.forEach((id, workload) -> states.put(id, workload.states()));
    return states;
  }

  @Override
  public void stop(WorkloadId id, Duration grace) {
    Workload workload = workloads.get(id);
    if (workload != null) {
      workload.hosts().values().forEach(host -> host.stop(grace));
    }
  }

  @Override
  public byte[] readLog(WorkloadId id, String host, long offset, int maxBytes) {
    return require(id, host).folder().readLog(offset, maxBytes);
  }

  @Override
  public LogTimes logTimes(WorkloadId id, String host) {
    return require(id, host).folder().logTimes();
  }

  @Override
  public InputStream collect(WorkloadId id, String host, String inside, CollectionLimits limits) {
    HostMounts.Place place = place(id, host, inside);
    return Files.isDirectory(place.folder()) ? collector(id, host).collect(place, limits) : nothing();
  }

  @Override
  public List<HostFile> files(WorkloadId id, String host, String inside, ListingLimits limits) {
    HostMounts.Place place = place(id, host, inside);
    return Files.isDirectory(place.folder()) ? collector(id, host).files(place, limits) : List.of();
  }

  @Override
  public InputStream collectFiles(
      WorkloadId id, String host, String inside, List<String> names, CollectionLimits limits) {
    HostMounts.Place place = place(id, host, inside);
    return Files.isDirectory(place.folder()) && !names.isEmpty()
        ? collector(id, host).collect(place, names, limits) : nothing();
  }

  private static InputStream nothing() {
    return new ByteArrayInputStream(new byte[1024]);
  }

  private HostMounts.Place place(WorkloadId id, String host, String inside) {
    Host found = require(id, host);
    return HostMounts.placeOf(found.folder(), with.config().volumeFolder(), found.spec(), inside)
        .orElseThrow(() -> new ComputeException(inside + " lies in no writable folder of " + host));
  }

  private Collector collector(WorkloadId id, String host) {
    HostFolder folder = require(id, host).folder();
    try {
      int uid = folder.uid().orElseThrow(() -> new ComputeException(host + " has not been made yet"));
      Path stage = Machine.root() ? with.config().stageFolder() : folder.stage();
      return new Collector(new HelperSandbox(stage, with.filter(), uid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, HostUsage> usage(WorkloadId id) {
    Workload workload = workloads.get(id);
    return workload == null ? Map.of() : workload.usage();
  }

  @Override
  public SocketChannel connect(WorkloadId id, String host) {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(serviceSocket(id, host)));
    } catch (IOException e) {
      throw new ComputeException("host " + host + " of " + id + " cannot be reached: " + e.getMessage(), e);
    }
  }

  @Override
  public Path serviceSocket(WorkloadId id, String host) {
    Host found = require(id, host);
    if (found.spec().servicePort() == 0) {
      throw new ComputeException("host " + host + " of " + id + " has no service port");
    }
    return found.folder().sockets().resolve("service.sock");
  }

  @Override
  public void remove(WorkloadId id) {
    Workload workload = workloads.get(id);
    if (workload == null) {
      return;
    }
    try {
      workload.remove();
    } catch (IOException e) {
      throw new ComputeException("workload " + id + " cannot be removed: " + e.getMessage(), e);
    }
    workloads.remove(id);
  }

  @Override
  public void makeVolume(String name) {
    try {
      with.volumes().user(new Mount.Volume("/volume", name));
    } catch (IOException e) {
      throw new ComputeException("the volume " + name + " cannot be made: " + e.getMessage(), e);
    }
  }

  @Override
  public Set<String> volumes() {
    try {
      return with.volumes().names();
    } catch (IOException e) {
      throw new ComputeException("the volumes cannot be listed: " + e.getMessage(), e);
    }
  }

  @Override
  public void removeVolume(String name) {
    synchronized (this) {
      workloads.values().stream().filter(workload -> workload.mounts(name)).findFirst().ifPresent(user -> {
        throw new ComputeException("the volume " + name + " is mounted by " + user.owner());
      });
      try {
        with.volumes().remove(name);
      } catch (IOException e) {
        throw new ComputeException("the volume " + name + " cannot be removed: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public boolean mountsPacked(Image image) {
    return with.packed() && image instanceof Image.Layered;
  }

  @Override
  public List<String> notLimited() {
    if (with.containers().isPresent()) {
      return with.containers().get().notLimited();
    }
    return Stream.concat(with.cgroups().notLimited().stream(), with.processors().notLimited().stream()).toList();
  }

  @Override
  public void close() {
    workloads.values().forEach(workload -> workload.hosts().values().forEach(Host::leave));
    with.events().close();
    with.timer().shutdownNow();
    with.cgroups().close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Host require(WorkloadId id, String host) {
    Workload workload = workloads.get(id);
    Host found = workload == null ? null : workload.hosts().get(host);
    if (found == null) {
      throw new ComputeException("no host " + host + " of a workload " + id);
    }
    return found;
  }
}
