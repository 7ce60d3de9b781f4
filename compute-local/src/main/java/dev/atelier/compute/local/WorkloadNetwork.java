package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bridge that joins the hosts of one workload, in a network namespace that a keeper without sandbox holds. Nothing
 * but those hosts is on it. A workload of one host has none.
 */
final class WorkloadNetwork {
  private static final String PREFIX = "10.217.0.";

  /** One host's place on the bridge of the process {@code holder}. */
  record Seat(long holder, int number) {
    String enter() {
      return Machine.root()
          ? HostScript.unshare()
          : "nsenter -t " + holder + " --user --preserve-credentials unshare --mount --net --propagation private";
    }

    String connect() {
      return connect("$$", "");
    }

    /** @param pid whose network is joined to the bridge, as a word of the script; {@code enter} leads into it */
    String connect(String pid, String enter) {
      String bridge = "nsenter -t " + holder + " --net ip link ";
      return bridge + "add v" + number + " type veth peer name eth0 netns " + pid + "\n"
          + bridge + "set v" + number + " master br0 up\n"
          + enter + "ip addr add " + PREFIX + (number + 1) + "/24 dev eth0\n" + enter + "ip link set eth0 up\n";
    }
  }

  private final LocalComputeConfig config;
  private final HostFolder folder;
  private final Path keeper;

  WorkloadNetwork(LocalComputeConfig config, Path workload, Path keeper) {
    this.config = config;
    this.folder = new HostFolder(workload.resolve(".net"));
    this.keeper = keeper;
  }

  static Map<String, String> addresses(WorkloadSpec spec) {
    Map<String, String> addresses = new LinkedHashMap<>();
    if (spec.hosts().size() > 1) {
      spec.hosts().forEach(host -> addresses.put(host.name(), PREFIX + (addresses.size() + 2)));
    }
    return addresses;
  }

  /** The process that holds the bridge, made when it is not there. */
  synchronized Identity require() throws IOException {
    Optional<Identity> present = Identity.read(folder.identity()).filter(Identity::alive);
    if (present.isPresent() && Files.exists(folder.path().resolve("made"))) {
      return present.get();
    }
    end();
    Durable.folder(folder.path());
    folder.makeSockets();
    Files.deleteIfExists(folder.path().resolve("made"));
    Files.writeString(folder.path().resolve("start"), script());
    Launch.start(folder, "start", folder.identity());
    Files.createFile(folder.path().resolve("made"));
    return Identity.read(folder.identity()).orElseThrow(() -> new ComputeException("the hosts' network is not there"));
  }

  private String script() {
    return HostScript.handshake(folder.path(), folder.identity())
        + "  exec 9>&1 </dev/null 1>>log 2>&1\n  exec " + HostScript.unshare() + " sh ./start inner\nfi\n"
        + "ip link set lo up\nip link add br0 type bridge\nip link set br0 up\n"
        + "echo started >&9\n: >> status.json\n"
        + "exec " + Shell.quote(config.python()) + " -I -S -B " + Shell.quote(keeper) + ' '
        + Shell.quote(folder.sockets()) + " 0 0 0 " + config.orphanTimeout().toSeconds()
        + " 0 0 3>>log 4<status.json 9>&-\n";
  }

  HostFolder folder() {
    return folder;
  }

  /** Ends the holder; the bridge goes with it. */
  synchronized void end() {
    Identity.read(folder.identity()).filter(Identity::alive)
        .ifPresent(holder -> Processes.killSession(holder, Duration.ofSeconds(5)));
  }
}
