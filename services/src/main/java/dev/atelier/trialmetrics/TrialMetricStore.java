package dev.atelier.trialmetrics;

import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The metrics of trial components, as rows. */
final class TrialMetricStore {
  private final MetadataStore store;
  private final int mostMetrics;

  /** @param mostMetrics how many metrics of different names a component may have */
  TrialMetricStore(MetadataStore store, int mostMetrics) {
    this.store = store;
    this.mostMetrics = mostMetrics;
  }

  /** Stores values; durable when it returns. What it tells are the places of those that would be a metric too many. */
  List<Integer> put(Arn component, List<Datum> data) {
    if (data.isEmpty()) {
      return List.of();
    }
    return store.write(tx -> {
      Map<String, Long> known = known(tx, component);
      List<Integer> excess = new ArrayList<>();
      for (int place = 0; place < data.size(); place++) {
        Datum each = data.get(place);
        if (known.containsKey(each.metric()) || known.size() < mostMetrics) {
          insert(tx, known.computeIfAbsent(each.metric(), name -> metric(tx, component, name)), each);
        } else {
          excess.add(place);
        }
      }
      return excess;
    });
  }

  private static Map<String, Long> known(Handle tx, Arn component) {
    Map<String, Long> known = new HashMap<>();
    tx.createQuery("select id, name from trial_metric where component = :component")
        .bind("component", component.toString())
        .map((row, context) -> Map.entry(row.getString("name"), row.getLong("id")))
        .forEach(each -> known.put(each.getKey(), each.getValue()));
    return known;
  }

  private static long metric(Handle tx, Arn component, String name) {
    return tx.createUpdate("insert into trial_metric (component, name) values (:component, :name)")
        .bind("component", component.toString()).bind("name", name)
        .executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
  }

  private static void insert(Handle tx, long metric, Datum datum) {
    tx.createUpdate("insert into trial_metric_value (metric, at, step, value) values (:metric, :at, :step, :value)")
        .bind("metric", metric).bind("at", datum.at().toEpochMilli())
        .bind("step", datum.step().isPresent() ? datum.step().getAsInt() : null)
        .bind("value", datum.value()).execute();
  }

  /** The id of a component's metric. */
  Optional<Long> find(Arn component, String name) {
    return store.read(tx -> tx.createQuery("select id from trial_metric where component = :component and name = :name")
        .bind("component", component.toString()).bind("name", name).mapTo(Long.class).findOne());
  }

  /** What values are ordered by; those without a step have no place among steps. */
  enum Axis {
    TIME("at"),
    STEP("step");

    private final String column;

    Axis(String column) {
      this.column = column;
    }
  }

  /**
   * Reads a metric's values in the order of the axis, then of time.
   *
   * @param from the first, in milliseconds or steps
   * @param to the last
   */
  <T> T values(long metric, Axis axis, long from, long to, Function<Stream<Datum>, T> read) {
    return store.read(tx -> tx.createQuery("select at, step, value from trial_metric_value where metric = :metric and "
            + axis.column + " between :from and :to order by " + axis.column + ", at, id")
        .bind("metric", metric).bind("from", from).bind("to", to)
        .map((row, context) -> datum(row)).withStream(read::apply));
  }

  private static Datum datum(ResultSet row) throws SQLException {
    int step = row.getInt("step");
    return new Datum("", Instant.ofEpochMilli(row.getLong("at")),
        row.wasNull() ? OptionalInt.empty() : OptionalInt.of(step), row.getDouble("value"));
  }
}
