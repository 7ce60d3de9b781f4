package dev.atelier.metrics;

import dev.atelier.kernel.Caller;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.Datapoint;
import dev.atelier.models.cloudwatch.Dimension;
import dev.atelier.models.cloudwatch.DimensionFilter;
import dev.atelier.models.cloudwatch.GetMetricStatisticsInput;
import dev.atelier.models.cloudwatch.GetMetricStatisticsOutput;
import dev.atelier.models.cloudwatch.ListMetricsInput;
import dev.atelier.models.cloudwatch.ListMetricsOutput;
import dev.atelier.models.cloudwatch.Metric;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** GetMetricStatistics and ListMetrics. */
final class StatisticsApi {
  private static final int MOST_DATAPOINTS = 1_440;
  private static final int PAGE = 500;
  private static final long TWO_WEEKS = 14 * 86_400L;
  private static final long RECENT = 3 * 3_600L;

  private final MetricStore store;
  private final MetricReader reader;
  private final Clock clock;

  StatisticsApi(MetricStore store, Clock clock) {
    this.store = store;
    this.reader = new MetricReader(store);
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.getMetricStatistics(), this::getMetricStatistics)
        .on(CloudWatchOperations.listMetrics(), this::listMetrics);
  }

  GetMetricStatisticsOutput getMetricStatistics(Caller caller, GetMetricStatisticsInput request) {
    Map<String, Statistic> extended = new LinkedHashMap<>();
    request.extendedStatistics().forEach(name -> extended.put(name, Statistic.parse(name)
        .filter(statistic -> !(statistic instanceof Statistic.Plain))
        .orElseThrow(() -> MetricFault.value(
            "The value " + name + " for parameter ExtendedStatistics.member.1 is not supported."))));
    if (request.statistics().isEmpty() && extended.isEmpty()) {
      throw MetricFault.combination("Must specify either Statistics or ExtendedStatistics");
    }
    if (!request.statistics().isEmpty() && !extended.isEmpty()) {
      throw MetricFault.combination("The parameters Statistics and ExtendedStatistics are mutually exclusive and you have "
          + "specified both.");
    }
    SeriesKey key = MetricDataApi.key(MetricDataApi.place(caller), request.namespace(), request.metricName(),
        request.dimensions());
    List<Datapoint> datapoints = new ArrayList<>();
    reader.byUnit(key, window(request)).forEach((unit, buckets) -> {
      if (request.unit() == null || request.unit().equals(unit)) {
        buckets.forEach((second, values) -> datapoints.add(datapoint(second, unit, values, request, extended)));
      }
    });
    return GetMetricStatisticsOutput.builder().label(request.metricName()).datapoints(datapoints).build();
  }

  private Window window(GetMetricStatisticsInput request) {
    if (!Window.isPeriod(request.period())) {
      throw MetricFault.value("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
    }
    if (request.startTime().getEpochSecond() >= request.endTime().getEpochSecond()) {
      throw MetricFault.value("The parameter StartTime must be less than the parameter EndTime.");
    }
    Window window = Window.of(request.startTime(), request.endTime(), request.period(), clock.instant());
    if (window.periods() > MOST_DATAPOINTS) {
      throw MetricFault.combination(String.format(Locale.ROOT, "You have requested up to %d datapoints, which exceeds "
          + "the limit of %d. You may reduce the datapoints requested by increasing Period, or decreasing the time "
          + "range.", window.periods(), MOST_DATAPOINTS));
    }
    return window;
  }

  private static Datapoint datapoint(long second, String unit, Distribution values, GetMetricStatisticsInput request,
      Map<String, Statistic> extended) {
    Datapoint.Builder datapoint = Datapoint.builder().timestamp(Instant.ofEpochSecond(second)).unit(unit);
    for (String name : request.statistics()) {
      Statistic.Plain statistic = Statistic.Plain.valueOf(name);
      double value = statistic.of(values).orElseThrow();
      switch (statistic) {
        case SampleCount -> datapoint.sampleCount(value);
        case Average -> datapoint.average(value);
        case Sum -> datapoint.sum(value);
        case Minimum -> datapoint.minimum(value);
        case Maximum -> datapoint.maximum(value);
      }
    }
    Map<String, Double> more = new LinkedHashMap<>();
    extended.forEach((name, statistic) -> statistic.of(values).ifPresent(value -> more.put(name, value)));
    return extended.isEmpty() ? datapoint.build() : datapoint.extendedStatistics(more).build();
  }

  /** Metrics without points for two weeks are not listed, as on AWS. */
  ListMetricsOutput listMetrics(Caller caller, ListMetricsInput request) {
    long now = clock.instant().getEpochSecond();
    long since = now - (request.recentlyActive() == null ? TWO_WEEKS : RECENT);
    Place place = MetricDataApi.place(caller);
    List<Metric> found = new ArrayList<>();
    String next = null;
    long last = 0;
    for (Series series : store.catalogue().after(after(request.nextToken())).values()) {
      SeriesKey key = series.key();
      if (key.place().equals(place) && series.lastSecond() >= since && matches(key, request)) {
        if (found.size() == PAGE) {
          next = token(last);
          break;
        }
        last = series.id();
        found.add(Metric.builder().namespace(key.namespace()).metricName(key.name())
            .dimensions(key.dimensions().stream()
                .map(each -> Dimension.builder().name(each.name()).value(each.value()).build()).toList())
            .build());
      }
    }
    return ListMetricsOutput.builder().metrics(found).nextToken(next).build();
  }

  private static boolean matches(SeriesKey key, ListMetricsInput request) {
    return (request.namespace() == null || request.namespace().equals(key.namespace()))
        && (request.metricName() == null || request.metricName().equals(key.name()))
        && request.dimensions().stream().allMatch(filter -> has(key, filter));
  }

  private static boolean has(SeriesKey key, DimensionFilter filter) {
    return key.dimensions().stream().anyMatch(each -> each.name().equals(filter.name())
        && (filter.value() == null || filter.value().equals(each.value())));
  }

  private static String token(long id) {
    return "m" + Long.toString(id, 36);
  }

  private static long after(String token) {
    if (token == null) {
      return 0;
    }
    if (!token.matches("m[0-9a-z]{1,11}")) {
      throw MetricFault.value("Request parameter NextToken is invalid");
    }
    return Long.parseLong(token.substring(1), 36);
  }
}
