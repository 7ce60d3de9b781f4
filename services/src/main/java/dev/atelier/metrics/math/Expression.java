package dev.atelier.metrics.math;

import java.util.List;

/** An expression as it was read. */
public sealed interface Expression {
  record Number(double value) implements Expression {}

  record Text(String value) implements Expression {}

  /** The id of a query, or a word that a function knows. */
  record Name(String value) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record Negation(Expression operand) implements Expression {}

  record Binary(Operator operator, Expression left, Expression right) implements Expression {}

  record Call(String function, List<Expression> arguments) implements Expression {}

  /** Reads an expression. @throws MathError it is none */
  static Expression parse(String text) {
    return new Parser(text).whole();
  }
}
