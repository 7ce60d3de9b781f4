package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Refuses what this backend cannot run, before anything is made. */
final class Admission {
  private Admission() {}

  static void check(WorkloadSpec spec, Optional<ContainerRuntime> containers) {
    if (spec.hosts().size() > WorkloadSpec.MOST_HOSTS) {
      throw new ComputeException("a workload has at most " + WorkloadSpec.MOST_HOSTS + " hosts on one machine");
    }
    Set<String> names = new HashSet<>();
    for (HostSpec host : spec.hosts()) {
      if (!names.add(Inside.hostName(host.name()))) {
        throw new ComputeException("two hosts are named " + host.name());
      }
      check(host);
      containers.ifPresentOrElse(runtime -> container(runtime, host), () -> image(host.image()));
    }
    if (containers.isPresent() && !spec.machine().isEmpty()) {
      throw new ComputeException("containers share no limits: " + spec.machine() + " would have those of several");
    }
  }

  private static void check(HostSpec host) {
    Inside.absolute(host.workingDirectory());
    HostMounts.check(host);
    resources(host.resources());
    if (host.servicePort() < 0 || host.servicePort() > 65535) {
      throw new ComputeException("not a port: " + host.servicePort());
    }
    if (host.uid() < 1 || host.gid() < 1) {
      throw new ComputeException("a host's program is never user or group 0");
    }
  }

  private static void container(ContainerRuntime runtime, HostSpec host) {
    if (host.resources().gpus() > 0) {
      throw new ComputeException("CapacityError: containers of pushed images get no GPUs");
    }
    runtime.check(host);
  }

  private static void image(Image image) {
    switch (image) {
      case Image.Layered(List<Image.Layer> layers, Map<String, String> environment) -> layers.forEach(layer -> {
        if (!layer.atUsr()) {
          Inside.mountPoint(layer.inside());
        }
        if (!Files.exists(layer.source())) {
          throw new ComputeException("the image's folder for " + layer.inside() + " is not there");
        }
      });
      case Image.Reference reference ->
          throw new ComputeException("sandboxes run no container images; " + reference.uri() + " needs a container engine");
    }
  }

  private static void resources(Resources resources) {
    if (resources.cpus() <= 0 || resources.memoryBytes() <= 0 || resources.processes() <= 0
        || resources.diskBytes() <= 0) {
      throw new ComputeException("a host needs some of each resource");
    }
  }
}
