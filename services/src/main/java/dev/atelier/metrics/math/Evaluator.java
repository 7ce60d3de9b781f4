package dev.atelier.metrics.math;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Works expressions out. */
public final class Evaluator {
  private final Sources sources;
  private final Functions functions;

  public Evaluator(Sources sources) {
    this.sources = sources;
    this.functions = new Functions(sources);
  }

  /** @throws MathError the expression does not fit its values */
  public Value evaluate(Expression expression) {
    return switch (expression) {
      case Expression.Number number -> new Value.Scalar(number.value());
      case Expression.Text text -> throw new MathError("Unexpected string '" + text.value() + "'");
      case Expression.Name name -> sources.named(name.value());
      case Expression.ListOf list -> array(list.items());
      case Expression.Negation negation -> Arithmetic.map(evaluate(negation.operand()), value -> -value);
      case Expression.Binary binary ->
          Arithmetic.apply(binary.operator(), evaluate(binary.left()), evaluate(binary.right()));
      case Expression.Call call -> call(call);
    };
  }

  private Value.Array array(List<Expression> items) {
    List<Value.Series> all = new ArrayList<>();
    for (Expression item : items) {
      switch (evaluate(item)) {
        case Value.Series series -> all.add(series);
        case Value.Array array -> all.addAll(array.series());
        case Value.Scalar scalar -> throw new MathError("An array holds time series only");
      }
    }
    return new Value.Array(all);
  }

  private Value call(Expression.Call call) {
    List<Expression> given = call.arguments();
    return switch (call.function()) {
      case "METRICS" -> new Value.Array(sources.metrics(given.isEmpty() ? "" : text(call, 0)));
      case "SEARCH" -> search(call);
      case "IF" -> condition(call);
      case "FILL" -> fill(call);
      case "SORT" -> {
        arity(call, 3, 4);
        yield functions.sort(evaluate(given.get(0)), word(call, 1), word(call, 2),
            given.size() == 4 ? (int) scalar(evaluate(given.get(3))) : Integer.MAX_VALUE);
      }
      case "SLICE" -> {
        arity(call, 2, 3);
        yield functions.slice(evaluate(given.get(0)), (int) scalar(evaluate(given.get(1))),
            given.size() == 3 ? (int) scalar(evaluate(given.get(2))) : Integer.MAX_VALUE);
      }
      case "TIME_SERIES" -> {
        arity(call, 1, 1);
        yield functions.constant(scalar(evaluate(given.getFirst())));
      }
      default -> {
        arity(call, 1, 1);
        yield functions.one(call.function(), evaluate(given.getFirst()));
      }
    };
  }

  private Value search(Expression.Call call) {
    arity(call, 2, 3);
    int period = call.arguments().size() == 3 ? (int) scalar(evaluate(call.arguments().get(2))) : sources.period();
    if (period < 1) {
      throw new MathError("The period of SEARCH must be positive");
    }
    return new Value.Array(sources.search(text(call, 0), text(call, 1), period));
  }

  /** IF(condition, then[, else]): point by point when the condition is a time series; without else, no point. */
  private Value condition(Expression.Call call) {
    arity(call, 2, 3);
    Value condition = evaluate(call.arguments().get(0));
    Value then = evaluate(call.arguments().get(1));
    boolean hasElse = call.arguments().size() == 3;
    Value otherwise = hasElse ? evaluate(call.arguments().get(2)) : then;
    return switch (condition) {
      case Value.Scalar scalar when scalar.value() != 0 -> then;
      case Value.Scalar scalar when hasElse -> otherwise;
      case Value.Scalar scalar -> new Value.Series("IF", sources.period(), new TreeMap<>());
      case Value.Series series -> {
        NavigableMap<Long, Double> points = new TreeMap<>();
        series.points().forEach((second, value) -> {
          if (value != 0 || hasElse) {
            Double chosen = at(value != 0 ? then : otherwise, second);
            if (chosen != null) {
              points.put(second, chosen);
            }
          }
        });
        yield series.with(points);
      }
      case Value.Array array -> throw new MathError("The condition of IF must not be an array of time series");
    };
  }

  private static Double at(Value value, long second) {
    return switch (value) {
      case Value.Scalar scalar -> scalar.value();
      case Value.Series series -> series.points().get(second);
      case Value.Array array -> throw new MathError("IF does not choose from arrays of time series");
    };
  }

  private Value fill(Expression.Call call) {
    arity(call, 2, 2);
    Value filled = evaluate(call.arguments().getFirst());
    Expression how = call.arguments().get(1);
    boolean word = how instanceof Expression.Name name
        && (name.value().equals("REPEAT") || name.value().equals("LINEAR"));
    return word ? functions.fill(filled, ((Expression.Name) how).value())
        : functions.fill(filled, scalar(evaluate(how)));
  }

  private static double scalar(Value value) {
    if (value instanceof Value.Scalar scalar) {
      return scalar.value();
    }
    throw new MathError("A number is expected, not a time series");
  }

  private static String text(Expression.Call call, int index) {
    if (call.arguments().get(index) instanceof Expression.Text text) {
      return text.value();
    }
    throw new MathError("Argument " + (index + 1) + " of " + call.function() + " must be a string");
  }

  private static String word(Expression.Call call, int index) {
    if (call.arguments().get(index) instanceof Expression.Name name) {
      return name.value();
    }
    throw new MathError("Argument " + (index + 1) + " of " + call.function() + " must be a word");
  }

  private static void arity(Expression.Call call, int least, int most) {
    int given = call.arguments().size();
    if (given < least || given > most) {
      throw new MathError("The function " + call.function() + " takes "
          + (least == most ? Integer.toString(least) : least + " to " + most) + " arguments, not " + given);
    }
  }
}
