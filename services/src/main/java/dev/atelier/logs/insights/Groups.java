package dev.atelier.logs.insights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups of one {@code stats} as rows come, with their aggregates so far. */
final class Groups {
  private static final int GROUP_BYTES = 200;
  private static final int AGGREGATE_BYTES = 300;

  private final Query.Stats stats;
  private final Budget budget;
  private final Map<List<String>, Group> groups = new LinkedHashMap<>();

  private record Group(Row keys, List<Aggregates> aggregates) {}

  Groups(Query.Stats stats, Budget budget) {
    this.stats = stats;
    this.budget = budget;
  }

  /** @throws QueryRun.TooMany the groups would take more than the budget has */
  void add(Row row) {
    Row keys = new Row(Map.of());
    keys.chargeTo(budget);
    // what has no value differs from the empty text
    List<String> key = new ArrayList<>(stats.by().size());
    for (Query.Named each : stats.by()) {
      Object value = Evaluation.value(each.value(), row);
      keys.set(each.name(), value);
      key.add(value == null ? null : Evaluation.text(value));
    }
    Group group = groups.get(key);
    if (group == null) {
      budget.take(GROUP_BYTES + (long) AGGREGATE_BYTES * stats.aggregates().size()
          + (long) Budget.ENTRY_BYTES * key.size());
      keys.keep();
      group = new Group(keys, stats.aggregates().stream().map(each -> new Aggregates(each, budget)).toList());
      groups.put(key, group);
    } else {
      keys.release();
    }
    group.aggregates().forEach(aggregate -> aggregate.add(row));
  }

  /** A row for each group: its keys and what its aggregates came to. */
  List<Row> rows() {
    return groups.values().stream().map(group -> {
      for (int i = 0; i < stats.aggregates().size(); i++) {
        group.keys().set(stats.aggregates().get(i).name(), group.aggregates().get(i).result());
      }
      return group.keys();
    }).toList();
  }
}
