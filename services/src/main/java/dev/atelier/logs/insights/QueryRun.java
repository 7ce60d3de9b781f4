package dev.atelier.logs.insights;

import dev.atelier.logs.insights.Query.Command;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A query over rows that are handed to it one by one. Commands up to the first that needs all rows are done at once. Of
 * sorted rows no more are kept than can be in the result. Rows with all their values and groups with their keys and
 * aggregates are bounded by {@value #MOST_BYTES} bytes, about; so are the texts of the result.
 */
public final class QueryRun {
  private static final long MOST_BYTES = 48 << 20;
  private static final Comparator<Row> NEWEST_FIRST =
      (a, b) -> Evaluation.compare(b.get("@timestamp"), a.get("@timestamp"));

  private final List<Command> first = new ArrayList<>();
  private final List<Command> later = new ArrayList<>();
  private final List<String> columns = new ArrayList<>();
  private final List<Row> kept = new ArrayList<>();
  private final int most;
  private final Budget budget = new Budget(MOST_BYTES);
  private Optional<Groups> groups = Optional.empty();
  private final int window;
  private Comparator<Row> keptOrder = NEWEST_FIRST;
  private boolean sorted;
  private long matched;

  /** The query would have to keep too much, or to make too long texts, to go on. */
  public static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** @param most rows of the result when the query does not say */
  public QueryRun(Query query, int most) {
    boolean whole = false;
    for (Command command : query.commands()) {
      whole |= command instanceof Query.Stats || command instanceof Query.Sort || command instanceof Query.Limit
          || command instanceof Query.Dedup;
      (whole ? later : first).add(command);
    }
    this.most = most;
    this.window = window();
    if (!later.isEmpty() && later.getFirst() instanceof Query.Sort sort) {
      keptOrder = order(sort);
    }
    if (!later.isEmpty() && later.getFirst() instanceof Query.Stats stats) {
      groups = Optional.of(new Groups(stats, budget));
    }
  }

  /** How many of the first rows in order can be in the result; -1 when all may be. */
  private int window() {
    int begin = !later.isEmpty() && later.getFirst() instanceof Query.Sort ? 1 : 0;
    for (Command command : later.subList(begin, later.size())) {
      if (command instanceof Query.Limit limit) {
        return limit.most();
      }
      if (!(command instanceof Query.Fields || command instanceof Query.Display || command instanceof Query.Parse)) {
        return -1;
      }
    }
    return most;
  }

  /** @throws TooMany the query cannot go on */
  public void add(Row row) {
    row.chargeTo(budget);
    for (Command command : first) {
      if (!apply(command, row)) {
        row.release();
        return;
      }
    }
    matched++;
    if (groups.isPresent()) {
      groups.get().add(row);
      row.release();
      return;
    }
    row.keep();
    kept.add(row);
    if (window >= 0 && kept.size() > 2 * window + 100) {
      kept.sort(keptOrder);
      List<Row> rest = kept.subList(window, kept.size());
      rest.forEach(Row::release);
      rest.clear();
    }
  }

  /** How many rows passed the filters. */
  public long matched() {
    return matched;
  }

  private boolean apply(Command command, Row row) {
    switch (command) {
      case Query.Filter filter -> {
        return Evaluation.isTrue(Evaluation.value(filter.condition(), row));
      }
      case Query.Fields fields -> fields.columns().forEach(each ->
          row.set(each.name(), Evaluation.value(each.value(), row)));
      case Query.Display display -> display.columns().forEach(each ->
          row.set(each.name(), Evaluation.value(each.value(), row)));
      case Query.Parse parse -> parse(parse, row);
      case Query.Stats stats -> throw new IllegalStateException();
      case Query.Sort sort -> throw new IllegalStateException();
      case Query.Limit limit -> throw new IllegalStateException();
      case Query.Dedup dedup -> throw new IllegalStateException();
    }
    return true;
  }

  private static void parse(Query.Parse parse, Row row) {
    Object source = Evaluation.value(parse.source(), row);
    if (source != null) {
      var matcher = parse.pattern().matcher(Evaluation.text(source));
      if (matcher.find()) {
        for (int i = 0; i < parse.names().size(); i++) {
          row.set(parse.names().get(i), matcher.group(i + 1));
        }
      }
    }
  }

  /**
   * The result: for each row its columns with their values as texts; what has no value is left out.
   *
   * @throws TooMany it cannot be had
   */
  public List<Map<String, String>> result() {
    List<Row> rows = kept;
    first.forEach(this::columns);
    for (int i = 0; i < later.size(); i++) {
      rows = step(later.get(i), rows, i == 0);
    }
    if (!sorted) {
      rows = new ArrayList<>(rows);
      rows.sort(NEWEST_FIRST);
    }
    List<String> shown = columns.isEmpty() ? List.of("@timestamp", "@message") : columns;
    Budget answer = new Budget(MOST_BYTES);
    return rows.stream().limit(most).map(row -> shown(row, shown, answer)).toList();
  }

  private List<Row> step(Command command, List<Row> rows, boolean begun) {
    columns(command);
    return switch (command) {
      case Query.Stats stats -> {
        sorted = true;
        Groups all = groups.filter(any -> begun).orElseGet(() -> new Groups(stats, budget));
        rows.forEach(all::add);
        yield all.rows();
      }
      case Query.Sort sort -> {
        sorted = true;
        yield rows.stream().sorted(order(sort)).toList();
      }
      case Query.Limit limit -> {
        List<Row> ordered = sorted ? rows : rows.stream().sorted(NEWEST_FIRST).toList();
        sorted = true;
        yield ordered.stream().limit(limit.most()).toList();
      }
      case Query.Dedup dedup -> {
        Set<List<String>> seen = new HashSet<>();
        List<Row> ordered = sorted ? rows : rows.stream().sorted(NEWEST_FIRST).toList();
        sorted = true;
        yield ordered.stream().filter(row -> isNew(dedup, row, seen)).toList();
      }
      case Query.Fields fields -> rows.stream().filter(row -> apply(command, row)).toList();
      case Query.Display display -> rows.stream().filter(row -> apply(command, row)).toList();
      case Query.Filter filter -> rows.stream().filter(row -> apply(command, row)).toList();
      case Query.Parse parse -> rows.stream().filter(row -> apply(command, row)).toList();
    };
  }

  private boolean isNew(Query.Dedup dedup, Row row, Set<List<String>> seen) {
    List<String> key = new ArrayList<>(dedup.by().size());
    long taken = 0;
    for (Expr each : dedup.by()) {
      String text = Evaluation.text(Evaluation.value(each, row));
      // the text of a field is the row's own
      long bytes = 2 * Budget.ENTRY_BYTES + (each instanceof Expr.Field ? 0 : Budget.bytes(text));
      budget.take(bytes);
      taken += bytes;
      key.add(text);
    }
    boolean added = seen.add(key);
    budget.give(added ? 0 : taken);
    return added;
  }

  private static Comparator<Row> order(Query.Sort sort) {
    Comparator<Row> order = (a, b) -> 0;
    for (Query.Key key : sort.keys()) {
      Comparator<Row> by = (a, b) ->
          Evaluation.compare(Evaluation.value(key.value(), a), Evaluation.value(key.value(), b));
      order = order.thenComparing(key.descending() ? by.reversed() : by);
    }
    return order;
  }

  /** The columns that a command leaves to be shown. */
  private void columns(Command command) {
    switch (command) {
      case Query.Fields fields -> add(fields.columns().stream().map(Query.Named::name).toList());
      case Query.Display display -> {
        columns.clear();
        add(display.columns().stream().map(Query.Named::name).toList());
      }
      case Query.Stats stats -> {
        columns.clear();
        add(stats.by().stream().map(Query.Named::name).toList());
        add(stats.aggregates().stream().map(Query.Aggregate::name).toList());
      }
      case Query.Parse parse -> {
        if (!columns.isEmpty()) {
          add(parse.names());
        }
      }
      case Query.Filter filter -> { }
      case Query.Sort sort -> { }
      case Query.Limit limit -> { }
      case Query.Dedup dedup -> { }
    }
  }

  private void add(List<String> names) {
    Set<String> all = new LinkedHashSet<>(columns);
    all.addAll(names);
    columns.clear();
    columns.addAll(all);
  }

  private static Map<String, String> shown(Row row, List<String> columns, Budget answer) {
    Map<String, String> shown = new LinkedHashMap<>();
    Stream.concat(columns.stream(), Stream.of("@ptr")).forEach(column -> {
      Object value = row.get(column);
      if (value != null) {
        String text = Evaluation.text(value);
        answer.take(Budget.ENTRY_BYTES + Budget.bytes(text));
        shown.put(column, text);
      }
    });
    return shown;
  }
}
