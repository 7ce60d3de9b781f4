package dev.atelier.logs;

import dev.atelier.jobs.LogSink;
import dev.atelier.jobs.MetricSink;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.operation.OperationTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** CloudWatch Logs, assembled. */
public final class LogsFeature implements AutoCloseable {
  private final LogStore store;
  private final MetricFilters filters;
  private final LogQueries queries;
  private final Clock clock;

  private LogsFeature(LogStore store, MetricFilters filters, LogQueries queries, Clock clock) {
    this.store = store;
    this.filters = filters;
    this.queries = queries;
    this.clock = clock;
  }

  /** What the feature needs of others. */
  public record Needs(MetadataStore metadata, TagStore tags, MetricSink metrics, Clock clock) {}

  /** Builds the feature over a folder of segments and registers its operations. */
  public static LogsFeature open(Path folder, Needs needs, OperationTable table) {
    LogStore store = new LogStore(folder, needs.metadata());
    store.expireRegularly(needs.clock());
    MetricFilters filters = new MetricFilters(needs.metadata(), needs.metrics());
    LogQueries queries = new LogQueries(store, needs.clock());
    LogTags tags = new LogTags(needs.metadata(), needs.tags());
    new LogsApi(store, tags, filters, needs.clock()).register(table);
    new LogGroupListApi(store, tags).register(table);
    new LogEventsApi(store, filters, needs.clock()).register(table);
    new LogTagApi(store, tags).register(table);
    new MetricFilterApi(store, filters, needs.clock()).register(table);
    new ResourcePolicyApi(needs.metadata(), needs.clock()).register(table);
    new QueryApi(store, queries, needs.clock()).register(table);
    new QueryDefinitionApi(needs.metadata(), needs.clock()).register(table);
    return new LogsFeature(store, filters, queries, needs.clock());
  }

  /** The log groups that a request names by a query or by a record of one. */
  public List<String> groupsOf(Caller caller, String operation, Map<String, Object> input) {
    LogStore.Place place = LogsApi.place(caller);
    return switch (operation) {
      case "GetQueryResults", "StopQuery" -> input.get("queryId") instanceof String id
          ? queries.find(place, id).map(run -> run.question().groups()).orElse(List.of()) : List.of();
      case "GetLogRecord" -> input.get("logRecordPointer") instanceof String pointer
          ? queries.group(place, pointer).stream().toList() : List.of();
      default -> List.of();
    };
  }

  /** Where jobs' output goes. */
  public LogSink sink() {
    return this::stream;
  }

  private LogSink.Stream stream(AccountId account, Region region, String group, String name) {
    LogStore.Place place = new LogStore.Place(account, region);
    store.insertGroup(place, group, clock.instant());
    store.insertStream(place, group, name, clock.instant());
    LogStore.Stream stream = store.stream(place, group, name).orElseThrow();
    return new LogSink.Stream() {
      @Override
      public long sourceOffset() {
        return store.with(stream, Segment::sourceOffset);
      }

      @Override
      public void appendOnce(List<LogSink.Line> lines) {
        store.appendOnce(stream, events(lines));
      }

      @Override
      public boolean append(List<LogSink.Line> lines, long from, long to) {
        List<LogEvent> events = events(lines);
        boolean added = store.append(stream, events, from, to);
        if (added) {
          filters.added(place, group, events);
        }
        return added;
      }

      private List<LogEvent> events(List<LogSink.Line> lines) {
        long now = clock.millis();
        return lines.stream().map(line -> new LogEvent(line.at().toEpochMilli(), now, line.text())).toList();
      }
    };
  }

  @Override
  public void close() {
    queries.close();
    store.close();
  }
}
