package dev.atelier.metrics.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recursive descent, in the order of precedence that AWS documents; nesting is bounded. */
final class Parser {
  private static final int MAX_DEPTH = 100;
  private static final Pattern TOKEN = Pattern.compile("\\s*(?:(\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?|\\.\\d+)"
      + "|([A-Za-z_][A-Za-z0-9_]*)|'([^']*)'|\"([^\"]*)\"|(==|!=|<=|>=|&&|\\|\\||[-+*/^<>(),\\[\\]]))");
  private static final List<Map<String, Operator>> LEVELS = List.of(
      Map.of("||", Operator.OR, "OR", Operator.OR),
      Map.of("&&", Operator.AND, "AND", Operator.AND),
      Map.of("==", Operator.EQUAL, "!=", Operator.UNEQUAL),
      Map.of("<", Operator.LESS, "<=", Operator.LESS_OR_EQUAL, ">", Operator.GREATER, ">=", Operator.GREATER_OR_EQUAL),
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT),
      Map.of("*", Operator.MULTIPLY, "/", Operator.DIVIDE));

  private enum Kind { NUMBER, NAME, TEXT, SYMBOL, END }

  private record Token(Kind kind, String text) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int depth;

  Parser(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    String rest = text.stripTrailing();
    while (end < rest.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new MathError("Unexpected character '" + rest.substring(end).strip().charAt(0) + "'");
      }
      end = matcher.end();
      tokens.add(token(matcher));
    }
    tokens.add(new Token(Kind.END, "end of expression"));
  }

  private static Token token(Matcher matcher) {
    if (matcher.group(1) != null) {
      return new Token(Kind.NUMBER, matcher.group(1));
    }
    if (matcher.group(2) != null) {
      return new Token(Kind.NAME, matcher.group(2));
    }
    if (matcher.group(5) != null) {
      return new Token(Kind.SYMBOL, matcher.group(5));
    }
    return new Token(Kind.TEXT, Optional.ofNullable(matcher.group(3)).orElseGet(() -> matcher.group(4)));
  }

  Expression whole() {
    Expression expression = level(0);
    if (peek().kind() != Kind.END) {
      throw new MathError("Unexpected '" + peek().text() + "'");
    }
    return expression;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private boolean accept(String symbol) {
    if (peek().is(symbol)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!accept(symbol)) {
      throw new MathError("Expected '" + symbol + "' but found '" + peek().text() + "'");
    }
  }

  private Expression level(int level) {
    if (level == LEVELS.size()) {
      return power();
    }
    Expression left = level(level + 1);
    while (peek().kind() == Kind.SYMBOL || peek().kind() == Kind.NAME) {
      Operator operator = LEVELS.get(level).get(peek().text());
      if (operator == null) {
        break;
      }
      next++;
      left = new Expression.Binary(operator, left, level(level + 1));
    }
    return left;
  }

  private Expression power() {
    Expression base = unary();
    return accept("^") ? new Expression.Binary(Operator.POWER, base, nested(this::power)) : base;
  }

  private Expression unary() {
    if (accept("-")) {
      return new Expression.Negation(nested(this::unary));
    }
    return accept("+") ? nested(this::unary) : nested(this::primary);
  }

  private Expression nested(Supplier<Expression> part) {
    if (++depth > MAX_DEPTH) {
      throw new MathError("The expression is nested too deeply");
    }
    Expression expression = part.get();
    depth--;
    return expression;
  }

  private Expression primary() {
    Token token = tokens.get(next);
    switch (token.kind()) {
      case NUMBER -> {
        next++;
        return new Expression.Number(Double.parseDouble(token.text()));
      }
      case TEXT -> {
        next++;
        return new Expression.Text(token.text());
      }
      case NAME -> {
        next++;
        return accept("(") ? new Expression.Call(token.text(), list(")")) : new Expression.Name(token.text());
      }
      case SYMBOL -> {
        if (accept("(")) {
          Expression inner = level(0);
          expect(")");
          return inner;
        }
        if (accept("[")) {
          return new Expression.ListOf(list("]"));
        }
        throw new MathError("Unexpected '" + token.text() + "'");
      }
      case END -> throw new MathError("Unexpected end of expression");
    }
    throw new IllegalStateException();
  }

  private List<Expression> list(String end) {
    List<Expression> items = new ArrayList<>();
    if (accept(end)) {
      return items;
    }
    do {
      items.add(level(0));
    } while (accept(","));
    expect(end);
    return items;
  }
}
