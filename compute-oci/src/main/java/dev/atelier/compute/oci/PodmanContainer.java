package dev.atelier.compute.oci;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.local.ContainerRuntime.Plan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The document by which Podman is asked for a container in a user namespace of its own, which Docker's protocol cannot
 * say. Its members are those of Podman's {@code SpecGenerator}.
 */
record PodmanContainer(Containers containers, Plan plan) {
  Map<String, Object> body() throws IOException {
    HostSpec host = plan.host();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", plan.name());
    body.put("image", containers.image(host));
    body.put("entrypoint", host.command());
    body.put("command", List.of());
    body.put("env", containers.environment(plan));
    body.put("work_dir", host.workingDirectory());
    containers.startedAs(host).ifPresent(user -> body.put("user", user));
    body.put("hostname", host.name());
    body.put("labels", containers.labels());
    body.put("mounts", containers.binds(plan).stream().map(bind -> Map.of("type", "bind",
        "source", bind.source().toString(), "destination", bind.inside(),
        "options", List.of("rbind", bind.readOnly() ? "ro" : "rw", "nosuid", "nodev"))).toList());
    body.put("userns", Map.of("nsmode", "private"));
    List<Map<String, Object>> ids = ids(containers.userInside(host));
    body.put("idmappings", Map.of("HostUIDMapping", false, "HostGIDMapping", false, "UIDMap", ids, "GIDMap", ids));
    body.put("netns", Map.of("nsmode", "none"));
    body.put("cap_drop", List.of("ALL"));
    body.put("no_new_privileges", true);
    body.put("systemd", "false");
    limits(body, host);
    return body;
  }

  private void limits(Map<String, Object> body, HostSpec host) {
    long memory = host.resources().memoryBytes();
    body.put("shm_size", memory / 2);
    body.put("resource_limits", Map.of(
        "memory", Map.of("limit", memory, "swap", memory),
        "cpu", Map.of("quota", Containers.cpuQuota(host), "period", Containers.PERIOD_MICROS),
        "pids", Map.of("limit", host.resources().processes())));
    body.put("r_limits", containers.limits().all().entrySet().stream().map(limit -> Map.of("type", limit.getKey(),
        "soft", limit.getValue().soft(), "hard", limit.getValue().hard())).toList());
  }

  /** Maps the user inside to the one that files are given to outside, and all others after it. */
  private List<Map<String, Object>> ids(int user) {
    List<Map<String, Object>> ids = new ArrayList<>();
    ids.add(range(user, containers.owner(), 1));
    if (user > 0) {
      ids.add(range(0, containers.owner() + 1, user));
    }
    if (user + 1 < containers.ids()) {
      ids.add(range(user + 1, containers.owner() + 1 + user, containers.ids() - 1 - user));
    }
    return ids;
  }

  private static Map<String, Object> range(int inside, int outside, int size) {
    return Map.of("container_id", inside, "host_id", outside, "size", size);
  }
}
