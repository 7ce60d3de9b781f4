package dev.atelier.metrics;

import dev.atelier.kernel.Fault;
import dev.atelier.metrics.math.Value;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Evaluates every alarm, metric alarms over whole periods only, composite alarms after them. */
final class AlarmRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlarmRunner.class);
  private static final long EVERY_SECONDS = 5;
  private static final int COMPOSITE_ROUNDS = 10;

  private final AlarmStore alarms;
  private final MetricStore metrics;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("alarms").factory());

  AlarmRunner(AlarmStore alarms, MetricStore metrics, Clock clock) {
    this.alarms = alarms;
    this.metrics = metrics;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(this::guarded, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  private void guarded() {
    try {
      evaluateAll();
    } catch (RuntimeException e) {
      LOG.warn("the alarms cannot be evaluated now", e);
    }
  }

  /** Evaluates every alarm once at the clock's time. */
  synchronized void evaluateAll() {
    for (Alarm alarm : alarms.all()) {
      if (alarm.settings() instanceof Alarm.Metric metric) {
        try {
          evaluate(alarm, metric.request());
        } catch (Fault e) {
          LOG.debug("the alarm {} cannot be evaluated: {}", alarm.arn(), e.getMessage());
        }
      }
    }
    // a composite alarm may ask another one
    for (int round = 0; round < COMPOSITE_ROUNDS && composites(); round++) {
      LOG.debug("composite alarms changed");
    }
  }

  private void evaluate(Alarm alarm, PutMetricAlarmInput request) {
    Instant now = clock.instant();
    Readings readings = readings(alarm, request, now);
    if (readings.tooFew()) {
      return;
    }
    Evaluation evaluation = new Evaluation(AlarmReason.needed(request), request.evaluationPeriods(),
        switch (AlarmReason.treatment(request)) {
          case "breaching" -> Evaluation.Missing.BREACHING;
          case "notBreaching" -> Evaluation.Missing.NOT_BREACHING;
          case "ignore" -> Evaluation.Missing.IGNORE;
          default -> Evaluation.Missing.MISSING;
        }, breaches(request));
    Evaluation.Decision decision = evaluation.decide(readings.slots(), alarm.standing().state());
    if (decision.state() != alarm.standing().state()) {
      alarms.move(alarm, new Alarm.Standing(decision.state(),
          AlarmReason.text(request, decision, alarm.standing().state()),
          Optional.of(AlarmReason.data(request, decision, readings.period(), now)), now, now));
    }
  }

  private static DoublePredicate breaches(PutMetricAlarmInput request) {
    double threshold = AlarmReason.threshold(request);
    return switch (request.comparisonOperator()) {
      case "GreaterThanThreshold" -> value -> value > threshold;
      case "GreaterThanOrEqualToThreshold" -> value -> value >= threshold;
      case "LessThanThreshold" -> value -> value < threshold;
      default -> value -> value <= threshold;
    };
  }

  /** @param tooFew whether a percentile has too few samples and the alarm is to ignore that */
  private record Readings(int period, List<Evaluation.Slot> slots, boolean tooFew) {}

  private Readings readings(Alarm alarm, PutMetricAlarmInput request, Instant now) {
    List<MetricQuery> queries = MetricQuery.of(alarm.place(), request.metrics(), "Metrics");
    int period = request.period() != null ? request.period() : period(queries);
    long end = Math.floorDiv(now.getEpochSecond(), (long) period) * period;
    long start = end - (long) period * (request.evaluationPeriods() + Evaluation.SPARE);
    NavigableMap<Long, Double> values;
    boolean tooFew = false;
    if (queries.isEmpty()) {
      SeriesKey key = MetricDataApi.key(alarm.place(), request.namespace(), request.metricName(), request.dimensions());
      Statistic statistic = Statistic.parse(
          request.statistic() == null ? request.extendedStatistic() : request.statistic()).orElseThrow();
      MetricReader reader = new MetricReader(metrics);
      Window window = new Window(start, end, period);
      Optional<String> unit = Optional.ofNullable(request.unit());
      values = reader.values(new MetricReader.Query(key, statistic, unit), window);
      tooFew = "ignore".equals(request.evaluateLowSampleCountPercentile())
          && statistic instanceof Statistic.Percentile percentile
          && reader.distributions(key, unit, window).values().stream()
              .anyMatch(each -> each.count() < samples(percentile.percent()));
    } else {
      MetricMath math = new MetricMath(metrics, alarm.place(), queries,
          new MetricMath.Range(Instant.ofEpochSecond(start), Instant.ofEpochSecond(end), now));
      MetricQuery returned = queries.stream().filter(MetricQuery::returned).findFirst().orElseThrow();
      List<Value.Series> series = math.series(returned);
      values = series.isEmpty() ? new java.util.TreeMap<>() : series.getFirst().points();
    }
    List<Evaluation.Slot> slots = new ArrayList<>();
    for (long second = start; second < end; second += period) {
      Double value = values.get(second);
      slots.add(new Evaluation.Slot(second, value == null ? OptionalDouble.empty() : OptionalDouble.of(value)));
    }
    return new Readings(period, slots, tooFew);
  }

  /** AWS's bound under which a percentile says nothing. */
  private static double samples(double percent) {
    double share = percent / 100;
    return share >= 0.5 ? 10 / (1 - share) : 10 / share;
  }

  static int period(List<MetricQuery> queries) {
    return queries.stream().map(MetricQuery::source).mapToInt(source -> switch (source) {
      case MetricQuery.OfMetric metric -> metric.period();
      case MetricQuery.OfExpression expression -> expression.period().orElse(0);
    }).max().orElse(60);
  }

  /** Evaluates the composite alarms once; true when one has changed. */
  private boolean composites() {
    List<Alarm> all = alarms.all();
    Map<String, AlarmState> states = new HashMap<>();
    all.forEach(alarm -> states.put(alarm.arn().toString(), alarm.standing().state()));
    boolean changed = false;
    for (Alarm alarm : all) {
      if (alarm.settings() instanceof Alarm.Composite composite) {
        AlarmRule rule = AlarmRule.parse(composite.request().alarmRule());
        boolean holds = rule.holds(name -> states.getOrDefault(AlarmApi.arn(alarm.place(), name).toString(),
            AlarmState.INSUFFICIENT_DATA));
        AlarmState state = holds ? AlarmState.ALARM : AlarmState.OK;
        if (state != alarm.standing().state()) {
          Instant now = clock.instant();
          changed |= alarms.move(alarm, new Alarm.Standing(state, alarm.arn() + " was updated because its alarm rule "
              + (holds ? "is" : "is not") + " fulfilled", Optional.empty(), now, now));
        }
      }
    }
    return changed;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
