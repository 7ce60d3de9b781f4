package dev.atelier.logs.insights;

import java.util.List;
import java.util.Objects;

/**
 * The value of an expression in a row: a String or a Double; null where a field or a result is missing. The texts that
 * its functions make have {@value #MOST_MADE} characters at most, all together.
 */
final class Evaluation {
  private static final int MOST_MADE = 4 << 20;

  private final Row row;
  private long made;

  private Evaluation(Row row) {
    this.row = row;
  }

  /** @throws QueryRun.TooMany functions would make longer texts than they may */
  static Object value(Expr expression, Row row) {
    return new Evaluation(row).value(expression);
  }

  Row row() {
    return row;
  }

  /** Allows a text to be made. @throws QueryRun.TooMany it would be too long */
  void make(long characters) {
    made += characters;
    if (made > MOST_MADE) {
      throw new QueryRun.TooMany();
    }
  }

  private Object value(Expr expression) {
    return switch (expression) {
      case Expr.Literal literal -> literal.value();
      case Expr.Field field -> row.get(field.name());
      case Expr.Not not -> truth(!isTrue(value(not.operand())));
      case Expr.Negative negative -> {
        Double operand = number(value(negative.operand()));
        yield operand == null ? null : -operand;
      }
      case Expr.Binary binary -> binary(binary);
      case Expr.Like like -> {
        Object value = value(like.value());
        yield truth(value != null && like.pattern().matcher(text(value)).find());
      }
      case Expr.In in -> {
        Object value = value(in.value());
        yield truth(in.options().stream().anyMatch(option -> same(value, value(option))));
      }
      case Expr.Call call -> Scalars.call(call.function(),
          call.arguments().stream().map(each -> value(each)).toList(), this);
    };
  }

  private Object binary(Expr.Binary binary) {
    if (binary.operator().equals("and")) {
      return truth(isTrue(value(binary.left())) && isTrue(value(binary.right())));
    }
    if (binary.operator().equals("or")) {
      return truth(isTrue(value(binary.left())) || isTrue(value(binary.right())));
    }
    Object left = value(binary.left());
    Object right = value(binary.right());
    return switch (binary.operator()) {
      case "=" -> truth(same(left, right));
      case "!=" -> truth(!same(left, right));
      case "<" -> truth(left != null && right != null && compare(left, right) < 0);
      case "<=" -> truth(left != null && right != null && compare(left, right) <= 0);
      case ">" -> truth(left != null && right != null && compare(left, right) > 0);
      case ">=" -> truth(left != null && right != null && compare(left, right) >= 0);
      default -> arithmetic(binary.operator(), number(left), number(right));
    };
  }

  private static Object arithmetic(String operator, Double left, Double right) {
    if (left == null || right == null) {
      return null;
    }
    double result = switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> left % right;
      default -> Math.pow(left, right);
    };
    return Double.isFinite(result) ? result : null;
  }

  static Double truth(boolean value) {
    return value ? 1.0 : 0.0;
  }

  static boolean isTrue(Object value) {
    return value instanceof Double number ? number != 0
        : value instanceof String text && text.equalsIgnoreCase("true");
  }

  private static boolean same(Object left, Object right) {
    return left != null && right != null && compare(left, right) == 0;
  }

  /** Numbers, also as texts, by their size; else texts. Missing values come first. */
  static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    Double a = number(left);
    Double b = number(right);
    return a != null && b != null ? Double.compare(a, b) : text(left).compareTo(text(right));
  }

  static Double number(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    if (value instanceof String text && !text.isEmpty() && text.length() < 40
        && text.strip().matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?")) {
      return Double.valueOf(text.strip());
    }
    return null;
  }

  /** Whole numbers have no decimal point. */
  static String text(Object value) {
    return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString(number.longValue()) : Objects.toString(value, "");
  }

  static List<String> texts(List<Object> values) {
    return values.stream().map(Evaluation::text).toList();
  }
}
