package dev.atelier.hosting;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.Effects;
import dev.atelier.jobs.FailureText;
import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs endpoints: what is to be done follows from an endpoint's state alone and may be done again. A host that ends by
 * itself is started anew, unless the endpoint has restarted too often.
 */
final class EndpointRuns implements AutoCloseable {
  private static final Duration PING_PERIOD = Duration.ofMillis(50);
  private static final int STARTUP_SECONDS = 240;
  private static final int MAX_RESTARTS = 10;

  private final JobPlatform platform;
  private final EndpointStore store;
  private final ModelServers servers;
  private final EndpointLogs logs;
  private final ComputeBackend backend;
  private final Effects effects = new Effects("endpoint-timer");

  EndpointRuns(JobPlatform platform, EndpointStore store, ModelServers servers) {
    this.platform = platform;
    this.store = store;
    this.servers = servers;
    this.logs = new EndpointLogs(platform);
    this.backend = platform.backend();
  }

  /** Counts what hosts that still run use; called once at start-up, before anything asks for capacity. */
  void adopt() {
    Set<WorkloadId> found = backend.list().keySet();
    store.live().stream().filter(endpoint -> found.contains(EndpointWorkload.id(endpoint))).forEach(endpoint ->
        guarded(endpoint,
            () -> platform.capacity().adopt(share(endpoint), cut(endpoint).each(), endpoint.hosts())));
  }

  /** Takes up every endpoint; called once at start-up, before events of the backend arrive. */
  void resume() {
    store.live().forEach(this::act);
  }

  /** Names its share of the machine; the endpoint that has its name after it has another. */
  private static String share(Endpoint endpoint) {
    return endpoint.arn() + " of " + endpoint.createdAt();
  }

  private Capacity.Cut cut(Endpoint endpoint) {
    return platform.capacity().cut(InstanceType.require(endpoint.variant().instanceType()), endpoint.hosts(),
        Capacity.volumeBytes(Optional.ofNullable(endpoint.variant().volumeSizeInGB())));
  }

  /** Begins what the endpoint's state asks for; returns at once. What cannot be begun fails the endpoint alone. */
  void act(Endpoint endpoint) {
    guarded(endpoint, () -> begin(endpoint));
  }

  private void begin(Endpoint endpoint) {
    WorkloadId id = EndpointWorkload.id(endpoint);
    if (endpoint.state() != EndpointState.FAILED) {
      Optional<Arn> role = Optional.ofNullable(endpoint.model().executionRoleArn()).flatMap(Arn::parse);
      platform.live().put(id,
          new LiveWorkloads.Owner(endpoint.arn(), role, endpoint.region(), endpoint.name()));
    }
    switch (endpoint.state()) {
      case CREATING -> admit(endpoint);
      case RESTARTING -> effect(endpoint, () -> restart(endpoint));
      case IN_SERVICE -> effect(endpoint, () -> watch(endpoint));
      case FAILED -> effect(endpoint, () -> untilDone(endpoint, () -> release(endpoint)));
      case DELETING -> effect(endpoint, () -> untilDone(endpoint, () -> {
        release(endpoint);
        store.delete(endpoint);
      }));
    }
  }

  private void admit(Endpoint endpoint) {
    platform.capacity().acquire(share(endpoint), cut(endpoint).each(), endpoint.hosts(),
        () -> effect(endpoint, () -> deploy(endpoint))).ifPresent(shortage -> logs.tell(endpoint, shortage));
  }

  /** Ends what is left of the attempt before, then starts anew. */
  private void restart(Endpoint endpoint) {
    untilDone(endpoint, () -> {
      removeWorkload(EndpointWorkload.id(endpoint, endpoint.attempt() - 1));
      if (stillStarting(endpoint)) {
        guarded(endpoint, () -> admit(endpoint));
      }
    });
  }

  private void untilDone(Endpoint endpoint, Runnable work) {
    effects.untilDone(endpoint.state() + " of " + endpoint.arn(), work);
  }

  private void effect(Endpoint endpoint, Runnable work) {
    effects.begin(endpoint.state() + " of " + endpoint.arn(), work, e -> broken(endpoint, e));
  }

  private void guarded(Endpoint endpoint, Runnable work) {
    effects.guard(endpoint.state() + " of " + endpoint.arn(), work, e -> broken(endpoint, e));
  }

  private void broken(Endpoint endpoint, RuntimeException e) {
    report(endpoint.arn(), EndpointEvent.BROKEN, Optional.of(FailureText.of(e, "")));
  }

  /** Applies an event that nobody waits for: what cannot be stored now, as on a full disk, is stored when it can be. */
  private void report(Arn arn, EndpointEvent event, Optional<String> failure) {
    effects.untilDone(event + " of " + arn, () -> happened(arn, event, failure));
  }

  /** Applies an event to an endpoint: decided on what is stored, written once, acted on after the commit. */
  void happened(Arn arn, EndpointEvent event, Optional<String> failure) {
    while (true) {
      Optional<Endpoint> endpoint = store.find(arn);
      Optional<EndpointState> next = endpoint.flatMap(present -> present.state().after(event));
      if (next.isEmpty()) {
        return;
      }
      if (store.apply(endpoint.get(), next.get(), failure, platform.clock().instant())) {
        store.find(arn).ifPresent(this::act);
        return;
      }
    }
  }

