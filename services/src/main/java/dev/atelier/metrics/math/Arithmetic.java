package dev.atelier.metrics.math;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** Operators between values. Two time series meet where both have a point; an array takes part series by series. */
final class Arithmetic {
  private Arithmetic() {}

  static Value apply(Operator operator, Value left, Value right) {
    return switch (left) {
      case Value.Scalar a -> switch (right) {
        case Value.Scalar b -> new Value.Scalar(operator.apply(a.value(), b.value()));
        case Value.Series b -> b.map(value -> operator.apply(a.value(), value));
        case Value.Array b -> new Value.Array(b.series().stream()
            .map(each -> each.map(value -> operator.apply(a.value(), value))).toList());
      };
      case Value.Series a -> switch (right) {
        case Value.Scalar b -> a.map(value -> operator.apply(value, b.value()));
        case Value.Series b -> both(operator, a, b);
        case Value.Array b -> new Value.Array(b.series().stream()
            .map(each -> both(operator, a, each).named(each.label())).toList());
      };
      case Value.Array a -> switch (right) {
        case Value.Scalar b -> new Value.Array(a.series().stream()
            .map(each -> each.map(value -> operator.apply(value, b.value()))).toList());
        case Value.Series b -> new Value.Array(a.series().stream().map(each -> both(operator, each, b)).toList());
        case Value.Array b -> throw new MathError("Unsupported operand types: two arrays of time series");
      };
    };
  }

  private static Value.Series both(Operator operator, Value.Series left, Value.Series right) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    left.points().forEach((second, value) -> {
      Double other = right.points().get(second);
      if (other != null) {
        points.put(second, operator.apply(value, other));
      }
    });
    return new Value.Series(left.label(), Math.max(left.period(), right.period()), points).finite();
  }

  static Value map(Value value, DoubleUnaryOperator each) {
    return switch (value) {
      case Value.Scalar scalar -> new Value.Scalar(each.applyAsDouble(scalar.value()));
      case Value.Series series -> series.map(each);
      case Value.Array array -> new Value.Array(array.series().stream().map(one -> one.map(each)).toList());
    };
  }
}
