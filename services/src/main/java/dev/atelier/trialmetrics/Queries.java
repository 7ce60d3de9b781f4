package dev.atelier.trialmetrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.models.sagemakermetrics.MetricQuery;
import dev.atelier.models.sagemakermetrics.MetricQueryResult;
import dev.atelier.trialmetrics.TrialMetricStore.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Answers queries: a metric's values in buckets along an axis, a statistic of each bucket. Times are milliseconds, as
 * the SageMaker SDK hands them on to MLflow.
 */
final class Queries {
  /** How many points an answer has at most. */
  static final int MOST_POINTS = 10_000;
  private static final Map<String, Long> MILLIS = Map.of(
      "OneMinute", 60_000L, "FiveMinute", 300_000L, "OneHour", 3_600_000L);
  private static final int MOST_WORDS = 2_048;
  private static final List<String> NAMED = List.of("training-job/", "experiment-trial-component/");

  private final TrialMetricStore store;
  private final TrialComponents components;

  Queries(TrialMetricStore store, TrialComponents components) {
    this.store = store;
    this.components = components;
  }

  MetricQueryResult answer(Caller caller, MetricQuery query) {
    boolean bySteps = query.xAxisType().equals("IterationNumber");
    if (bySteps != query.period().equals("IterationNumber")) {
      return refusal("The Period " + query.period() + " does not go with the XAxisType " + query.xAxisType() + ".");
    }
    long from = query.start() == null ? Long.MIN_VALUE : query.start();
    long to = query.end() == null ? Long.MAX_VALUE : query.end();
    if (from > to) {
      return refusal("The Start " + from + " is after the End " + to + ".");
    }
    Optional<Arn> component = component(caller, query.resourceArn());
    if (component.isEmpty()) {
      return refusal("The resource " + query.resourceArn() + " does not exist.");
    }
    Optional<Long> metric = store.find(component.get(), query.metricName());
    if (metric.isEmpty()) {
      return refusal("The resource " + query.resourceArn() + " has no metric " + query.metricName() + ".");
    }
    ToLongFunction<Datum> bucket = bySteps ? datum -> datum.step().orElseThrow()
        : datum -> Math.floorDiv(datum.at().toEpochMilli(), MILLIS.get(query.period())) * MILLIS.get(query.period());
    return store.values(metric.get(), bySteps ? Axis.STEP : Axis.TIME, from, to,
        values -> points(values, bucket, query.metricStat()));
  }

  private static MetricQueryResult points(Stream<Datum> values, ToLongFunction<Datum> bucket, String statistic) {
    List<Long> places = new ArrayList<>();
    List<Statistic> statistics = new ArrayList<>();
    boolean whole = values.allMatch(datum -> {
      long place = bucket.applyAsLong(datum);
      if (places.isEmpty() || places.getLast() != place) {
        if (places.size() == MOST_POINTS) {
          return false;
        }
        places.add(place);
        statistics.add(new Statistic());
      }
      statistics.getLast().add(datum.value());
      return true;
    });
    return MetricQueryResult.builder().status(whole ? "Complete" : "Truncated")
        .message(whole ? null : "There are more than " + MOST_POINTS + " points: the next begin after "
            + places.getLast() + ".")
        .xAxisValues(places).metricValues(statistics.stream().map(each -> each.of(statistic)).toList()).build();
  }

  /** The component that an ARN names or, of a training job, implies: what the caller's rights were asked for alone. */
  private Optional<Arn> component(Caller caller, String text) {
    return Arn.parse(text).filter(arn -> NAMED.stream().anyMatch(arn.resource()::startsWith))
        .map(arn -> Arn.of("sagemaker", caller.region(), caller.account(), arn.resource().toLowerCase(Locale.ROOT)))
        .filter(own -> own.toString().equalsIgnoreCase(text))
        .map(own -> JobComponents.of(own).orElse(own)).filter(components::exist);
  }

  private static MetricQueryResult refusal(String message) {
    return MetricQueryResult.builder().status("ValidationError")
        .message(message.length() <= MOST_WORDS ? message : message.substring(0, MOST_WORDS))
        .xAxisValues(List.of()).metricValues(List.of()).build();
  }
}
