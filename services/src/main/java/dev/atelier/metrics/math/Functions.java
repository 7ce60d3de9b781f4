package dev.atelier.metrics.math;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The functions of metric math, by the names and with the types that AWS documents. */
final class Functions {
  private static final Map<String, ToDoubleFunction<Collection<Double>>> SUMMARIES = Map.of(
      "AVG", values -> sum(values) / values.size(),
      "SUM", Functions::sum,
      "MIN", values -> values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN),
      "MAX", values -> values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN),
      "STDDEV", Functions::deviation,
      "DATAPOINT_COUNT", Collection::size);

  private static final long MOST_POINTS = 600_000;

  private final Sources sources;

  Functions(Sources sources) {
    this.sources = sources;
  }

  private static double sum(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double deviation(Collection<Double> values) {
    double mean = sum(values) / values.size();
    return Math.sqrt(values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum() / values.size());
  }

  /** A function of one argument. */
  Value one(String name, Value value) {
    if (SUMMARIES.containsKey(name)) {
      return summary(SUMMARIES.get(name), value);
    }
    return switch (name) {
      case "ABS" -> Arithmetic.map(value, Math::abs);
      case "CEIL" -> Arithmetic.map(value, Math::ceil);
      case "FLOOR" -> Arithmetic.map(value, Math::floor);
      case "LOG" -> Arithmetic.map(value, Math::log);
      case "LOG10" -> Arithmetic.map(value, Math::log10);
      case "NOT" -> Arithmetic.map(value, each -> each == 0 ? 1 : 0);
      case "RATE" -> each(value, series -> steps(series, (step, seconds) -> step / seconds));
      case "DIFF" -> each(value, series -> steps(series, (step, seconds) -> step));
      case "DIFF_TIME" -> each(value, series -> steps(series, (step, seconds) -> seconds));
      case "RUNNING_SUM" -> each(value, Functions::running);
      case "PERIOD" -> new Value.Scalar(series(name, value).period());
      case "METRIC_COUNT" -> new Value.Scalar(array(name, value).size());
      case "FIRST" -> edge(name, value, true);
      case "LAST" -> edge(name, value, false);
      case "REMOVE_EMPTY" -> new Value.Array(
          array(name, value).stream().filter(series -> !series.points().isEmpty()).toList());
      case "EPOCH" -> times(name, value, Instant::getEpochSecond);
      case "MINUTE" -> times(name, value, at -> utc(at).getMinute());
      case "HOUR" -> times(name, value, at -> utc(at).getHour());
      case "DAY" -> times(name, value, at -> utc(at).getDayOfWeek().getValue());
      case "DATE" -> times(name, value, at -> utc(at).getDayOfMonth());
      case "MONTH" -> times(name, value, at -> utc(at).getMonthValue());
      case "YEAR" -> times(name, value, at -> utc(at).getYear());
      case "ANOMALY_DETECTION_BAND", "INSIGHT_RULE_METRIC", "SERVICE_QUOTA", "DB_PERF_INSIGHTS", "LAMBDA" ->
          throw new MathError("The function " + name + " is not supported by this version of Atelier");
      default -> throw new MathError("Unsupported function " + name);
    };
  }

  /** Of a time series a number; of an array a time series, from the values that share a time. */
  private static Value summary(ToDoubleFunction<Collection<Double>> figure, Value value) {
    return switch (value) {
      case Value.Scalar scalar -> new Value.Scalar(figure.applyAsDouble(List.of(scalar.value())));
      case Value.Series series -> new Value.Scalar(
          series.points().isEmpty() ? Double.NaN : figure.applyAsDouble(series.points().values()));
      case Value.Array array -> {
        NavigableMap<Long, List<Double>> together = new TreeMap<>();
        array.series().forEach(series -> series.points().forEach((second, each) ->
            together.computeIfAbsent(second, at -> new ArrayList<>()).add(each)));
        NavigableMap<Long, Double> points = new TreeMap<>();
        together.forEach((second, values) -> points.put(second, figure.applyAsDouble(values)));
        int period = array.series().stream().mapToInt(Value.Series::period).max().orElse(60);
        yield new Value.Series("", period, points).finite();
      }
    };
  }

  private static Value each(Value value, Function<Value.Series, Value.Series> change) {
    return switch (value) {
      case Value.Scalar scalar -> throw new MathError("A time series is expected, not a number");
      case Value.Series series -> change.apply(series);
      case Value.Array array -> new Value.Array(array.series().stream().map(change).toList());
    };
  }

  private interface Step {
    double of(double difference, double seconds);
  }

  /** The first point has nothing before it and falls away. */
  private static Value.Series steps(Value.Series series, Step step) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    Map.Entry<Long, Double> before = null;
    for (Map.Entry<Long, Double> point : series.points().entrySet()) {
      if (before != null) {
        points.put(point.getKey(),
            step.of(point.getValue() - before.getValue(), point.getKey() - before.getKey()));
      }
      before = point;
    }
    return series.with(points);
  }

  private static Value.Series running(Value.Series series) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    double total = 0;
    for (Map.Entry<Long, Double> point : series.points().entrySet()) {
      total += point.getValue();
      points.put(point.getKey(), total);
    }
    return series.with(points);
  }

  private static ZonedDateTime utc(Instant at) {
    return at.atZone(ZoneOffset.UTC);
  }

  private static Value times(String name, Value value, ToDoubleFunction<Instant> figure) {
    Value.Series series = series(name, value);
    NavigableMap<Long, Double> points = new TreeMap<>();
    series.points().keySet().forEach(second ->
        points.put(second, figure.applyAsDouble(Instant.ofEpochSecond(second))));
    return series.with(points);
  }

  private static Value.Series series(String name, Value value) {
    if (value instanceof Value.Series series) {
      return series;
    }
    throw new MathError("The function " + name + " takes a time series");
  }

  private static List<Value.Series> array(String name, Value value) {
    return switch (value) {
      case Value.Array array -> array.series();
      case Value.Series series -> List.of(series);
      case Value.Scalar scalar -> throw new MathError("The function " + name + " takes an array of time series");
    };
  }

  private static Value edge(String name, Value value, boolean first) {
    List<Value.Series> all = array(name, value);
    if (all.isEmpty()) {
      return new Value.Series(name, 60, new TreeMap<>());
    }
    return first ? all.getFirst() : all.getLast();
  }

  Value slice(Value value, int from, int to) {
    List<Value.Series> all = array("SLICE", value);
    int begin = Math.clamp(from < 0 ? (long) all.size() + from : from, 0, all.size());
    int end = Math.clamp(to < 0 ? (long) all.size() + to : to, begin, all.size());
    return new Value.Array(all.subList(begin, end));
  }

  Value sort(Value value, String figure, String order, int most) {
    ToDoubleFunction<Collection<Double>> by = SUMMARIES.get(figure);
    if (by == null || !order.equals("ASC") && !order.equals("DESC") || most < 0) {
      throw new MathError("SORT takes AVG, MIN, MAX or SUM, then ASC or DESC");
    }
    Comparator<Value.Series> ascending =
        Comparator.comparingDouble(series -> by.applyAsDouble(series.points().values()));
    return new Value.Array(array("SORT", value).stream().filter(series -> !series.points().isEmpty())
        .sorted(order.equals("ASC") ? ascending : ascending.reversed()).limit(most).toList());
  }

  /** A number at every period that is asked for. */
  Value constant(double value) {
    return new Value.Series("", sources.period(), grid(sources.period(), value));
  }

  private NavigableMap<Long, Double> grid(int period, double value) {
    if ((sources.end() - sources.start()) / period > MOST_POINTS) {
      throw new MathError("The expression covers more than " + MOST_POINTS + " periods");
    }
    NavigableMap<Long, Double> points = new TreeMap<>();
    for (long second = sources.start(); second < sources.end(); second += period) {
      points.put(second, value);
    }
    return points;
  }

  Value fill(Value value, double with) {
    return each(value, series -> {
      NavigableMap<Long, Double> points = grid(series.period(), with);
      points.putAll(series.points());
      return series.with(points);
    });
  }

  Value fill(Value value, String how) {
    return each(value, series -> {
      NavigableMap<Long, Double> points = new TreeMap<>(series.points());
      for (long second : grid(series.period(), 0).keySet()) {
        Map.Entry<Long, Double> before = series.points().floorEntry(second);
        Map.Entry<Long, Double> after = series.points().ceilingEntry(second);
        if (before != null && how.equals("REPEAT")) {
          points.putIfAbsent(second, before.getValue());
        } else if (before != null && after != null && !before.equals(after)) {
          double share = (second - before.getKey()) / (double) (after.getKey() - before.getKey());
          points.putIfAbsent(second, before.getValue() + share * (after.getValue() - before.getValue()));
        }
      }
      return series.with(points);
    });
  }
}
