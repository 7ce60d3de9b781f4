package dev.atelier.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metrics.SeriesKey.Dimension;
import dev.atelier.metrics.SeriesKey.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jdbi.v3.core.Handle;

/** The metrics that were ever told of, each a row; all of them in memory. */
final class SeriesCatalogue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore metadata;
  private final Map<SeriesKey, Series> byKey = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, Series> byId = new ConcurrentSkipListMap<>();

  SeriesCatalogue(MetadataStore metadata) {
    this.metadata = metadata;
    metadata.read(tx -> tx.createQuery("select * from metric_series").map((row, context) -> new Series(
            row.getLong("id"), new SeriesKey(
                new Place(new AccountId(row.getString("account")), new Region(row.getString("region"))),
                row.getString("namespace"), row.getString("name"), dimensions(row.getString("dimensions"))),
            row.getLong("last_second"))).list()).forEach(this::keep);
  }

  private void keep(Series series) {
    byKey.put(series.key(), series);
    byId.put(series.id(), series);
  }

  Optional<Series> find(SeriesKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Optional<Series> find(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** All metrics whose id is greater than {@code after}, in the order in which they were first told of. */
  SortedMap<Long, Series> after(long after) {
    return byId.tailMap(after, false);
  }

  Collection<Series> all() {
    return byId.values();
  }

  /** Makes the metrics that are new; their rows are durable when it returns. */
  synchronized void require(Collection<SeriesKey> keys) {
    List<SeriesKey> fresh = new ArrayList<>(new LinkedHashSet<>(keys));
    fresh.removeIf(byKey::containsKey);
    if (fresh.isEmpty()) {
      return;
    }
    metadata.write(tx -> fresh.stream().map(key -> insert(tx, key)).toList()).forEach(this::keep);
  }

  private static Series insert(Handle tx, SeriesKey key) {
    long id = tx.createUpdate("""
            insert into metric_series (account, region, namespace, name, dimensions, last_second)
            values (:account, :region, :namespace, :name, :dimensions, 0)""")
        .bind("account", key.place().account().value()).bind("region", key.place().region().name())
        .bind("namespace", key.namespace()).bind("name", key.name()).bind("dimensions", text(key.dimensions()))
        .executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
    return new Series(id, key, 0);
  }

  /** Stores until when each metric has points. */
  void store(Collection<Series> told) {
    metadata.write(tx -> {
      told.forEach(series -> tx.createUpdate("update metric_series set last_second = :last where id = :id")
          .bind("last", series.lastSecond()).bind("id", series.id()).execute());
      return true;
    });
  }

  void forget(Series series) {
    metadata.write(tx -> tx.createUpdate("delete from metric_series where id = :id").bind("id", series.id()).execute());
    byKey.remove(series.key());
    byId.remove(series.id());
  }

  private static String text(List<Dimension> dimensions) {
    var array = JSON.createArrayNode();
    dimensions.forEach(each -> array.addArray().add(each.name()).add(each.value()));
    return array.toString();
  }

  private static List<Dimension> dimensions(String text) {
    try {
      List<Dimension> dimensions = new ArrayList<>();
      JSON.readTree(text).forEach(each -> dimensions.add(new Dimension(each.get(0).asText(), each.get(1).asText())));
      return dimensions;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
