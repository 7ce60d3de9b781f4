package dev.atelier.compute;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A backend in memory for tests of everything above it: programs are scripts that a function of the test chooses.
 * Events are told on the thread that causes them.
 */
public final class FakeComputeBackend implements ComputeBackend {

  /**
   * What a host's program does.
   *
   * @param output what it writes at its start
   * @param files what it leaves behind: path inside to content
   * @param ending when and how it ends
   * @param service the unix socket of a listener that stands for its service port
   */
  public record Script(String output, Map<String, String> files, Ending ending, Optional<Path> service) {
    public Script {
      files = Map.copyOf(files);
    }

    public static Script exiting(int code, String output) {
      return new Script(output, Map.of(), new Ending.AtOnce(code), Optional.empty());
    }

    public static Script running(String output) {
      return new Script(output, Map.of(), new Ending.OnStop(143), Optional.empty());
    }
  }

  /** When a program ends. */
  public sealed interface Ending {
    /** As soon as it started. */
    record AtOnce(int exitCode) implements Ending {}

    /** When it is asked to stop, with this code; or by {@link #finish}. */
    record OnStop(int exitCode) implements Ending {}

    /** It never runs. */
    record Never(String reason) implements Ending {}

    /** It ignores the stop signal and is killed. */
    record OnKill() implements Ending {}
  }

  /** What a test may come before. */
  public enum Call { FILES, COLLECT, REMOVE }

  private static final class Host {
    private final Script script;
    private final HostSpec spec;
    private Duration cpuTime = Duration.ofMillis(10);
    private long memoryBytes = 1L << 20;
    private OptionalLong diskBytes = OptionalLong.of(1L << 10);
    private final StringBuilder log = new StringBuilder();
    private final ByteArrayOutputStream times = new ByteArrayOutputStream();
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, HostFile> written = new HashMap<>();
    private final Map<String, String> links = new TreeMap<>();
    private WorkloadState state = new WorkloadState.Preparing();

    private Host(Script script, HostSpec spec) {
      this.script = script;
      this.spec = spec;
    }

    private void write(String path, String content, Instant at) {
      files.put(path, content);
      long bytes = content.getBytes(StandardCharsets.UTF_8).length;
      int version = written.containsKey(path) ? Integer.parseInt(written.get(path).version()) + 1 : 0;
      written.put(path, new HostFile(path, bytes, at, Integer.toString(version)));
    }
  }

  private final Function<HostSpec, Script> scripts;
  private final Clock clock;
  private final Map<WorkloadId, Map<String, Host>> workloads = new LinkedHashMap<>();
  private final Set<String> volumes = new TreeSet<>();
  private final Map<Call, Consumer<WorkloadId>> interventions = new ConcurrentHashMap<>();
  private Consumer<WorkloadEvent> listener = event -> {};
  private volatile boolean packing;

  public FakeComputeBackend(Function<HostSpec, Script> scripts, Clock clock) {
    this.scripts = scripts;
    this.clock = clock;
  }

  @Override
  public synchronized void watch(Consumer<WorkloadEvent> receiver) {
    listener = receiver;
    workloads.forEach((id, hosts) ->
        hosts.forEach((name, host) -> receiver.accept(new WorkloadEvent(id, name, host.state))));
  }

  @Override
  public synchronized void start(WorkloadSpec spec) {
    if (workloads.containsKey(spec.id())) {
      return;
    }
    Map<String, Host> hosts = new LinkedHashMap<>();
    spec.hosts().forEach(host -> hosts.put(host.name(), make(host)));
    workloads.put(spec.id(), hosts);
    hosts.forEach((name, host) -> run(spec.id(), name, host));
  }

