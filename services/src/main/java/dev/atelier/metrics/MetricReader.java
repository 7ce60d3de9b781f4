package dev.atelier.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Statistics of metrics over periods. */
final class MetricReader {
  private final MetricStore store;

  MetricReader(MetricStore store) {
    this.store = store;
  }

  /** What is asked of one metric; without a unit, the values of all its units. */
  record Query(SeriesKey metric, Statistic statistic, Optional<String> unit) {}

  /** The statistic by the beginning of each period that has one. */
  NavigableMap<Long, Double> values(Query query, Window window) {
    NavigableMap<Long, Double> values = new TreeMap<>();
    distributions(query.metric(), query.unit(), window).forEach((second, distribution) -> {
      OptionalDouble value = query.statistic().of(distribution);
      value.ifPresent(present -> values.put(second, present));
    });
    return values;
  }

  /** The distributions by period, whatever the unit unless one is given. */
  NavigableMap<Long, Distribution> distributions(SeriesKey metric, Optional<String> unit, Window window) {
    NavigableMap<Long, Distribution> all = new TreeMap<>();
    for (Point point : points(metric, window)) {
      if (unit.isEmpty() || unit.get().equals(point.unit())) {
        all.computeIfAbsent(window.bucket(point.second()), second -> Distribution.empty()).add(point.values());
      }
    }
    return all;
  }

  /** The distributions by unit and period. */
  Map<String, NavigableMap<Long, Distribution>> byUnit(SeriesKey metric, Window window) {
    Map<String, NavigableMap<Long, Distribution>> all = new LinkedHashMap<>();
    for (Point point : points(metric, window)) {
      all.computeIfAbsent(point.unit(), unit -> new TreeMap<>())
          .computeIfAbsent(window.bucket(point.second()), second -> Distribution.empty()).add(point.values());
    }
    return all;
  }

  private List<Point> points(SeriesKey metric, Window window) {
    return store.catalogue().find(metric).map(series -> store.read(series, window.start(), window.end()))
        .orElse(List.of());
  }
}
