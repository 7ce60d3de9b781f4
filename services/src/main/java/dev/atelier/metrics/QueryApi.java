package dev.atelier.metrics;

import dev.atelier.kernel.Caller;
import dev.atelier.metrics.math.Value;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.GetMetricDataInput;
import dev.atelier.models.cloudwatch.GetMetricDataOutput;
import dev.atelier.models.cloudwatch.MetricDataResult;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** GetMetricData. */
final class QueryApi {
  private static final int MOST_QUERIES = 500;
  private static final int MOST_DATAPOINTS = 100_800;

  private final MetricStore store;
  private final Clock clock;

  QueryApi(MetricStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.getMetricData(), this::getMetricData);
  }

  /** One result with its points in the order that is asked for. */
  private record Result(String id, Value.Series series, List<Map.Entry<Long, Double>> points) {}

  GetMetricDataOutput getMetricData(Caller caller, GetMetricDataInput request) {
    check(request);
    List<MetricQuery> queries =
        MetricQuery.of(MetricDataApi.place(caller), request.metricDataQueries(), "MetricDataQueries");
    MetricMath math = new MetricMath(store, MetricDataApi.place(caller), queries,
        new MetricMath.Range(request.startTime(), request.endTime(), clock.instant()));
    boolean ascending = "TimestampAscending".equals(request.scanBy());
    Distinction distinction = Distinction.of(queries);
    List<Result> results = new ArrayList<>();
    for (MetricQuery query : queries) {
      if (query.returned()) {
        for (Value.Series series : math.series(query)) {
          var points = ascending ? series.points() : series.points().descendingMap();
          results.add(new Result(query.id(), distinction.label(query, series), List.copyOf(points.entrySet())));
        }
      }
    }
    return page(results, request);
  }

  private static void check(GetMetricDataInput request) {
    if (request.metricDataQueries().size() > MOST_QUERIES) {
      throw MetricFault.validation("The collection MetricDataQueries must not have a size greater than "
          + MOST_QUERIES + ".");
    }
    long start = request.startTime().getEpochSecond();
    long end = request.endTime().getEpochSecond();
    if (start == end) {
      throw MetricFault.validation("The parameter StartTime must not equal parameter EndTime.");
    }
    if (start > end) {
      throw MetricFault.validation("The parameter EndTime must be greater than StartTime.");
    }
    if (request.maxDatapoints() != null
        && (request.maxDatapoints() < 1 || request.maxDatapoints() > MOST_DATAPOINTS)) {
      throw MetricFault.validation("The parameter MaxDatapoints must be between 1 and " + MOST_DATAPOINTS + ".");
    }
  }

  /** What the labels of metrics without one of their own say beside the name: whatever the request's metrics differ in. */
  private record Distinction(boolean statistic, boolean period) {
    static Distinction of(List<MetricQuery> queries) {
      List<MetricQuery.OfMetric> metrics = queries.stream().map(MetricQuery::source)
          .filter(MetricQuery.OfMetric.class::isInstance).map(MetricQuery.OfMetric.class::cast).toList();
      return new Distinction(metrics.stream().map(MetricQuery.OfMetric::statistic).distinct().count() > 1,
          metrics.stream().map(MetricQuery.OfMetric::period).distinct().count() > 1);
    }

    Value.Series label(MetricQuery query, Value.Series series) {
      if (query.label().isPresent() || !(query.source() instanceof MetricQuery.OfMetric metric)) {
        return series;
      }
      return series.named(series.label() + (statistic ? " " + metric.statistic() : "")
          + (period ? " " + metric.period() : ""));
    }
  }

  /** Pages go on where the points of the page before ended; a result that goes on is PartialData. */
  private static GetMetricDataOutput page(List<Result> results, GetMetricDataInput request) {
    int left = request.maxDatapoints() == null ? MOST_DATAPOINTS : request.maxDatapoints();
    int[] from = place(request.nextToken(), results);
    List<MetricDataResult> page = new ArrayList<>();
    for (int i = from[0]; i < results.size(); i++) {
      Result result = results.get(i);
      int begin = i == from[0] ? from[1] : 0;
      int end = Math.min(result.points().size(), begin + left);
      boolean whole = end == result.points().size();
      page.add(wire(result, begin, end, whole));
      left -= end - begin;
      if (!whole) {
        return GetMetricDataOutput.builder().metricDataResults(page).messages(List.of())
            .nextToken("d" + i + "." + end).build();
      }
    }
    return GetMetricDataOutput.builder().metricDataResults(page).messages(List.of()).build();
  }

  private static MetricDataResult wire(Result result, int begin, int end, boolean whole) {
    List<Map.Entry<Long, Double>> points = result.points().subList(begin, end);
    return MetricDataResult.builder().id(result.id()).label(result.series().label())
        .timestamps(points.stream().map(point -> Instant.ofEpochSecond(point.getKey())).toList())
        .values(points.stream().map(Map.Entry::getValue).toList())
        .statusCode(whole ? "Complete" : "PartialData").build();
  }

  private static int[] place(String token, List<Result> results) {
    if (token == null) {
      return new int[] {0, 0};
    }
    if (!token.matches("d\\d{1,6}\\.\\d{1,8}")) {
      throw MetricFault.nextToken();
    }
    String[] parts = token.substring(1).split("\\.");
    int[] place = {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
    if (place[0] >= results.size() || place[1] > results.get(place[0]).points().size()) {
      throw MetricFault.nextToken();
    }
    return place;
  }
}
