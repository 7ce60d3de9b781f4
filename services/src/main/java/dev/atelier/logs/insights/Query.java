package dev.atelier.logs.insights;

import com.google.re2j.Pattern;
import java.util.List;

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

  /** Reads a query. @throws QueryError it is none */
  public static Query parse(String text) {
    return new QueryParser(text).query();
  }
}
