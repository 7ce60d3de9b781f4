package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/** A query as it was read: commands, one after the other. */
public record Query(List<Command> commands) {

  /** An expression under the name that its column gets. */
  record Named(String name, Expr value) {}

  /** An aggregate under its name. */
  record Aggregate(String name, String function, List<Expr> arguments) {}

  record Key(Expr value, boolean descending) {}

  /** One step. */
  sealed interface Command {}

  record Fields(List<Named> columns) implements Command {}

  record Display(List<Named> columns) implements Command {}

  record Filter(Expr condition) implements Command {}

  record Parse(Expr source, Pattern pattern, List<String> names) implements Command {}

  record Stats(List<Aggregate> aggregates, List<Named> by) implements Command {}

  record Sort(List<Key> keys) implements Command {}

  record Limit(int most) implements Command {}

  record Dedup(List<Expr> by) implements Command {}

  /** A text that is in every message that the filters at the query's beginning let pass, when one is known. */
  public Optional<String> required() {
    String longest = "";
    for (Command command : commands) {
      if (command instanceof Filter filter) {
        String text = required(filter.condition());
        longest = text.length() > longest.length() ? text : longest;
      } else if (!(command instanceof Fields fields) || fields.columns().stream().anyMatch(Query::changesMessage)) {
        break;
      }
    }
    return Optional.of(longest).filter(text -> !text.isEmpty());
  }

  private static boolean changesMessage(Named column) {
    return column.name().equals("@message") && !column.value().equals(new Expr.Field("@message"));
  }

  private static String required(Expr condition) {
    if (condition instanceof Expr.Binary both && both.operator().equals("and")) {
      String left = required(both.left());
      String right = required(both.right());
      return left.length() > right.length() ? left : right;
    }
    return condition instanceof Expr.Like like && like.value().equals(new Expr.Field("@message"))
        ? like.contained() : "";
  }

  /** Reads a query. @throws QueryError it is none */
  public static Query parse(String text) {
    return new QueryParser(text).query();
  }
}
