package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A run folder seen from outside a server: what lives in it, and how to end that when no server has it open. */
public final class RunFolder {
  private static final Duration KILL_TIME = Duration.ofSeconds(10);

  private final LocalComputeConfig config;

  public RunFolder(LocalComputeConfig config) {
    this.config = config;
  }

  /** A workload with the state of each of its hosts. */
  public record Found(WorkloadId id, String owner, Map<String, WorkloadState> hosts) {

    /** Whether a host has not ended yet. */
    public boolean lives() {
      return !hosts.values().stream().allMatch(WorkloadState::ended);
    }
  }

  /** What is there at this moment; takes no lock and changes nothing. */
  public List<Found> look() {
    List<Found> found = new ArrayList<>();
    for (Path workload : workloads()) {
      try {
        WorkloadSpec spec = SpecFile.read(workload.resolve("spec.json"));
        Map<String, WorkloadState> hosts = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
          hosts.put(host.name(), state(new HostFolder(workload.resolve(host.name()))));
        }
        found.add(new Found(spec.id(), spec.owner(), hosts));
      } catch (NoSuchFileException | FileNotFoundException e) {
        // removed between the listing and the look
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private List<Path> workloads() {
    if (!Files.isDirectory(config.runFolder())) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(config.runFolder())) {
      return entries.filter(entry -> !entry.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WorkloadState state(HostFolder host) throws IOException {
    Optional<WorkloadState> end = host.end();
    if (end.isPresent()) {
      return end.get();
    }
    boolean alive = Identity.read(host.identity()).filter(Identity::alive).isPresent();
    return alive ? new WorkloadState.Running(host.startedAt()) : new WorkloadState.Preparing();
  }

  /**
   * Ends every program that runs, with all its processes; the next server finds its hosts lost for this reason. What had
   * not begun, or has ended by itself, is left as it is for the next server.
   *
   * @return the workloads that were ended
   * @throws ComputeException a server has the folder open
   */
  public List<Found> endAll(String reason, Clock clock) {
    List<Found> ended = new ArrayList<>();
    if (workloads().isEmpty()) {
      return ended;
    }
    try (FileChannel lock = new Opening(config, Optional.empty()).lock()) {
      for (Found found : look()) {
        boolean any = false;
        for (String host : found.hosts().keySet()) {
          any |= end(new HostFolder(config.runFolder().resolve(found.id().value()).resolve(host)), reason, clock);
        }
        Path workload = config.runFolder().resolve(found.id().value());
        new WorkloadNetwork(config, workload, config.runFolder().resolve(".tools/keeper.py")).end();
        if (any) {
          ended.add(found);
        }
      }
      return ended;
    } catch (IOException e) {
      throw new ComputeException("the workloads cannot be ended: " + e.getMessage(), e);
    }
  }

  private static boolean end(HostFolder host, String reason, Clock clock) throws IOException {
    Optional<Identity> identity = Identity.read(host.identity()).filter(Identity::alive);
    if (host.end().isPresent() || identity.isEmpty()) {
      return false;
    }
    boolean begun = SandboxStatus.read(host.status()).begun();
    Processes.killNamespace(SandboxStatus.read(host.status()).init());
    Processes.killSession(identity.get(), KILL_TIME);
    if (begun) {
      host.writeEnd(new WorkloadState.Lost(reason, clock.instant()));
    }
    return begun;
  }
}
