package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import java.util.List;

/** An expression of a query. */
sealed interface Expr {
  /** A String or a Double. */
  record Literal(Object value) implements Expr {}

  record Field(String name) implements Expr {}

  record Not(Expr operand) implements Expr {}

  record Negative(Expr operand) implements Expr {}

  /** {@code operator} is one of + - * / % ^ = != < <= > >= and or. */
  record Binary(String operator, Expr left, Expr right) implements Expr {}

  /** @param contained a text that is in whatever matches; empty when none is known */
  record Like(Expr value, Pattern pattern, String contained) implements Expr {}

  record In(Expr value, List<Expr> options) implements Expr {}

  record Call(String function, List<Expr> arguments) implements Expr {}
}
