package dev.atelier.compute.oci;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.local.ContainerRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes hosts' containers. None has a network of the engine's, a capability or the machine's root: with Podman each is in
 * a user namespace where its program's user is {@code owner} outside, with Docker its program is that user.
 */
final class Containers implements ContainerRuntime {
  static final String RUN_LABEL = "dev.atelier.run";
  static final int PERIOD_MICROS = 100_000;
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,5})(:.*)?");

  private final Engine engine;
  private final boolean namespaces;
  private final String run;
  private final int owner;
  private final int ids;
  private final ProcessLimits limits;

  /**
   * @param namespaces whether programs get user namespaces, which Podman alone makes
   * @param run names the server's run folder among others'
   * @param owner the first of the user ids of this machine that containers may have
   * @param ids how many there are from it on
   */
  Containers(Engine engine, boolean namespaces, String run, int owner, int ids) throws IOException {
    this.engine = engine;
    this.namespaces = namespaces;
    this.run = run;
    this.owner = owner;
    this.ids = ids;
    this.limits = ProcessLimits.own();
  }

  @Override
  public void check(HostSpec host) {
    if (host.image() instanceof Image.Reference image && !engine.has(image.uri())) {
      throw new ComputeException("the container engine has no image " + image.uri());
    }
  }

  @Override
  public int owner() {
    return owner;
  }

  /** How many user ids a container has; images' files that belong to others cannot be shown. */
  int ids() {
    return ids;
  }

  @Override
  public void create(Plan plan) throws IOException {
    engine.removeContainer(plan.name());
    try {
      if (namespaces) {
        engine.postPodman("/containers/create", new PodmanContainer(this, plan).body());
      } else {
        createPlain(plan);
      }
    } catch (RuntimeException | IOException e) {
      throw new ComputeException("the container could not be made: " + e.getMessage(), e);
    }
  }

  private void createPlain(Plan plan) throws IOException {
    HostSpec host = plan.host();
    long memory = host.resources().memoryBytes();
    HostConfig config = HostConfig.newHostConfig().withNetworkMode("none").withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges")).withMemory(memory).withMemorySwap(memory)
        .withShmSize(memory / 2).withCpuPeriod((long) PERIOD_MICROS).withCpuQuota(cpuQuota(host))
        .withPidsLimit((long) host.resources().processes())
        .withUlimits(limits.all().entrySet().stream().map(limit ->
            new Ulimit(limit.getKey(), limit.getValue().soft(), limit.getValue().hard())).toList())
        .withMounts(binds(plan).stream().map(bind -> new Mount().withType(MountType.BIND)
            .withSource(bind.source().toString()).withTarget(bind.inside()).withReadOnly(bind.readOnly())).toList());
    if (!engine.isPodman()) {
      // numbers of users are this machine's, also where the daemon would map them
      config.withUsernsMode("host");
    }
    CreateContainerCmd command = engine.client().createContainerCmd(image(host)).withName(plan.name())
        .withEntrypoint(host.command()).withCmd(List.of()).withUser(owner + ":" + owner)
        .withWorkingDir(host.workingDirectory()).withHostName(host.name()).withHostConfig(config)
        .withLabels(labels())
        .withEnv(environment(plan).entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
    command.exec();
  }

  Map<String, String> labels() {
    return Map.of(RUN_LABEL, run);
  }

  static long cpuQuota(HostSpec host) {
    return Math.max(1_000, Math.round(host.resources().cpus() * PERIOD_MICROS));
  }

  ProcessLimits limits() {
    return limits;
  }

  String image(HostSpec host) throws IOException {
    return switch (host.image()) {
      case Image.Reference image -> image.uri();
      case Image.Layered layered -> EmptyImage.require(engine);
    };
  }

  /** The user inside whom the program is and the files belong to. */
  int userInside(HostSpec host) {
    return switch (host.image()) {
      case Image.Layered layered -> host.uid();
      case Image.Reference image -> numericUser(engine.image(image.uri()).map(InspectImageResponse::getConfig)
          .map(config -> config.getUser()).orElse(""));
    };
  }

  /** The user as which the program is started; an image's own unless the image is only folders of this machine. */
  Optional<String> startedAs(HostSpec host) {
    return host.image() instanceof Image.Layered ? Optional.of(host.uid() + ":" + host.gid()) : Optional.empty();
  }

  private static int numericUser(String user) {
    var found = NUMBER.matcher(user);
    return found.matches() ? Integer.parseInt(found.group(1)) : 0;
  }

  Map<String, String> environment(Plan plan) {
    return new TreeMap<>(plan.environment());
  }

  /** All binds: an image of folders has those, and the machine's own programs. */
  List<Bind> binds(Plan plan) {
    List<Bind> all = new ArrayList<>(plan.binds());
    List<Image.Layer> layers = switch (plan.host().image()) {
      case Image.Layered image -> {
        all.add(new Bind(Path.of("/usr"), "/usr", true));
        yield image.layers();
      }
      case Image.Reference image -> image.layers();
    };
    layers.stream().filter(layer -> !layer.atUsr())
        .forEach(layer -> all.add(new Bind(layer.source(), layer.inside(), true)));
    return all;
  }

  @Override
  public void remove(String name) {
    engine.removeContainer(name);
  }

  @Override
  public List<String> client() {
    return engine.words();
  }

  @Override
  public boolean startsInTwoSteps() {
    return namespaces;
  }

  @Override
  public List<String> notLimited() {
    List<String> told = new ArrayList<>(List.of(
        "what programs write in their container outside of their own folders does not count against their disk limit"));
    if (!namespaces) {
      told.add("programs of container images run as user " + owner
          + " and not as their image's: Docker makes no user namespace for one container alone");
    }
    return told;
  }
}
