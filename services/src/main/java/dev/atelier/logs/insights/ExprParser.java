package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import dev.atelier.logs.insights.Tokens.Kind;
import dev.atelier.logs.insights.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads expressions by recursive descent; nesting is bounded. */
final class ExprParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private int depth;

  ExprParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Expr any() {
    if (++depth > MAX_DEPTH) {
      throw tokens.unexpected();
    }
    Expr left = all();
    while (tokens.acceptWord("or")) {
      left = new Expr.Binary("or", left, all());
    }
    depth--;
    return left;
  }

  private Expr all() {
    Expr left = not();
    while (tokens.acceptWord("and")) {
      left = new Expr.Binary("and", left, not());
    }
    return left;
  }

  private Expr not() {
    boolean negated = false;
    while (tokens.acceptWord("not")) {
      negated = !negated;
    }
    return negated ? new Expr.Not(comparison()) : comparison();
  }

  private Expr comparison() {
    Expr left = sum();
    Token token = tokens.peek();
    if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
      tokens.take();
      return new Expr.Binary(token.text(), left, sum());
    }
    if (token.is("=~") || token.word("like")) {
      tokens.take();
      return like(left);
    }
    if (token.word("not") && (tokens.peekAfter().word("like") || tokens.peekAfter().word("in"))) {
      tokens.take();
      return new Expr.Not(tokens.take().word("like") ? like(left) : in(left));
    }
    if (token.word("in")) {
      tokens.take();
      return in(left);
    }
    return left;
  }

  private Expr like(Expr value) {
    Token pattern = tokens.take();
    if (pattern.kind() == Kind.REGEX) {
      String plain = pattern.text().matches("[\\w :=@,-]+") ? pattern.text() : "";
      return new Expr.Like(value, QueryParser.regex(pattern.text(), pattern), plain);
    }
    if (pattern.kind() != Kind.TEXT) {
      throw new QueryError("unexpected symbol found " + pattern.text(), pattern.from(), pattern.to());
    }
    // in a text, % stands for any characters; one without it may be anywhere
    StringBuilder glob = new StringBuilder();
    String longest = "";
    for (String part : pattern.text().split("%", -1)) {
      longest = part.length() > longest.length() ? part : longest;
      glob.append(glob.isEmpty() ? "(?s)" : ".*").append(Pattern.quote(part));
    }
    return new Expr.Like(value, Pattern.compile(glob.toString()), longest);
  }

  private Expr in(Expr value) {
    tokens.expect("[");
    List<Expr> options = new ArrayList<>();
    do {
      options.add(sum());
    } while (tokens.accept(","));
    tokens.expect("]");
    return new Expr.In(value, options);
  }

  private Expr sum() {
    Expr left = product();
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      left = new Expr.Binary(tokens.take().text(), left, product());
    }
    return left;
  }

  private Expr product() {
    Expr left = power();
    while (tokens.peek().is("*") || tokens.peek().is("/") || tokens.peek().is("%")) {
      left = new Expr.Binary(tokens.take().text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = primary();
    while (tokens.accept("^")) {
      left = new Expr.Binary("^", left, primary());
    }
    return left;
  }

  private Expr primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case NUMBER -> number(token);
      case TEXT -> new Expr.Literal(token.text());
      case FIELD -> new Expr.Field(token.text());
      case WORD -> tokens.accept("(")
          ? new Expr.Call(token.text().toLowerCase(Locale.ROOT), arguments()) : new Expr.Field(token.text());
      case SYMBOL -> {
        if (token.is("(")) {
          Expr inner = any();
          tokens.expect(")");
          yield inner;
        }
        if (token.is("-") && ++depth < MAX_DEPTH) {
          yield new Expr.Negative(primary());
        }
        throw new QueryError("unexpected symbol found " + token.text(), token.from(), token.to());
      }
      case REGEX, END -> throw new QueryError("unexpected symbol found " + token.text(), token.from(), token.to());
    };
  }

  /** A number may bear a unit of time, as in {@code bin(5m)}; it stays text then. */
  private static Expr number(Token token) {
    return token.text().matches("[\\d.]+([eE]\\d+)?") ? new Expr.Literal(Double.valueOf(token.text()))
        : new Expr.Literal(token.text());
  }

  private List<Expr> arguments() {
    List<Expr> arguments = new ArrayList<>();
    if (tokens.accept(")")) {
      return arguments;
    }
    do {
      if (tokens.peek().is("*") && tokens.peekAfter().is(")")) {
        tokens.take();
        arguments.add(new Expr.Field("*"));
      } else {
        arguments.add(any());
      }
    } while (tokens.accept(","));
    tokens.expect(")");
    return arguments;
  }
}
