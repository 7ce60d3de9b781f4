package dev.atelier.logs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.logs.LogStore.Place;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.logs.insights.Query;
import dev.atelier.logs.insights.QueryRun;
import dev.atelier.logs.insights.Row;
import dev.atelier.logs.insights.Times;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Insights queries: each runs on a thread of its own; the latest ones are remembered with their results. */
final class LogQueries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogQueries.class);
  private static final int REMEMBERED = 200;
  private static final int BATCH = 1_000;

  private final LogStore store;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Cache<String, Run> runs = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  LogQueries(LogStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What is asked.
   *
   * @param from inclusive, milliseconds; {@code to} is exclusive
   * @param most rows of the result when the text does not say
   */
  record Question(Place place, List<String> groups, String text, long from, long to, int most) {}

  /** What has become of a query. */
  record Progress(String status, List<Map<String, String>> rows, long matched, long scanned, long bytes) {}

  /** One query. */
  static final class Run {
    private final String id = UUID.randomUUID().toString();
    private final Question question;
    private final long startedAt;
    private Progress progress = new Progress("Running", List.of(), 0, 0, 0);

    Run(Question question, long startedAt) {
      this.question = question;
      this.startedAt = startedAt;
    }

    String id() {
      return id;
    }

    Question question() {
      return question;
    }

    long startedAt() {
      return startedAt;
    }

    synchronized Progress progress() {
      return progress;
    }

    /** An end absorbs: what was cancelled stays so. */
    private synchronized boolean become(Progress next) {
      boolean running = progress.status().equals("Running");
      progress = running ? next : progress;
      return running;
    }
  }

  Run start(Question question, Query query) {
    Run run = new Run(question, clock.millis());
    runs.put(run.id(), run);
    threads.execute(() -> work(run, query));
    return run;
  }

  Optional<Run> find(Place place, String id) {
    return Optional.ofNullable(runs.getIfPresent(id)).filter(run -> run.question().place().equals(place));
  }

  /** The queries of a place that are remembered, newest first. */
  Stream<Run> all(Place place) {
    return runs.asMap().values().stream().filter(run -> run.question().place().equals(place))
        .sorted((a, b) -> Long.compare(b.startedAt(), a.startedAt()));
  }

  /** False when it has ended before. */
  boolean stop(Run run) {
    return run.become(new Progress("Cancelled", List.of(), 0, 0, 0));
  }

  private void work(Run run, Query query) {
    try {
      Question asked = run.question();
      QueryRun rows = new QueryRun(query, asked.most());
      long[] counted = new long[2];
      for (String group : asked.groups()) {
        for (LogStore.Stream stream : store.streams(asked.place(), group, "")) {
          scan(run, rows, group, stream, counted);
        }
      }
      run.become(new Progress("Complete", rows.result(), rows.matched(), counted[0], counted[1]));
    } catch (QueryRun.TooMany e) {
      run.become(new Progress("Failed", List.of(), 0, 0, 0));
    } catch (RuntimeException e) {
      LOG.warn("the query {} failed", run.id(), e);
      run.become(new Progress("Failed", List.of(), 0, 0, 0));
    }
  }

  private void scan(Run run, QueryRun rows, String group, LogStore.Stream stream, long[] counted) {
    Question asked = run.question();
    long place = 0;
    while (run.progress().status().equals("Running")) {
      long begin = place;
      List<Placed> batch =
          store.with(stream, segment -> segment.read(begin, BATCH, asked.from(), asked.to()));
      if (batch.isEmpty()) {
        return;
      }
      place = batch.getLast().place() + 1;
      for (Placed placed : batch) {
        counted[0]++;
        counted[1] += placed.event().message().length();
        rows.add(row(asked.place(), group, stream, placed));
      }
    }
  }

  /** An event as the row that queries see. */
  static Row row(Place place, String group, LogStore.Stream stream, Placed placed) {
    return new Row(fields(place, group, stream, placed));
  }

  private static Map<String, Object> fields(Place place, String group, LogStore.Stream stream, Placed placed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("@timestamp", Times.shown(placed.event().timestamp()));
    fields.put("@ingestionTime", Times.shown(placed.event().ingested()));
    fields.put("@message", placed.event().message());
    fields.put("@logStream", stream.name());
    fields.put("@log", place.account() + ":" + group);
    fields.put("@ptr", pointer(stream.id(), placed.place()));
    return fields;
  }

  private static String pointer(long stream, long place) {
    return Base64.getEncoder().encodeToString((stream + "/" + place).getBytes(StandardCharsets.UTF_8));
  }

  /** The event of a pointer as a record of fields. */
  Optional<Map<String, String>> record(Place place, String pointer) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(pointer), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,18}/\\d{1,18}")) {
      return Optional.empty();
    }
    long at = Long.parseLong(text.substring(text.indexOf('/') + 1));
    return store.stream(place, Long.parseLong(text.substring(0, text.indexOf('/')))).flatMap(stream ->
        store.with(stream, segment -> segment.read(at, 1, 0, Long.MAX_VALUE)).stream()
            .filter(placed -> placed.place() == at).findFirst()
            .map(placed -> {
              Row row = row(place, stream.group(), stream, placed);
              Map<String, String> record = new LinkedHashMap<>();
              row.fields().stream().sorted().forEach(field -> record.put(field, row.text(field)));
              return record;
            }));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