  /** Starts the hosts where they do not run yet, then waits for their answers. */
  private void deploy(Endpoint endpoint) {
    WorkloadId id = EndpointWorkload.id(endpoint);
    if (endpoint.attempt() > MAX_RESTARTS) {
      throw new ComputeException("The endpoint's program has ended " + MAX_RESTARTS + " times. " + logs.tail(endpoint));
    }
    if (!backend.list().containsKey(id)) {
      platform.capacity().require(InstanceType.require(endpoint.variant().instanceType()), endpoint.hosts());
      PreparedImage image = platform.images().prepare(EndpointWorkload.image(endpoint),
          progress -> logs.tell(endpoint, progress));
      image.differences().forEach(each -> logs.tell(endpoint, each));
      backend.start(EndpointWorkload.spec(endpoint, image, cut(endpoint).each(), stage(endpoint)));
    }
    logs.follow(endpoint);
    Integer wanted = endpoint.variant().containerStartupHealthCheckTimeoutInSeconds();
    awaitPing(endpoint, platform.clock().instant().plusSeconds(wanted == null ? STARTUP_SECONDS : wanted));
  }

  private Optional<Path> stage(Endpoint endpoint) {
    Optional<S3Location> data = EndpointWorkload.modelData(endpoint);
    if (data.isEmpty()) {
      return Optional.empty();
    }
    if (endpoint.model().executionRoleArn() == null) {
      throw Fault.validation("The model " + endpoint.model().modelName() + " has model data but no ExecutionRoleArn.");
    }
    StagingArea.Folder folder = platform.staging().fresh(EndpointWorkload.id(endpoint).value());
    Path link = folder.next();
    try {
      platform.roles().objects(endpoint.model().executionRoleArn(), endpoint.region(), endpoint.name())
          .link(data.get(), link);
    } catch (Fault e) {
      throw new ComputeException("Failed to download model data for container \"container_1\" from URL \""
          + data.get() + "\": " + e.getMessage(), e);
    }
    return Optional.of(link);
  }

  private void awaitPing(Endpoint endpoint, Instant until) {
    WorkloadId id = EndpointWorkload.id(endpoint);
    if (!stillStarting(endpoint)) {
      return;
    }
    if (allPing(endpoint, id)) {
      report(endpoint.arn(), EndpointEvent.ANSWERED, Optional.empty());
    } else if (platform.clock().instant().isAfter(until)) {
      report(endpoint.arn(), EndpointEvent.BROKEN, Optional.of(FailureText.bounded(
          "The primary container for production variant " + endpoint.variant().variantName()
              + " did not pass the ping health check. Please check CloudWatch logs for this endpoint. "
              + logs.tail(endpoint))));
    } else {
      effects.after(PING_PERIOD, () -> guarded(endpoint, () -> awaitPing(endpoint, until)));
    }
  }

  private boolean stillStarting(Endpoint endpoint) {
    return store.find(endpoint.arn()).filter(present -> present.attempt() == endpoint.attempt()
        && (present.state() == EndpointState.CREATING || present.state() == EndpointState.RESTARTING)).isPresent();
  }

  private boolean allPing(Endpoint endpoint, WorkloadId id) {
    Map<String, WorkloadState> hosts = backend.list().getOrDefault(id, Map.of());
    for (int host = 0; host < endpoint.hosts(); host++) {
      if (!(hosts.get(EndpointWorkload.host(host)) instanceof WorkloadState.Running)
          || !servers.pings(id, EndpointWorkload.host(host))) {
        return false;
      }
    }
    return true;
  }

  private void watch(Endpoint endpoint) {
    Map<String, WorkloadState> hosts = backend.list().get(EndpointWorkload.id(endpoint));
    if (hosts == null || hosts.values().stream().anyMatch(WorkloadState::ended)) {
      report(endpoint.arn(), EndpointEvent.HOST_ENDED, Optional.empty());
    } else {
      logs.follow(endpoint);
    }
  }

  /** Takes in what the backend tells of a host. */
  void observed(WorkloadEvent event) {
    if (!event.state().ended()) {
      return;
    }
    Optional<Endpoint> found = platform.live().find(event.id()).flatMap(owner -> store.find(owner.arn()));
    if (found.isEmpty() || !EndpointWorkload.id(found.get()).equals(event.id())) {
      return;
    }
    Endpoint endpoint = found.get();
    if (endpoint.state() == EndpointState.IN_SERVICE) {
      report(endpoint.arn(), EndpointEvent.HOST_ENDED, Optional.empty());
    } else if (endpoint.state() == EndpointState.CREATING || endpoint.state() == EndpointState.RESTARTING) {
      report(endpoint.arn(), EndpointEvent.BROKEN, Optional.of(FailureText.bounded(switch (event.state()) {
        case WorkloadState.Exited exited -> FailureText.of(exited.exitCode(), exited.outOfMemory(), Optional.empty(),
            logs.lastLines(event.id(), event.host()));
        case WorkloadState.Lost lost -> lost.reason();
        case WorkloadState.Preparing preparing -> throw new IllegalStateException("a preparing host has not ended");
        case WorkloadState.Running running -> throw new IllegalStateException("a running host has not ended");
      })));
    }
  }

  private void release(Endpoint endpoint) {
    try {
      for (int attempt = 1; attempt <= endpoint.attempt(); attempt++) {
        removeWorkload(EndpointWorkload.id(endpoint, attempt));
      }
    } finally {
      platform.capacity().release(share(endpoint));
    }
  }

  /** Ends the hosts of an attempt; what they wrote to the end is kept. */
  private void removeWorkload(WorkloadId id) {
    platform.pump().finish(id);
    backend.remove(id);
    platform.staging().discard(id.value());
    platform.live().remove(id);
  }

  @Override
  public void close() {
    effects.close();
  }
}
