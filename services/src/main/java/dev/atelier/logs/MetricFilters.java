package dev.atelier.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jobs.MetricSink;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.LogStore.Place;
import dev.atelier.logs.filter.FilterPattern;
import dev.atelier.metadata.MetadataStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metric filters: what they find in new events of their group goes to CloudWatch. */
final class MetricFilters {
  private static final Logger LOG = LoggerFactory.getLogger(MetricFilters.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore metadata;
  private final MetricSink sink;
  private final Map<String, List<Filter>> byGroup = new ConcurrentHashMap<>();

  MetricFilters(MetadataStore metadata, MetricSink sink) {
    this.metadata = metadata;
    this.sink = sink;
  }

  /**
   * What a filter turns a match into.
   *
   * @param value a number, or the selector of one
   * @param dimensions names with selectors
   * @param otherwise the value for events of which none matches; empty to tell nothing then
   */
  record Transformation(String namespace, String metric, String value, Optional<Double> otherwise,
      Map<String, String> dimensions, String unit) {}

  record Filter(String group, String name, String pattern, Instant createdAt, List<Transformation> transformations) {}

  void put(Place place, Filter filter) {
    FilterPattern.parse(filter.pattern());
    metadata.write(tx -> tx.createUpdate("""
            insert into log_metric_filter (account, region, group_name, name, created_at, request)
            values (:account, :region, :group, :name, :now, :request)
            on conflict do update set request = :request""")
        .bind("account", place.account().value()).bind("region", place.region().name())
        .bind("group", filter.group()).bind("name", filter.name()).bind("now", filter.createdAt().toEpochMilli())
        .bind("request", write(filter)).execute());
    byGroup.clear();
  }

  boolean delete(Place place, String group, String name) {
    int deleted = metadata.write(tx -> tx.createUpdate("""
            delete from log_metric_filter
            where account = :account and region = :region and group_name = :group and name = :name""")
        .bind("account", place.account().value()).bind("region", place.region().name())
        .bind("group", group).bind("name", name).execute());
    byGroup.clear();
    return deleted == 1;
  }

  /** The filters of a place by group and name. */
  List<Filter> list(Place place) {
    return metadata.read(tx -> tx.createQuery("""
            select * from log_metric_filter where account = :account and region = :region
            order by group_name, name""")
        .bind("account", place.account().value()).bind("region", place.region().name())
        .map((row, context) -> read(row.getString("group_name"), row.getString("name"),
            Instant.ofEpochMilli(row.getLong("created_at")), row.getString("request"))).list());
  }

  /** The group is gone, or all of it may have changed. */
  void forget() {
    byGroup.clear();
  }

  /** Takes in events that were stored; a failure here loses no event. */
  void added(Place place, String group, List<LogEvent> events) {
    List<Filter> filters = byGroup.computeIfAbsent(place + " " + group,
        key -> list(place).stream().filter(filter -> filter.group().equals(group)).toList());
    for (Filter filter : filters) {
      try {
        emit(place, filter, events);
      } catch (Fault e) {
        LOG.warn("the metric filter {} of {} cannot be applied: {}", filter.name(), group, e.getMessage());
      }
    }
  }

  private void emit(Place place, Filter filter, List<LogEvent> events) {
    FilterPattern pattern = FilterPattern.parse(filter.pattern());
    for (Transformation change : filter.transformations()) {
      List<MetricSink.Value> values = new ArrayList<>();
      boolean matched = false;
      for (LogEvent event : events) {
        Optional<Map<String, String>> found = pattern.match(event.message());
        matched |= found.isPresent();
        found.flatMap(extracted -> value(change, extracted, event)).ifPresent(values::add);
      }
      if (!matched && change.otherwise().isPresent() && !events.isEmpty()) {
        values.add(new MetricSink.Value(change.metric(), Map.of(), change.otherwise().get(), change.unit(),
            Instant.ofEpochMilli(events.getLast().timestamp()), false));
      }
      if (!values.isEmpty()) {
        sink.publish(place.account(), place.region(), change.namespace(), values);
      }
    }
  }

  private static Optional<MetricSink.Value> value(
      Transformation change, Map<String, String> extracted, LogEvent event) {
    OptionalDouble number = number(change.value().startsWith("$")
        ? FilterPattern.select(event.message(), change.value(), extracted).orElse("") : change.value());
    Map<String, String> dimensions = new LinkedHashMap<>();
    for (Map.Entry<String, String> dimension : change.dimensions().entrySet()) {
      Optional<String> found = FilterPattern.select(event.message(), dimension.getValue(), extracted);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      dimensions.put(dimension.getKey(), found.get());
    }
    return number.isEmpty() ? Optional.empty() : Optional.of(new MetricSink.Value(change.metric(), dimensions,
        number.getAsDouble(), change.unit(), Instant.ofEpochMilli(event.timestamp()), false));
  }

  private static OptionalDouble number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static String write(Filter filter) {
    var root = JSON.createObjectNode().put("pattern", filter.pattern());
    var list = root.putArray("transformations");
    filter.transformations().forEach(each -> {
      var node = list.addObject().put("namespace", each.namespace()).put("metric", each.metric())
          .put("value", each.value()).put("unit", each.unit());
      each.otherwise().ifPresent(value -> node.put("otherwise", value));
      var dimensions = node.putObject("dimensions");
      each.dimensions().forEach(dimensions::put);
    });
    return root.toString();
  }

  private static Filter read(String group, String name, Instant createdAt, String text) {
    try {
      var root = JSON.readTree(text);
      List<Transformation> all = new ArrayList<>();
      root.path("transformations").forEach(node -> {
        Map<String, String> dimensions = new LinkedHashMap<>();
        node.path("dimensions").properties().forEach(each -> dimensions.put(each.getKey(), each.getValue().asText()));
        all.add(new Transformation(node.path("namespace").asText(), node.path("metric").asText(),
            node.path("value").asText(),
            node.has("otherwise") ? Optional.of(node.path("otherwise").asDouble()) : Optional.empty(), dimensions,
            node.path("unit").asText()));
      });
      return new Filter(group, name, root.path("pattern").asText(), createdAt, all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
