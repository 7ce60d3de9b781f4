package dev.atelier.logs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.LogStore.Place;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.logs.insights.Query;
import dev.atelier.logs.insights.QueryRun;
import dev.atelier.logs.insights.Row;
import dev.atelier.logs.insights.Times;
import dev.atelier.segments.SegmentFile.Frame;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Insights queries: each runs on a thread of its own; the latest ones are remembered with their results. */
final class LogQueries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogQueries.class);
  private static final int AT_ONCE = 2;
  private static final int MOST_WAITING = 30;
  private static final long REMEMBERED_BYTES = 96 << 20;
  private static final int RUN_BYTES = 50_000;

  private final LogStore store;
  private final Clock clock;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().name("log-query-", 0).factory());
  private final AtomicInteger waiting = new AtomicInteger();
  private final Cache<String, Run> runs = Caffeine.newBuilder().maximumWeight(REMEMBERED_BYTES)
      .weigher((String id, Run run) -> run.weight()).build();

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

  /** What has become of a query; {@code bytes} are those of the messages of the events that were scanned. */
  record Progress(String status, List<Map<String, String>> rows, long matched, long scanned, long bytes) {
    static final Progress FAILED = new Progress("Failed", List.of(), 0, 0, 0);

    boolean isGoing() {
      return status.equals("Scheduled") || status.equals("Running");
    }
  }

  /** One query. */
  static final class Run {
    private final String id = UUID.randomUUID().toString();
    private final Question question;
    private final long startedAt;
    private Progress progress;

    Run(Question question, long startedAt, String status) {
      this.question = question;
      this.startedAt = startedAt;
      this.progress = new Progress(status, List.of(), 0, 0, 0);
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
    synchronized boolean become(Progress next) {
      boolean going = progress.isGoing();
      progress = going ? next : progress;
      return going;
    }

    int weight() {
      long bytes = progress().rows().stream()
          .mapToLong(row -> row.values().stream().mapToLong(text -> text.length() + 64).sum()).sum();
      return (int) Math.min(RUN_BYTES + bytes, Integer.MAX_VALUE);
    }
  }

  /** Starts a query. @throws Fault LimitExceededException: too many wait already */
  Run start(Question question, Query query) {
    int all = waiting.incrementAndGet();
    if (all > MOST_WAITING) {
      waiting.decrementAndGet();
      throw new Fault("LimitExceededException", 400,
          "Account maximum query concurrency limit of [" + MOST_WAITING + "] reached.");
    }
    Run run = new Run(question, clock.millis(), all > AT_ONCE ? "Scheduled" : "Running");
    runs.put(run.id(), run);
    threads.execute(() -> {
      try {
        work(run, query);
      } finally {
        end(run);
      }
    });
    return run;
  }

  /** Whatever became of its work, a query ends and another one may begin. */
  private void end(Run run) {
    try {
      run.become(Progress.FAILED);
      // weighed anew, with its result
      runs.put(run.id(), run);
    } finally {
      waiting.decrementAndGet();
    }
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
      if (!run.become(new Progress("Running", List.of(), 0, 0, 0))) {
        return;
      }
      Question asked = run.question();
      Needle needle = Needle.of(query.required());
      QueryRun rows = new QueryRun(query, asked.most());
      long[] counted = new long[2];
      for (String group : asked.groups()) {
        for (LogStore.Stream stream : store.streams(asked.place(), group, "")) {
          scan(run, rows, new Source(group, stream, needle), counted);
        }
      }
      run.become(new Progress("Complete", rows.result(), rows.matched(), counted[0], counted[1]));
    } catch (QueryRun.TooMany e) {
      run.become(Progress.FAILED);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      run.become(Progress.FAILED);
      LOG.warn("the query {} failed", run.id(), e);
    }
  }

  private record Source(String group, LogStore.Stream stream, Needle needle) {}

  private void scan(Run run, QueryRun rows, Source source, long[] counted) {
    Question asked = run.question();
    List<Frame> frames = store.with(source.stream(), segment -> segment.frames(asked.from(), asked.to()));
    for (Frame frame : frames) {
      if (!run.progress().isGoing()) {
        return;
      }
      boolean whole = frame.from() >= asked.from() && frame.to() < asked.to();
      Segment.Part part = store.with(source.stream(),
          segment -> segment.partAt(frame.first(), whole ? source.needle() : Needle.NONE));
      if (part.events().isEmpty()) {
        // passed over as a whole: nothing of it could match
        counted[0] += part.count();
        counted[1] += part.bytes();
        continue;
      }
      for (Placed placed : part.events()) {
        if (placed.isWithin(asked.from(), asked.to())) {
          counted[0]++;
          counted[1] += placed.length();
          rows.add(row(asked.place(), source.group(), source.stream(), placed));
        }
      }
    }
  }

  /** An event as the row that queries see. */
  static Row row(Place place, String group, LogStore.Stream stream, Placed placed) {
    Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(12);
    fields.put("@timestamp", (Row.Later) () -> Times.shown(placed.event().timestamp()));
    fields.put("@ingestionTime", (Row.Later) () -> Times.shown(placed.event().ingested()));
    fields.put("@message", placed.event().message());
    fields.put("@logStream", stream.name());
    fields.put("@log", (Row.Later) () -> place.account() + ":" + group);
    fields.put("@ptr", (Row.Later) () ->
        new Pointer(stream.id(), placed.place(), placed.event().timestamp()).toString());
    return new Row(fields);
  }

  /** Where an event lies, with its time: whoever did not read the event cannot guess it. */
  private record Pointer(long stream, long place, long time) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})/(\\d{1,18})/(\\d{1,18})");

    static Optional<Pointer> parse(String text) {
      try {
        Matcher parts = TEXT.matcher(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        return parts.matches() ? Optional.of(new Pointer(Long.parseLong(parts.group(1)),
            Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)))) : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    @Override
    public String toString() {
      return Base64.getEncoder().encodeToString((stream + "/" + place + "/" + time).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The event of a pointer as a record of fields. */
  Optional<Map<String, String>> record(Place place, String text) {
    return Pointer.parse(text).flatMap(pointer -> store.stream(place, pointer.stream()).flatMap(stream ->
        event(stream, pointer).map(placed -> {
          Row row = row(place, stream.group(), stream, placed);
          Map<String, String> record = new LinkedHashMap<>();
          row.fields().stream().sorted().forEach(field -> record.put(field, row.text(field)));
          return record;
        })));
  }

  private Optional<Placed> event(LogStore.Stream stream, Pointer pointer) {
    return store.with(stream, segment -> segment.read(pointer.place(), 1, 0, Long.MAX_VALUE)).stream()
        .filter(placed -> placed.place() == pointer.place() && placed.event().timestamp() == pointer.time()).findFirst();
  }

  /** The group of the event of a pointer; empty when the pointer leads to none. */
  Optional<String> group(Place place, String text) {
    return Pointer.parse(text).flatMap(pointer -> store.stream(place, pointer.stream())
        .filter(stream -> event(stream, pointer).isPresent()).map(LogStore.Stream::group));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
