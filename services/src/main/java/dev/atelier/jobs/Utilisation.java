package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.HostUsage;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what every sandbox uses, as SageMaker does: {@code CPUUtilization} in percent of one core, so that four busy
 * cores are 400, {@code MemoryUtilization} and {@code DiskUtilization} in percent of what the host was given. Jobs are told apart by their host,
 * {@code <job>/algo-1}, endpoints by their name and variant.
 */
public final class Utilisation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Utilisation.class);

  private final ComputeBackend backend;
  private final LiveWorkloads live;
  private final MetricSink sink;
  private final Function<Arn, Optional<String>> variant;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("utilisation").factory());
  private final Map<Host, Reading> readings = new HashMap<>();

  private record Host(WorkloadId id, String name) {}

  private record Reading(Instant at, Duration cpuTime) {}

  /** @param variant the production variant of an endpoint's ARN */
  public Utilisation(ComputeBackend backend, LiveWorkloads live, MetricSink sink,
      Function<Arn, Optional<String>> variant, Clock clock) {
    this.backend = backend;
    this.live = live;
    this.sink = sink;
    this.variant = variant;
    this.clock = clock;
  }

  /** Takes a reading every so many seconds from now on; those closer than a minute are kept by the second. */
  public void every(int seconds) {
    timer.scheduleWithFixedDelay(() -> {
      try {
        read(seconds < 60);
      } catch (RuntimeException e) {
        LOG.warn("the utilisation cannot be read now", e);
      }
    }, seconds, seconds, TimeUnit.SECONDS);
  }

  /** Takes one reading of every host; processor time is known from the second one on. */
  public synchronized void read(boolean fine) {
    Instant now = clock.instant();
    Map<Host, Reading> latest = new HashMap<>();
    for (WorkloadId id : live.ids()) {
      live.find(id).ifPresent(owner -> backend.usage(id).forEach((name, usage) -> {
        Host host = new Host(id, name);
        latest.put(host, new Reading(now, usage.cpuTime()));
        publish(owner, host, usage, now, fine);
      }));
    }
    readings.clear();
    readings.putAll(latest);
  }

  private void publish(LiveWorkloads.Owner owner, Host host, HostUsage usage, Instant now, boolean fine) {
    Arn arn = owner.arn();
    // the session has the name's case, which the ARN has lost
    String name = owner.session();
    Optional<Target> target = switch (arn.resource().split("/", 2)[0]) {
      case "training-job" -> Optional.of(job("TrainingJobs", name, host));
      case "processing-job" -> Optional.of(job("ProcessingJobs", name, host));
      case "transform-job" -> Optional.of(job("TransformJobs", name, host));
      case "endpoint" -> variant.apply(arn).map(variantName -> new Target("/aws/sagemaker/Endpoints",
          Map.of("EndpointName", name, "VariantName", variantName)));
      default -> Optional.empty();
    };
    target.ifPresent(where -> sink.publish(new AccountId(arn.account()), new dev.atelier.kernel.Region(arn.region()),
        where.namespace(), values(where, host, usage, now, fine)));
  }

  private static Target job(String kind, String name, Host host) {
    return new Target("/aws/sagemaker/" + kind, Map.of("Host", name + "/" + host.name()));
  }

  private record Target(String namespace, Map<String, String> dimensions) {}

  private List<MetricSink.Value> values(Target where, Host host, HostUsage usage, Instant now, boolean fine) {
    List<MetricSink.Value> values = new ArrayList<>();
    Reading before = readings.get(host);
    if (before != null && before.at().isBefore(now)) {
      double busy = usage.cpuTime().minus(before.cpuTime()).toMillis();
      double percent = Math.max(0, 100 * busy / Duration.between(before.at(), now).toMillis());
      values.add(new MetricSink.Value("CPUUtilization", where.dimensions(), percent, "Percent", now, fine));
    }
    values.add(new MetricSink.Value("MemoryUtilization", where.dimensions(),
        100.0 * usage.memoryBytes() / usage.limits().memoryBytes(), "Percent", now, fine));
    usage.diskBytes().ifPresent(bytes -> values.add(new MetricSink.Value("DiskUtilization", where.dimensions(),
        100.0 * bytes / usage.limits().diskBytes(), "Percent", now, fine)));
    return values;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
