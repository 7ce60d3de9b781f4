package dev.atelier.metrics;

import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.metrics.math.Expression;
import dev.atelier.metrics.math.MathError;
import dev.atelier.models.cloudwatch.MetricDataQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One of the queries of GetMetricData or of an alarm: a metric's statistic or an expression.
 *
 * @param period of a metric, or of an expression that has no metric
 */
record MetricQuery(String id, Source source, Optional<String> label, boolean returned) {

  /** Where its values come from. */
  sealed interface Source {}

  record OfMetric(MetricReader.Query query, String statistic, int period) implements Source {}

  record OfExpression(Expression expression, OptionalInt period) implements Source {}

  /** The queries of a request, checked as AWS does. @param list how the request calls them */
  static List<MetricQuery> of(Place place, List<MetricDataQuery> queries, String list) {
    List<MetricQuery> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < queries.size(); i++) {
      MetricDataQuery query = queries.get(i);
      String at = list + ".member." + (i + 1);
      if (!query.id().matches("[a-z][a-zA-Z0-9_]*")) {
        throw MetricFault.validation("The value " + query.id() + " for parameter " + at
            + ".Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.");
      }
      if (!ids.add(query.id())) {
        throw MetricFault.validation("The values for parameter Id in " + list + " are not unique.");
      }
      read.add(new MetricQuery(query.id(), source(place, query, at),
          Optional.ofNullable(query.label()), !Boolean.FALSE.equals(query.returnData())));
    }
    return read;
  }

  private static Source source(Place place, MetricDataQuery query, String at) {
    if (query.metricStat() != null && query.expression() != null) {
      throw MetricFault.validation("The parameters " + at + ".Expression and " + at
          + ".MetricStat are mutually exclusive and you have specified both.\n");
    }
    if (query.metricStat() == null && query.expression() == null) {
      throw MetricFault.validation("The parameter " + at + ".MetricStat is required.\n");
    }
    if (query.expression() != null) {
      return expression(query, at);
    }
    var stat = query.metricStat();
    Statistic statistic = Statistic.parse(stat.stat()).orElseThrow(() ->
        MetricFault.validation("The value " + stat.stat() + " for parameter " + at
            + ".MetricStat.Stat is not supported."));
    if (!Window.isPeriod(stat.period())) {
      throw MetricFault.validation("The parameter " + at
          + ".MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
    }
    if (stat.metric().namespace() == null || stat.metric().metricName() == null) {
      throw MetricFault.validation("The parameter " + at + ".MetricStat.Metric."
          + (stat.metric().namespace() == null ? "Namespace" : "MetricName") + " is required.\n");
    }
    SeriesKey key = MetricDataApi.key(place, stat.metric().namespace(), stat.metric().metricName(),
        stat.metric().dimensions());
    return new OfMetric(new MetricReader.Query(key, statistic, Optional.ofNullable(stat.unit())), stat.stat(),
        stat.period());
  }

  private static Source expression(MetricDataQuery query, String at) {
    if (query.expression().strip().toUpperCase(java.util.Locale.ROOT).startsWith("SELECT ")) {
      throw MetricFault.validation("Metrics Insights queries (" + at
          + ".Expression) are not supported by this version of Atelier.");
    }
    if (query.period() != null && !Window.isPeriod(query.period())) {
      throw MetricFault.validation("The parameter " + at + ".Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
    }
    try {
      return new OfExpression(Expression.parse(query.expression()),
          query.period() == null ? OptionalInt.empty() : OptionalInt.of(query.period()));
    } catch (MathError e) {
      throw MetricFault.validation("Error in expression '" + query.id() + "': " + e.getMessage());
    }
  }
}
