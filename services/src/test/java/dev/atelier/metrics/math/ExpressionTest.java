package dev.atelier.metrics.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static Value.Series series(String label, double... values) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        points.put(i * 60L, values[i]);
      }
    }
    return new Value.Series(label, 60, points);
  }

  /** m1 = 1 2 3 4, m2 = 10 - 30 40 (one is missing), e = nothing. */
  private static final Map<String, Value.Series> METRICS = new TreeMap<>(Map.of(
      "m1", series("m1", 1, 2, 3, 4), "m2", series("m2", 10, Double.NaN, 30, 40), "e", series("e")));

  private static final Sources SOURCES = new Sources() {
    @Override
    public Value named(String id) {
      if (!METRICS.containsKey(id)) {
        throw new MathError("Undefined variable " + id);
      }
      return METRICS.get(id);
    }

    @Override
    public List<Value.Series> metrics(String part) {
      return METRICS.values().stream().filter(each -> each.label().contains(part)).toList();
    }

    @Override
    public List<Value.Series> search(String terms, String statistic, int period) {
      return List.of(METRICS.get("m1"));
    }

    @Override
    public long start() {
      return 0;
    }

    @Override
    public long end() {
      return 240;
    }

    @Override
    public int period() {
      return 60;
    }
  };

  private static String shown(Value value) {
    return switch (value) {
      case Value.Scalar scalar -> text(scalar.value());
      case Value.Series series -> {
        StringBuilder points = new StringBuilder();
        for (long second = 0; second < 240; second += 60) {
          Double point = series.points().get(second);
          points.append(points.isEmpty() ? "" : " ").append(point == null ? "-" : text(point));
        }
        yield points.toString();
      }
      case Value.Array array -> array.series().stream().map(ExpressionTest::shown)
          .collect(Collectors.joining(" | "));
    };
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static Value evaluate(String text) {
    return new Evaluator(SOURCES).evaluate(Expression.parse(text));
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
    "m1 + m2; 11 - 33 44", "m1 * 2 + 1; 3 5 7 9", "100 - m1; 99 98 97 96", "-m1; -1 -2 -3 -4", "m1 / (m1 - 2); -1 - 3 2",
    "2 ^ 3 ^ 2; 512", "2 + 3 * 4; 14", "(2 + 3) * 4; 20", "m1 > 2; 0 0 1 1", "m1 >= 2 && m1 < 4; 0 1 1 0",
    "m1 == 1 || m1 == 4; 1 0 0 1", "m1 > 1 AND m2 > 20; 0 - 1 1", "SUM(m1); 10", "AVG(m1); 2.5", "MIN(m1); 1", "MAX(m1); 4",
    "STDDEV([m1]); 0 0 0 0", "SUM(METRICS()); 11 2 33 44", "AVG(METRICS('m')); 5.5 2 16.5 22", "SUM([m1, m2]); 11 2 33 44",
    "FILL(m2, 0); 10 0 30 40", "FILL(m2, REPEAT); 10 10 30 40", "FILL(m2, LINEAR); 10 20 30 40", "FILL(e, 7); 7 7 7 7",
    "DIFF(m1); - 1 1 1", "RUNNING_SUM(m1); 1 3 6 10", "DIFF_TIME(m2); - - 120 60", "RATE(m1) * 60; - 1 1 1",
    "PERIOD(m1); 60", "m1 / PERIOD(m1) * 60; 1 2 3 4", "IF(m1 > 2, m1, 0); 0 0 3 4", "IF(m1 > 2, m1); - - 3 4",
    "IF(m1 > 2, m2, m1); 1 2 30 40", "IF(1, m1, m2); 1 2 3 4", "ABS(0 - m1); 1 2 3 4", "CEIL(m1 / 2); 1 1 2 2",
    "FLOOR(m1 / 2); 0 1 1 2", "TIME_SERIES(5); 5 5 5 5", "SORT(METRICS('m'), MAX, DESC, 1); 10 - 30 40",
    "SORT(METRICS(), SUM, ASC); 1 2 3 4 | 10 - 30 40", "FIRST(SORT(METRICS('m'), AVG, ASC)); 1 2 3 4",
    "SLICE(METRICS('m'), 1); 10 - 30 40", "METRIC_COUNT(METRICS()); 3", "METRIC_COUNT(REMOVE_EMPTY(METRICS())); 2",
    "METRICS('m') * 2; 2 4 6 8 | 20 - 60 80", "SEARCH('{n} x', 'Sum', 60); 1 2 3 4", "DATAPOINT_COUNT(m2); 3",
    "MINUTE(m1); 0 1 2 3", "LOG10(m2 * 10); 2 - 2.4771212547196626 2.6020599913279625"})
  void comesTo(String expression, String expected) {
    assertThat(shown(evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m1 +", "m1 m2", "nobody", "SUM(m1", "FOO(m1)", "METRICS() + METRICS()", "RATE(1)",
    "IF(METRICS(), 1, 2)", "m1 $ m2", "'text'", "FILL(m1)", "ANOMALY_DETECTION_BAND(m1)", "SORT(METRICS(), FOO, ASC)",
    "[1, 2]", "PERIOD(3)"})
  void doesNotFit(String expression) {
    assertThatThrownBy(() -> evaluate(expression)).isInstanceOf(MathError.class);
  }

  @Test
  void nestingIsBounded() {
    assertThatThrownBy(() -> Expression.parse("(".repeat(2_000))).isInstanceOf(MathError.class);
    assertThatThrownBy(() -> Expression.parse("-".repeat(2_000) + "1")).isInstanceOf(MathError.class);
  }
}
