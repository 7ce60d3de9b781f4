package dev.atelier.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which resources a transaction changed, from the rows themselves: triggers of the writer's connection note the
 * ARN of every row that is inserted, updated or deleted in a table with a column {@code arn}. What a unit of work notes
 * is rolled back with it, as its rows are.
 */
final class ChangedRows {
  private static final Logger LOG = LoggerFactory.getLogger(ChangedRows.class);

  private final List<Consumer<Set<String>>> watchers = new ArrayList<>();

  /** Tells one more watcher from now on; as all of this, called on the writer's thread. */
  void watch(Handle writer, Consumer<Set<String>> told) {
    if (watchers.isEmpty()) {
      note(writer);
    }
    watchers.add(told);
  }

  private static void note(Handle writer) {
    writer.execute("create temp table changed_row (arn text)");
    for (String table : tables(writer)) {
      for (String change : List.of("insert", "update", "delete")) {
        writer.execute("create temp trigger \"" + table + "_" + change + "\" after " + change + " on main.\"" + table
            + "\" begin insert into changed_row values (" + (change.equals("delete") ? "old" : "new") + ".arn); end");
      }
    }
  }

  private static List<String> tables(Handle writer) {
    return writer.createQuery("""
            select t.name from main.sqlite_schema t join pragma_table_xinfo(t.name) c
            where t.type = 'table' and c.name = 'arn' order by t.name""")
        .mapTo(String.class).list();
  }

  /** What the transaction changed so far, which is forgotten; empty while nobody watches. */
  Set<String> take(Handle writer) {
    if (watchers.isEmpty()) {
      return Set.of();
    }
    Set<String> arns = writer.createQuery("select distinct arn from changed_row").mapTo(String.class)
        .collect(Collectors.toUnmodifiableSet());
    if (!arns.isEmpty()) {
      writer.execute("delete from changed_row");
    }
    return arns;
  }

  /** Tells what a transaction that is on disk changed; a watcher that fails is no failure of the transaction. */
  void committed(Set<String> arns) {
    if (arns.isEmpty()) {
      return;
    }
    for (Consumer<Set<String>> told : watchers) {
      try {
        told.accept(arns);
      } catch (RuntimeException e) {
        LOG.error("somebody could not be told of a change", e);
      }
    }
  }
}
