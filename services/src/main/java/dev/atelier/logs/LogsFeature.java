package dev.atelier.logs;

import dev.atelier.jobs.LogSink;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.operation.OperationTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** CloudWatch Logs, assembled. */
public final class LogsFeature implements AutoCloseable {
  private final LogStore store;
  private final Clock clock;

  private LogsFeature(LogStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Builds the feature over a folder of segments and registers its operations. */
  public static LogsFeature open(Path folder, MetadataStore metadata, Clock clock, OperationTable table) {
    LogStore store = new LogStore(folder, metadata);
    new LogsApi(store, clock).register(table);
    new LogEventsApi(store, clock).register(table);
    return new LogsFeature(store, clock);
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
      public void appendOnce(LogSink.Line line) {
        store.appendOnce(stream, events(List.of(line)).getFirst());
      }

      @Override
      public void append(List<LogSink.Line> lines, long from, long to) {
        store.append(stream, events(lines), from, to);
      }

      private List<LogEvent> events(List<LogSink.Line> lines) {
        long now = clock.millis();
        return lines.stream().map(line -> new LogEvent(line.at().toEpochMilli(), now, line.text())).toList();
      }
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