  private Host make(HostSpec spec) {
    Host host = new Host(scripts.apply(spec), spec);
    for (Mount mount : spec.mounts()) {
      if (mount instanceof Mount.Volume volume) {
        volumes.add(volume.name());
      }
      if (mount instanceof Mount.Copies copies) {
        copies.files().forEach((name, source) -> {
          try {
            host.write(mount.inside() + "/" + name, Files.readString(source),
                Files.getLastModifiedTime(source).toInstant());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
      }
    }
    host.script.files().forEach((path, content) -> host.write(path, content, clock.instant()));
    return host;
  }

  private void run(WorkloadId id, String name, Host host) {
    change(id, name, host, new WorkloadState.Preparing());
    if (host.script.ending() instanceof Ending.Never(String reason)) {
      change(id, name, host, new WorkloadState.Lost(reason, clock.instant()));
      return;
    }
    host.log.append(host.script.output());
    change(id, name, host, new WorkloadState.Running(clock.instant()));
    if (host.script.ending() instanceof Ending.AtOnce(int code)) {
      change(id, name, host, new WorkloadState.Exited(code, false, clock.instant()));
    }
  }

  private void change(WorkloadId id, String name, Host host, WorkloadState state) {
    if (host.state.ended()) {
      return;
    }
    host.state = state;
    listener.accept(new WorkloadEvent(id, name, state));
  }

  /** From now on {@code first} is done before such a call, on its thread; what it throws, the call throws. */
  public void before(Call call, Consumer<WorkloadId> first) {
    interventions.put(call, first);
  }

  private void intervene(Call call, WorkloadId id) {
    interventions.getOrDefault(call, any -> {}).accept(id);
  }

  /** The program writes more. */
  public synchronized void print(WorkloadId id, String host, String text) {
    require(id, host).log.append(text);
  }

  /** All that the program has written was there at this time. */
  public synchronized void noteTime(WorkloadId id, String host, Instant at) {
    Host noted = require(id, host);
    noted.times.writeBytes(ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(noted.log.toString().getBytes(StandardCharsets.UTF_8).length).putLong(at.toEpochMilli()).array());
  }

  /** The program writes a file. */
  public synchronized void write(WorkloadId id, String host, String path, String content) {
    require(id, host).write(path, content, clock.instant());
  }

  /** The program makes a symbolic link. */
  public synchronized void link(WorkloadId id, String host, String path, String target) {
    require(id, host).links.put(path, target);
  }

  /** The program ends. */
  public synchronized void finish(WorkloadId id, String host, int exitCode, boolean outOfMemory) {
    change(id, host, require(id, host), new WorkloadState.Exited(exitCode, outOfMemory, clock.instant()));
  }

  /** Nobody can know how the program ended. */
  public synchronized void lose(WorkloadId id, String host, String reason) {
    change(id, host, require(id, host), new WorkloadState.Lost(reason, clock.instant()));
  }

  @Override
  public synchronized Map<WorkloadId, Map<String, WorkloadState>> list() {
    Map<WorkloadId, Map<String, WorkloadState>> states = new LinkedHashMap<>();
    workloads.forEach((id, hosts) -> {
      Map<String, WorkloadState> byName = new LinkedHashMap<>();
      hosts.forEach((name, host) -> byName.put(name, host.state));
      states.put(id, byName);
    });
    return states;
  }

  @Override
  public synchronized void stop(WorkloadId id, Duration grace) {
    Map<String, Host> hosts = workloads.getOrDefault(id, Map.of());
    hosts.forEach((name, host) -> {
      int code = host.script.ending() instanceof Ending.OnStop(int chosen) ? chosen : 137;
      change(id, name, host, new WorkloadState.Exited(code, false, clock.instant()));
    });
  }

  @Override
  public synchronized byte[] readLog(WorkloadId id, String host, long offset, int maxBytes) {
    byte[] log = require(id, host).log.toString().getBytes(StandardCharsets.UTF_8);
    int from = (int) Math.min(offset, log.length);
    return Arrays.copyOfRange(log, from, from + Math.min(maxBytes, log.length - from));
  }

  @Override
  public synchronized LogTimes logTimes(WorkloadId id, String host) {
    return LogTimes.of(ByteBuffer.wrap(require(id, host).times.toByteArray()));
  }

  @Override
  public InputStream collect(WorkloadId id, String host, String inside, CollectionLimits limits) {
    intervene(Call.COLLECT, id);
    synchronized (this) {
      Host found = require(id, host);
      return new ByteArrayInputStream(TarText.archive(inside, found.files, found.links, limits));
    }
  }

  @Override
  public List<HostFile> files(WorkloadId id, String host, String inside, ListingLimits limits) {
    intervene(Call.FILES, id);
    return written(id, host, inside, limits);
  }

  private synchronized List<HostFile> written(WorkloadId id, String host, String inside, ListingLimits limits) {
    Host found = require(id, host);
    List<HostFile> told = new ArrayList<>();
    found.links.keySet().stream().filter(each -> each.startsWith(inside + "/"))
        .forEach(path -> limits.special().accept(path.substring(inside.length() + 1) + ": a link"));
    long nameBytes = 0;
    for (String path : found.files.keySet().stream().filter(each -> each.startsWith(inside + "/")).toList()) {
      HostFile file = found.written.get(path);
      String name = path.substring(inside.length() + 1);
      nameBytes += name.getBytes(StandardCharsets.UTF_8).length;
      if (told.size() == limits.maxFiles() || nameBytes > limits.maxNameBytes()) {
        limits.leftOut().accept(
            nameBytes > limits.maxNameBytes() ? limits.tooManyNameBytes() : limits.tooManyFiles());
        break;
      }
      told.add(new HostFile(name, file.bytes(), file.modified(), file.version()));
    }
    return told;
  }

  @Override
  public synchronized InputStream collectFiles(
      WorkloadId id, String host, String inside, List<String> names, CollectionLimits limits) {
    Map<String, String> chosen = new TreeMap<>(require(id, host).files);
    chosen.keySet().removeIf(path -> !path.startsWith(inside + "/")
        || !names.contains(path.substring(inside.length() + 1)));
    return new ByteArrayInputStream(TarText.archive(inside, chosen, Map.of(), limits));
  }

  @Override
  public synchronized Map<String, HostUsage> usage(WorkloadId id) {
    Map<String, HostUsage> usage = new LinkedHashMap<>();
    workloads.getOrDefault(id, Map.of()).forEach((name, host) -> {
      if (host.state instanceof WorkloadState.Running) {
        usage.put(name, new HostUsage(host.cpuTime, host.memoryBytes, host.diskBytes, host.spec.resources()));
      }
    });
    return usage;
  }

  /** The program has used this much. */
  public synchronized void use(WorkloadId id, String host, Duration cpuTime, long memoryBytes) {
    Host found = require(id, host);
    found.cpuTime = cpuTime;
    found.memoryBytes = memoryBytes;
  }

  /** The program's folders hold this much; empty: nobody has counted. */
  public synchronized void fill(WorkloadId id, String host, OptionalLong diskBytes) {
    require(id, host).diskBytes = diskBytes;
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
  public synchronized Path serviceSocket(WorkloadId id, String host) {
    return require(id, host).script.service()
        .orElseThrow(() -> new ComputeException("host " + host + " of " + id + " has no service port"));
  }

  @Override
  public void remove(WorkloadId id) {
    intervene(Call.REMOVE, id);
    synchronized (this) {
      stop(id, Duration.ZERO);
      workloads.remove(id);
    }
  }

  @Override
  public synchronized void makeVolume(String name) {
    volumes.add(new Mount.Volume("/v", name).name());
  }

  @Override
  public synchronized Set<String> volumes() {
    return Set.copyOf(volumes);
  }

  @Override
  public synchronized void removeVolume(String name) {
    boolean mounted = workloads.values().stream().flatMap(hosts -> hosts.values().stream())
        .flatMap(host -> host.spec.mounts().stream())
        .anyMatch(mount -> mount instanceof Mount.Volume volume && volume.name().equals(name));
    if (mounted) {
      throw new ComputeException("the volume " + name + " is mounted");
    }
    volumes.remove(name);
  }

  /** Whether hosts can have packed files from now on. */
  public void packing(boolean can) {
    packing = can;
  }

  @Override
  public boolean mountsPacked(Image image) {
    return packing;
  }

  @Override
  public List<String> notLimited() {
    return List.of("cpu, memory, disk and processes: this backend runs scripts in memory");
  }

  @Override
  public void close() {
    listener = event -> {};
  }

  private Host require(WorkloadId id, String host) {
    Host found = workloads.getOrDefault(id, Map.of()).get(host);
    if (found == null) {
      throw new ComputeException("no host " + host + " of a workload " + id);
    }
    return found;
  }
}
