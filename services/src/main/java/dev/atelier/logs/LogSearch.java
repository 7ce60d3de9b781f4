package dev.atelier.logs;

import dev.atelier.kernel.Fault;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.logs.filter.FilterPattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** FilterLogEvents: the matching events of several streams, merged by time, a page at a time. */
final class LogSearch {
  private static final int BATCH = 500;

  private final LogStore store;

  LogSearch(LogStore store) {
    this.store = store;
  }

  /** An event that matches, with where it lies. */
  record Hit(LogStore.Stream stream, Placed placed) {
    private long timestamp() {
      return placed.event().timestamp();
    }
  }

  /** A page of hits; {@code next} is where the following one begins. */
  record Page(List<Hit> hits, Optional<String> next) {}

  private static final Comparator<Hit> ORDER = Comparator.comparingLong(Hit::timestamp)
      .thenComparingLong(hit -> hit.stream().id()).thenComparingLong(hit -> hit.placed().place());

  /**
   * A page.
   *
   * @param from inclusive, milliseconds
   * @param to exclusive, milliseconds
   * @param after the previous page's token
   */
  Page page(List<LogStore.Stream> streams, FilterPattern pattern, long from, long to, int most, Optional<String> after) {
    Optional<long[]> start = after.map(LogSearch::decode);
    long begin = start.map(token -> Math.max(from, token[0])).orElse(from);
    PriorityQueue<Cursor> queue = new PriorityQueue<>(Comparator.comparing(Cursor::head, ORDER));
    for (LogStore.Stream stream : streams) {
      Cursor cursor = new Cursor(stream, pattern, begin, to);
      cursor.advance();
      while (cursor.head != null && start.isPresent() && !isAfter(cursor.head, start.get())) {
        cursor.advance();
      }
      if (cursor.head != null) {
        queue.add(cursor);
      }
    }
    List<Hit> hits = new ArrayList<>();
    while (!queue.isEmpty() && hits.size() < most) {
      Cursor first = queue.poll();
      hits.add(first.head);
      first.advance();
      if (first.head != null) {
        queue.add(first);
      }
    }
    return new Page(hits, queue.isEmpty() ? Optional.empty() : Optional.of(encode(hits.getLast())));
  }

  private static boolean isAfter(Hit hit, long[] token) {
    if (hit.timestamp() != token[0]) {
      return hit.timestamp() > token[0];
    }
    return hit.stream().id() != token[1] ? hit.stream().id() > token[1] : hit.placed().place() > token[2];
  }

  private static String encode(Hit hit) {
    return hit.timestamp() + "/" + hit.stream().id() + "/" + hit.placed().place();
  }

  private static long[] decode(String token) {
    if (!token.matches("\\d{1,18}/\\d{1,18}/\\d{1,18}")) {
      throw new Fault("InvalidParameterException", 400, "The specified nextToken is invalid.");
    }
    String[] parts = token.split("/");
    return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])};
  }

  /** Walks the matching events of one stream. */
  private final class Cursor {
    private final LogStore.Stream stream;
    private final FilterPattern pattern;
    private final long from;
    private final long to;
    private List<Placed> batch = List.of();
    private int next;
    private long place;
    private Hit head;

    Cursor(LogStore.Stream stream, FilterPattern pattern, long from, long to) {
      this.stream = stream;
      this.pattern = pattern;
      this.from = from;
      this.to = to;
    }

    Hit head() {
      return head;
    }

    void advance() {
      head = null;
      while (head == null) {
        if (next == batch.size()) {
          long begin = place;
          batch = store.with(stream, segment -> segment.read(begin, BATCH, from, to));
          next = 0;
          if (batch.isEmpty()) {
            return;
          }
          place = batch.getLast().place() + 1;
        }
        Placed candidate = batch.get(next++);
        if (pattern.matches(candidate.event().message())) {
          head = new Hit(stream, candidate);
        }
      }
    }
  }
}
