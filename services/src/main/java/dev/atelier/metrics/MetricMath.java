package dev.atelier.metrics;

import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.metrics.math.Evaluator;
import dev.atelier.metrics.math.MathError;
import dev.atelier.metrics.math.Sources;
import dev.atelier.metrics.math.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Predicate;

/** Works out the queries of one request over one range of time; a query that others name is worked out once. */
final class MetricMath {
  private static final int MOST_FOUND = 500;

  private final MetricStore store;
  private final MetricReader reader;
  private final Place place;
  private final Map<String, MetricQuery> queries = new LinkedHashMap<>();
  private final Map<String, Value> known = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Range range;

  /** From {@code start} up to {@code end}, asked at {@code now}. */
  record Range(Instant start, Instant end, Instant now) {
    Window window(int period) {
      return Window.of(start, end, period, now);
    }
  }

  MetricMath(MetricStore store, Place place, List<MetricQuery> queries, Range range) {
    this.store = store;
    this.reader = new MetricReader(store);
    this.place = place;
    queries.forEach(query -> this.queries.put(query.id(), query));
    this.range = range;
  }

  /** The time series of a query: one, or several when it is an array. */
  List<Value.Series> series(MetricQuery query) {
    try {
      return switch (value(query)) {
        case Value.Series series -> List.of(series.named(query.label().orElse(series.label())));
        case Value.Array array -> array.series().stream()
            .map(each -> query.label().map(label -> each.named(label + " " + each.label())).orElse(each)).toList();
        case Value.Scalar scalar -> throw new MathError(
            "The result must be a time series or an array of time series, not a number");
      };
    } catch (MathError e) {
      throw MetricFault.validation("Error in expression '" + query.id() + "': " + e.getMessage());
    }
  }

  private Value value(MetricQuery query) {
    Value present = known.get(query.id());
    if (present != null) {
      return present;
    }
    if (!open.add(query.id())) {
      throw new MathError("The expression leads back to itself");
    }
    Value value = switch (query.source()) {
      case MetricQuery.OfMetric metric -> new Value.Series(metric.query().metric().name(), metric.period(),
          reader.values(metric.query(), range.window(metric.period())));
      case MetricQuery.OfExpression expression -> {
        Value found = new Evaluator(new From(expression.period().orElse(period()))).evaluate(expression.expression());
        yield found instanceof Value.Series series ? series.named(query.id()) : found;
      }
    };
    open.remove(query.id());
    known.put(query.id(), value);
    return value;
  }

  /** The smallest period of the metrics that are asked for. */
  private int period() {
    return queries.values().stream().map(MetricQuery::source)
        .filter(MetricQuery.OfMetric.class::isInstance).map(MetricQuery.OfMetric.class::cast)
        .mapToInt(MetricQuery.OfMetric::period).min().orElse(300);
  }

  private final class From implements Sources {
    private final int period;

    From(int period) {
      this.period = period;
    }

    @Override
    public Value named(String id) {
      MetricQuery query = queries.get(id);
      if (query == null) {
        throw new MathError("Undefined variable " + id);
      }
      return value(query);
    }

    @Override
    public List<Value.Series> metrics(String part) {
      List<Value.Series> all = new ArrayList<>();
      for (MetricQuery query : queries.values()) {
        if (query.source() instanceof MetricQuery.OfMetric && query.id().contains(part)
            && value(query) instanceof Value.Series series) {
          all.add(series.named(query.label().orElse(series.label())));
        }
      }
      return all;
    }

    @Override
    public List<Value.Series> search(String terms, String name, int seconds) {
      Statistic statistic = Statistic.parse(name)
          .orElseThrow(() -> MetricFault.validation("The statistic " + name + " of a SEARCH is not supported."));
      if (!Window.isPeriod(seconds)) {
        throw MetricFault.validation("The period of a SEARCH must be 1, 5, 10, 20, 30 or a multiple of 60.");
      }
      Predicate<SeriesKey> wanted = MetricSearch.parse(terms);
      return store.catalogue().all().stream().map(Series::key)
          .filter(key -> key.place().equals(place)).filter(wanted).limit(MOST_FOUND)
          .map(key -> found(key, statistic, seconds)).toList();
    }

    private Value.Series found(SeriesKey key, Statistic statistic, int seconds) {
      NavigableMap<Long, Double> points = reader.values(
          new MetricReader.Query(key, statistic, java.util.Optional.empty()), range.window(seconds));
      StringBuilder label = new StringBuilder();
      key.dimensions().forEach(each -> label.append(each.value()).append(' '));
      return new Value.Series(label.append(key.name()).toString(), seconds, points);
    }

    @Override
    public long start() {
      return range.window(period).start();
    }

    @Override
    public long end() {
      return range.end().getEpochSecond();
    }

    @Override
    public int period() {
      return period;
    }
  }
}
