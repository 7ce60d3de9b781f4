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
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagingArea;
import dev.atelier.jobs.WorkloadIds;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs endpoints: what is to be done follows from an endpoint's state alone and may be done again. A host that ends by
 * itself is started anew, unless the endpoint has restarted too often.
 */
final class EndpointRuns implements AutoCloseable {
  private static final Duration PING_PERIOD = Duration.ofMillis(50);
  private static final int STARTUP_SECONDS = 240;
  private static final int MAX_RESTARTS = 10;
  private static final int LAST_LINES = 12;

  private final JobPlatform platform;
  private final EndpointStore store;
  private final ModelServers servers;
  private final ComputeBackend backend;
  private final Effects effects = new Effects("endpoint-timer");

  EndpointRuns(JobPlatform platform, EndpointStore store, ModelServers servers) {
    this.platform = platform;
    this.store = store;
    this.servers = servers;
    this.backend = platform.backend();
  }

  /** Takes up every endpoint; called once at start-up, before events of the backend arrive. */
  void resume() {
    for (Endpoint endpoint : store.live()) {
      guarded(endpoint,
          () -> platform.capacity().adopt(endpoint.arn().toString(), cut(endpoint).each(), endpoint.hosts()));
      act(endpoint);
    }
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
      case CREATING, RESTARTING -> platform.capacity().acquire(endpoint.arn().toString(), cut(endpoint).each(),
          endpoint.hosts(), () -> effect(endpoint, () -> deploy(endpoint)));
      case IN_SERVICE -> effect(endpoint, () -> watch(endpoint));
      case FAILED -> effect(endpoint, () -> release(endpoint));
      case DELETING -> effect(endpoint, () -> {
        release(endpoint);
        store.delete(endpoint);
      });
    }
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
        if (next.get() == EndpointState.RESTARTING) {
          removeWorkload(EndpointWorkload.id(endpoint.get()));
        }
        store.find(arn).ifPresent(this::act);
        return;
      }
    }
  }

  /** Starts the hosts where they do not run yet, then waits for their answers. */
  private void deploy(Endpoint endpoint) {
    WorkloadId id = EndpointWorkload.id(endpoint);
    if (endpoint.attempt() > MAX_RESTARTS) {
      throw new ComputeException("The endpoint's program has ended " + MAX_RESTARTS + " times. " + tail(endpoint, id));
    }
    if (!backend.list().containsKey(id)) {
      platform.capacity().require(InstanceType.require(endpoint.variant().instanceType()), endpoint.hosts());
      PreparedImage image = platform.images().prepare(EndpointWorkload.image(endpoint),
          progress -> platform.logs().platform(log(endpoint, 0), progress));
      image.differences().forEach(each -> platform.logs().platform(log(endpoint, 0), each));
      backend.start(EndpointWorkload.spec(endpoint, image, cut(endpoint).each(), stage(endpoint)));
    }
    follow(endpoint);
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
    platform.roles().objects(endpoint.model().executionRoleArn(), endpoint.region(), endpoint.name())
        .link(data.get(), link);
    return Optional.of(link);
  }

  private void awaitPing(Endpoint endpoint, Instant until) {
    WorkloadId id = EndpointWorkload.id(endpoint);
    Optional<Endpoint> now = store.find(endpoint.arn());
    boolean waiting = now.filter(present -> present.attempt() == endpoint.attempt()
        && (present.state() == EndpointState.CREATING || present.state() == EndpointState.RESTARTING)).isPresent();
    if (!waiting) {
      return;
    }
    if (allPing(endpoint, id)) {
      report(endpoint.arn(), EndpointEvent.ANSWERED, Optional.empty());
    } else if (platform.clock().instant().isAfter(until)) {
      report(endpoint.arn(), EndpointEvent.BROKEN, Optional.of(FailureText.bounded(
          "The primary container for production variant " + endpoint.variant().variantName()
              + " did not pass the ping health check. Please check CloudWatch logs for this endpoint. "
              + tail(endpoint, id))));
    } else {
      effects.after(PING_PERIOD, () -> guarded(endpoint, () -> awaitPing(endpoint, until)));
    }
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
      follow(endpoint);
    }
  }

  private void follow(Endpoint endpoint) {
    for (int host = 0; host < endpoint.hosts(); host++) {
      platform.pump().follow(EndpointWorkload.id(endpoint), EndpointWorkload.host(host),
          platform.logs().open(log(endpoint, host)));
    }
  }

  /** The log stream of a host: {@code <variant>/i-<17 hexadecimal digits>}, as instances are named on AWS. */
  static JobLogs.Name log(Endpoint endpoint, int host) {
    String id = EndpointWorkload.id(endpoint).value().replaceAll("[^0-9a-f]", "0");
    String instance = (id + "00000000000000000").substring(0, 16) + Integer.toHexString(host % 16);
    return new JobLogs.Name(endpoint.account(), endpoint.region(), "/aws/sagemaker/Endpoints/" + endpoint.name(),
        endpoint.variant().variantName() + "/i-" + instance);
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
            lastLines(event.id(), event.host()));
        case WorkloadState.Lost lost -> lost.reason();
        case WorkloadState.Preparing preparing -> throw new IllegalStateException("a preparing host has not ended");
        case WorkloadState.Running running -> throw new IllegalStateException("a running host has not ended");
      })));
    }
  }

  private String tail(Endpoint endpoint, WorkloadId id) {
    return backend.list().containsKey(id)
        ? "Last lines of the log:\n" + String.join("\n", lastLines(id, EndpointWorkload.host(0))) : "";
  }

  private List<String> lastLines(WorkloadId id, String host) {
    List<String> lines = new ArrayList<>();
    platform.logs().scan(backend, id, host, line -> {
      lines.add(line.text());
      if (lines.size() > LAST_LINES) {
        lines.removeFirst();
      }
    });
    return lines;
  }

  private void release(Endpoint endpoint) {
    for (int attempt = 1; attempt <= endpoint.attempt(); attempt++) {
      removeWorkload(WorkloadIds.of("e", endpoint.arn(), endpoint.createdAt(), attempt));
    }
    platform.capacity().release(endpoint.arn().toString());
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
