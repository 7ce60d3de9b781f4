package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import dev.atelier.logs.insights.Tokens.Kind;
import dev.atelier.logs.insights.Tokens.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads expressions by recursive descent. Parentheses nest {@value #MAX_DEPTH} deep at most, and what they make is
 * {@value #MAX_HEIGHT} high at most, to which each term of a chain such as {@code 1 + 1 + 1} adds: evaluation descends it.
 */
final class ExprParser {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_HEIGHT = 500;
  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  /** Of what is not a leaf. */
  private final Map<Expr, Integer> heights = new IdentityHashMap<>();
  private int depth;

  ExprParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Expr any() {
    descend();
    Expr left = all();
    while (tokens.acceptWord("or")) {
      left = binary("or", left, all());
    }
    depth--;
    return left;
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw tooDeep();
    }
  }

  private QueryError tooDeep() {
    Token token = tokens.peek();
    return new QueryError("the expression is nested too deeply", token.from(), token.to());
  }

  private Expr binary(String operator, Expr left, Expr right) {
    return over(new Expr.Binary(operator, left, right), List.of(left, right));
  }

  /** An expression, which is one higher than its highest operand. */
  private Expr over(Expr made, Collection<Expr> operands) {
    int height = 1 + operands.stream().mapToInt(each -> heights.getOrDefault(each, 1)).max().orElse(0);
    if (height > MAX_HEIGHT) {
      throw tooDeep();
    }
    heights.put(made, height);
    return made;
  }

  private Expr all() {
    Expr left = not();
    while (tokens.acceptWord("and")) {
      left = binary("and", left, not());
    }
    return left;
  }

  private Expr not() {
    boolean negated = false;
    while (tokens.acceptWord("not")) {
      negated = !negated;
    }
    Expr operand = comparison();
    return negated ? over(new Expr.Not(operand), List.of(operand)) : operand;
  }

  private Expr comparison() {
    Expr left = sum();
    Token token = tokens.peek();
    if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
      tokens.take();
      return binary(token.text(), left, sum());
    }
    if (token.is("=~") || token.word("like")) {
      tokens.take();
      return like(left);
    }
    if (token.word("not") && (tokens.peekAfter().word("like") || tokens.peekAfter().word("in"))) {
      tokens.take();
      Expr operand = tokens.take().word("like") ? like(left) : in(left);
      return over(new Expr.Not(operand), List.of(operand));
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
      return over(new Expr.Like(value, QueryParser.regex(pattern.text(), pattern), plain), List.of(value));
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
    return over(new Expr.Like(value, Pattern.compile(glob.toString()), longest), List.of(value));
  }

  private Expr in(Expr value) {
    tokens.expect("[");
    List<Expr> options = new ArrayList<>();
    do {
      options.add(sum());
    } while (tokens.accept(","));
    tokens.expect("]");
    List<Expr> operands = new ArrayList<>(options);
    operands.add(value);
    return over(new Expr.In(value, options), operands);
  }

  private Expr sum() {
    Expr left = product();
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      left = binary(tokens.take().text(), left, product());
    }
    return left;
  }

  private Expr product() {
    Expr left = power();
    while (tokens.peek().is("*") || tokens.peek().is("/") || tokens.peek().is("%")) {
      left = binary(tokens.take().text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = primary();
    while (tokens.accept("^")) {
      left = binary("^", left, primary());
    }
    return left;
  }

  private Expr primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case NUMBER -> number(token);
      case TEXT -> new Expr.Literal(token.text());
      case FIELD -> new Expr.Field(token.text());
      case WORD -> tokens.accept("(") ? call(token) : new Expr.Field(token.text());
      case SYMBOL -> {
        if (token.is("(")) {
          Expr inner = any();
          tokens.expect(")");
          yield inner;
        }
        if (token.is("-")) {
          descend();
          Expr operand = primary();
          depth--;
          yield over(new Expr.Negative(operand), List.of(operand));
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

  private Expr call(Token name) {
    List<Expr> arguments = arguments();
    Expr.Call call = new Expr.Call(name.text().toLowerCase(Locale.ROOT), arguments);
    int place = List.of("datefloor", "dateceil").contains(call.function()) ? 1 : 0;
    if ((place == 1 || call.function().equals("bin")) && arguments.size() > place
        && !(arguments.get(place) instanceof Expr.Literal(String span) && Times.span(span).isPresent())) {
      throw new QueryError("invalid period in " + call.function(), name.from(), name.to());
    }
    return over(call, arguments);
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
