package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.MetricFilters.Filter;
import dev.atelier.logs.MetricFilters.Transformation;
import dev.atelier.logs.filter.FilterPattern;
import dev.atelier.models.NoOutput;
import dev.atelier.models.logs.DeleteMetricFilterRequest;
import dev.atelier.models.logs.DescribeMetricFiltersRequest;
import dev.atelier.models.logs.DescribeMetricFiltersResponse;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.MetricFilter;
import dev.atelier.models.logs.MetricFilterMatchRecord;
import dev.atelier.models.logs.MetricTransformation;
import dev.atelier.models.logs.PutMetricFilterRequest;
import dev.atelier.models.logs.TestMetricFilterRequest;
import dev.atelier.models.logs.TestMetricFilterResponse;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations on metric filters. */
final class MetricFilterApi {
  private static final int PAGE = 50;
  private static final int MOST_DIMENSIONS = 3;

  private final LogStore store;
  private final MetricFilters filters;
  private final Clock clock;

  MetricFilterApi(LogStore store, MetricFilters filters, Clock clock) {
    this.store = store;
    this.filters = filters;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.putMetricFilter(), this::putMetricFilter)
        .on(LogsOperations.describeMetricFilters(), this::describeMetricFilters)
        .on(LogsOperations.deleteMetricFilter(), this::deleteMetricFilter)
        .on(LogsOperations.testMetricFilter(), this::testMetricFilter);
  }

  NoOutput putMetricFilter(Caller caller, PutMetricFilterRequest request) {
    LogsApi.requireGroup(store, caller, request.logGroupName());
    List<Transformation> transformations = request.metricTransformations().stream().map(each -> {
      boolean number = each.metricValue().matches("[-+]?\\d{1,30}(\\.\\d{1,30})?");
      if (!number && !each.metricValue().startsWith("$") || each.dimensions().size() > MOST_DIMENSIONS
          || !each.dimensions().isEmpty() && each.defaultValue() != null) {
        throw new Fault("InvalidParameterException", 400, number || each.metricValue().startsWith("$")
            ? "A metric transformation has at most " + MOST_DIMENSIONS + " dimensions, and none with a default value."
            : "Invalid metric transformation: metricValue must be a number or the name of a field.");
      }
      return new Transformation(each.metricNamespace(), each.metricName(), each.metricValue(),
          Optional.ofNullable(each.defaultValue()), each.dimensions(), each.unit() == null ? "None" : each.unit());
    }).toList();
    filters.put(LogsApi.place(caller), new Filter(request.logGroupName(), request.filterName(),
        request.filterPattern(), clock.instant(), transformations));
    return new NoOutput();
  }

  DescribeMetricFiltersResponse describeMetricFilters(Caller caller, DescribeMetricFiltersRequest request) {
    if (request.logGroupName() != null) {
      LogsApi.requireGroup(store, caller, request.logGroupName());
    }
    int most = request.limit() == null ? PAGE : request.limit();
    List<Filter> found = filters.list(LogsApi.place(caller)).stream()
        .filter(filter -> request.logGroupName() == null || request.logGroupName().equals(filter.group()))
        .filter(filter -> request.filterNamePrefix() == null || filter.name().startsWith(request.filterNamePrefix()))
        .filter(filter -> request.metricName() == null || filter.transformations().stream()
            .anyMatch(each -> each.metric().equals(request.metricName())
                && each.namespace().equals(request.metricNamespace())))
        .filter(filter -> request.nextToken() == null || key(filter).compareTo(request.nextToken()) > 0)
        .limit(most + 1L).toList();
    List<Filter> page = found.subList(0, Math.min(most, found.size()));
    return DescribeMetricFiltersResponse.builder().metricFilters(page.stream().map(MetricFilterApi::wire).toList())
        .nextToken(found.size() > most ? key(page.getLast()) : null).build();
  }

  private static String key(Filter filter) {
    return filter.group() + ":" + filter.name();
  }

  private static MetricFilter wire(Filter filter) {
    return MetricFilter.builder().filterName(filter.name()).logGroupName(filter.group())
        .filterPattern(filter.pattern()).creationTime(filter.createdAt().toEpochMilli())
        .metricTransformations(filter.transformations().stream().map(each -> MetricTransformation.builder()
            .metricNamespace(each.namespace()).metricName(each.metric()).metricValue(each.value())
            .defaultValue(each.otherwise().orElse(null))
            .dimensions(each.dimensions().isEmpty() ? null : each.dimensions())
            .unit(each.unit().equals("None") ? null : each.unit()).build()).toList())
        .build();
  }

  NoOutput deleteMetricFilter(Caller caller, DeleteMetricFilterRequest request) {
    LogsApi.requireGroup(store, caller, request.logGroupName());
    if (!filters.delete(LogsApi.place(caller), request.logGroupName(), request.filterName())) {
      throw new Fault("ResourceNotFoundException", 400, "The specified metric filter does not exist.");
    }
    return new NoOutput();
  }

  TestMetricFilterResponse testMetricFilter(Caller caller, TestMetricFilterRequest request) {
    FilterPattern pattern = FilterPattern.parse(request.filterPattern());
    List<MetricFilterMatchRecord> matches = new ArrayList<>();
    for (int i = 0; i < request.logEventMessages().size(); i++) {
      String message = request.logEventMessages().get(i);
      Optional<Map<String, String>> found = pattern.match(message);
      if (found.isPresent()) {
        matches.add(MetricFilterMatchRecord.builder().eventNumber(i + 1L).eventMessage(message)
            .extractedValues(found.get()).build());
      }
    }
    return TestMetricFilterResponse.builder().matches(matches).build();
  }
}
