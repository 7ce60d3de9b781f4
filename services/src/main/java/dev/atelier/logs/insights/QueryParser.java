package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.atelier.logs.insights.Query.Aggregate;
import dev.atelier.logs.insights.Query.Command;
import dev.atelier.logs.insights.Query.Key;
import dev.atelier.logs.insights.Query.Named;
import dev.atelier.logs.insights.Tokens.Kind;
import dev.atelier.logs.insights.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/** Reads the commands of a query; expressions are read by {@link ExprParser}. */
final class QueryParser {
  private static final int MOST_ROWS = 10_000;
  private static final java.util.regex.Pattern GROUP =
      java.util.regex.Pattern.compile("\\(\\?P?<([A-Za-z_][A-Za-z0-9_]*)>");

  private final Tokens tokens;
  private final ExprParser expressions;
  private final String text;

  QueryParser(String text) {
    this.text = text;
    tokens = new Tokens(text);
    expressions = new ExprParser(tokens);
  }

  Query query() {
    List<Command> commands = new ArrayList<>();
    if (tokens.peek().kind() == Kind.END) {
      return new Query(commands);
    }
    do {
      commands.add(command());
    } while (tokens.accept("|"));
    if (tokens.peek().kind() != Kind.END) {
      throw tokens.unexpected();
    }
    return new Query(commands);
  }

  private Command command() {
    Token word = tokens.peek();
    if (word.kind() != Kind.WORD) {
      throw tokens.unexpected();
    }
    tokens.take();
    return switch (word.text().toLowerCase(Locale.ROOT)) {
      case "fields" -> new Query.Fields(list(this::named));
      case "display" -> new Query.Display(list(this::named));
      case "filter" -> new Query.Filter(expressions.any());
      case "stats" -> stats();
      case "sort" -> new Query.Sort(list(this::key));
      case "limit", "head" -> new Query.Limit(limit());
      case "parse" -> parse();
      case "dedup" -> new Query.Dedup(list(expressions::any));
      case "pattern", "diff", "unmask", "anomaly", "unnest", "lookup", "join", "source" ->
          throw new QueryError("the command " + word.text() + " is not supported by this version of Atelier",
              word.from(), word.to());
      default -> throw new QueryError("unexpected symbol found " + word.text(), word.from(), word.to());
    };
  }

  private <T> List<T> list(Supplier<T> item) {
    List<T> items = new ArrayList<>();
    do {
      items.add(item.get());
    } while (tokens.accept(","));
    return items;
  }

  private Named named() {
    int from = tokens.peek().from();
    Expr value = expressions.any();
    int to = tokens.peek().from();
    if (tokens.acceptWord("as")) {
      return new Named(name(), value);
    }
    return new Named(value instanceof Expr.Field field ? field.name() : text.substring(from, to).strip(), value);
  }

  private String name() {
    Token token = tokens.peek();
    if (token.kind() != Kind.WORD && token.kind() != Kind.FIELD) {
      throw tokens.unexpected();
    }
    return tokens.take().text();
  }

  private Command stats() {
    List<Aggregate> aggregates = list(this::aggregate);
    List<Named> by = tokens.acceptWord("by") ? list(this::named) : List.of();
    return new Query.Stats(aggregates, by);
  }

  private Aggregate aggregate() {
    Token start = tokens.peek();
    if (!(expressions.any() instanceof Expr.Call call) || !Aggregates.known(call.function(), call.arguments())) {
      throw new QueryError("stats takes aggregations such as count(*)", start.from(), start.to());
    }
    int to = tokens.peek().from();
    String name = tokens.acceptWord("as") ? name() : text.substring(start.from(), to).strip();
    return new Aggregate(name, call.function(), call.arguments());
  }

  private Key key() {
    Expr value = expressions.any();
    boolean descending = tokens.acceptWord("desc");
    if (!descending) {
      tokens.acceptWord("asc");
    }
    return new Key(value, descending);
  }

  private int limit() {
    Token token = tokens.take();
    if (token.kind() != Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
      throw new QueryError("unexpected symbol found " + token.text(), token.from(), token.to());
    }
    return Math.min(Integer.parseInt(token.text()), MOST_ROWS);
  }

  private Command parse() {
    Expr source = tokens.peek().kind() == Kind.TEXT || tokens.peek().kind() == Kind.REGEX
        ? new Expr.Field("@message") : new Expr.Field(name());
    Token pattern = tokens.take();
    if (pattern.kind() == Kind.REGEX) {
      List<String> names = new ArrayList<>();
      Matcher groups = GROUP.matcher(pattern.text());
      while (groups.find()) {
        names.add(groups.group(1));
      }
      if (names.isEmpty()) {
        throw new QueryError("the expression of parse has no named group", pattern.from(), pattern.to());
      }
      return new Query.Parse(source, regex(pattern.text().replaceAll("\\(\\?<", "(?P<"), pattern), names);
    }
    if (pattern.kind() != Kind.TEXT || !tokens.acceptWord("as")) {
      throw tokens.unexpected();
    }
    List<String> names = list(this::name);
    String[] parts = pattern.text().split("\\*", -1);
    if (parts.length - 1 != names.size()) {
      throw new QueryError("parse has " + (parts.length - 1) + " wildcards for " + names.size() + " names",
          pattern.from(), pattern.to());
    }
    StringBuilder glob = new StringBuilder("(?s)" + Pattern.quote(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      boolean last = i == parts.length - 1 && parts[i].isEmpty();
      glob.append(last ? "(.*)" : "(.*?)").append(Pattern.quote(parts[i]));
    }
    return new Query.Parse(source, regex(glob.toString(), pattern), names);
  }

  static Pattern regex(String text, Token at) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new QueryError("invalid regular expression: " + e.getDescription(), at.from(), at.to());
    }
  }
}
