package dev.atelier.hosting;

import dev.atelier.jobs.MetricSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics of invocations, in AWS's namespace; collected and published together, so that no invocation waits. */
final class EndpointMetrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointMetrics.class);
  private static final String NAMESPACE = "AWS/SageMaker";
  private static final long EVERY_MILLIS = 1_000;
  private static final int MOST_AT_ONCE = 10_000;

  private final MetricSink sink;
  private final Clock clock;
  private final ConcurrentLinkedQueue<Invocation> waiting = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("endpoint-metrics").factory());

  private record Invocation(Endpoint endpoint, Instant at, int status, Duration model, Duration whole) {}

  EndpointMetrics(MetricSink sink, Clock clock) {
    this.sink = sink;
    this.clock = clock;
    timer.scheduleWithFixedDelay(this::publish, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Tells of an invocation.
   *
   * @param status of the answer that the caller gets
   * @param model how long the container took, of {@code whole}
   */
  void invoked(Endpoint endpoint, int status, Duration model, Duration whole) {
    waiting.add(new Invocation(endpoint, clock.instant(), status, model, whole));
  }

  private synchronized void publish() {
    Invocation next = waiting.poll();
    for (int published = 0; next != null && published < MOST_AT_ONCE; published++) {
      List<MetricSink.Value> values = values(next);
      try {
        sink.publish(next.endpoint().account(), next.endpoint().region(), NAMESPACE, values);
      } catch (RuntimeException e) {
        LOG.warn("metrics of {} cannot be published now", next.endpoint().arn(), e);
      }
      next = waiting.poll();
    }
  }

  private static List<MetricSink.Value> values(Invocation call) {
    Map<String, String> dimensions = Map.of(
        "EndpointName", call.endpoint().name(), "VariantName", call.endpoint().variant().variantName());
    List<MetricSink.Value> values = new ArrayList<>();
    boolean client = call.status() >= 400 && call.status() < 500;
    values.add(value("Invocations", dimensions, 1, "None", call));
    values.add(value("InvocationsPerInstance", dimensions, 1.0 / call.endpoint().hosts(), "None", call));
    values.add(value("Invocation4XXErrors", dimensions, client ? 1 : 0, "None", call));
    values.add(value("Invocation5XXErrors", dimensions, call.status() >= 500 ? 1 : 0, "None", call));
    values.add(value("ModelLatency", dimensions, call.model().toNanos() / 1_000.0, "Microseconds", call));
    values.add(value("OverheadLatency", dimensions,
        call.whole().minus(call.model()).toNanos() / 1_000.0, "Microseconds", call));
    return values;
  }

  private static MetricSink.Value value(String name, Map<String, String> dimensions, double value, String unit,
      Invocation call) {
    return new MetricSink.Value(name, dimensions, value, unit, call.at(), false);
  }

  @Override
  public void close() {
    timer.shutdown();
    publish();
  }
}
