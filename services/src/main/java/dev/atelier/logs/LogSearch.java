package dev.atelier.logs;

import dev.atelier.kernel.Fault;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.logs.filter.FilterPattern;
import dev.atelier.segments.SegmentFile.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * FilterLogEvents: the matching events of several streams in order of time, a page at a time. Parts of streams are read
 * in order of their earliest event; what lies before the next part's earliest is in order for good. A page ends also
 * after so much has been read that its client would wait too long, be it without any event.
 */
final class LogSearch {
  private static final long READ_BYTES = 48 << 20;

  private final LogStore store;
  private final long readBytes;

  LogSearch(LogStore store) {
    this(store, READ_BYTES);
  }

  /** @param readBytes how much a page reads from disk, about */
  LogSearch(LogStore store, long readBytes) {
    this.store = store;
    this.readBytes = readBytes;
  }

  /** An event that matches, with where it lies. */
  record Hit(LogStore.Stream stream, Placed placed) {
    private long timestamp() {
      return placed.event().timestamp();
    }
  }

  /** A page of hits; {@code next} is where the following one begins. */
  record Page(List<Hit> hits, Optional<String> next) {}

  /**
   * What is looked for.
   *
   * @param from inclusive, milliseconds
   * @param to exclusive, milliseconds
   */
  record Question(List<LogStore.Stream> streams, FilterPattern pattern, long from, long to) {}

  private static final Comparator<Hit> ORDER = Comparator.comparingLong(Hit::timestamp)
      .thenComparingLong(hit -> hit.stream().id()).thenComparingLong(hit -> hit.placed().place());

  private record Part(LogStore.Stream stream, Frame frame) {}

  /** Where a page begins: after this event, or at this time. */
  private record Start(long time, long stream, long place) {
    boolean isBefore(Hit hit) {
      if (hit.timestamp() != time) {
        return hit.timestamp() > time;
      }
      return hit.stream().id() != stream ? hit.stream().id() > stream : hit.placed().place() > place;
    }

    /** False only when no event of the part lies behind it. */
    boolean isBefore(Part part) {
      Frame frame = part.frame();
      if (frame.to() != time) {
        return frame.to() > time;
      }
      return part.stream().id() != stream ? part.stream().id() > stream
          : frame.first() + frame.count() - 1 > place;
    }
  }

  /** @param after the previous page's token */
  Page page(Question question, int most, Optional<String> after) {
    Start start = after.map(LogSearch::decode).filter(token -> token.time() >= question.from())
        .orElse(new Start(question.from(), 0, -1));
    List<Part> parts = new ArrayList<>();
    for (LogStore.Stream stream : question.streams()) {
      store.with(stream, segment -> segment.frames(start.time(), question.to())).stream()
          .map(frame -> new Part(stream, frame)).filter(start::isBefore).forEach(parts::add);
    }
    parts.sort(Comparator.comparingLong(part -> part.frame().from()));
    Needle needle = Needle.of(question.pattern().required());
    Waiting waiting = new Waiting(most);
    long read = 0;
    for (Part part : parts) {
      long earliest = part.frame().from();
      waiting.emitBefore(earliest);
      if (waiting.isFull(earliest)) {
        break;
      }
      if (read > readBytes && earliest > start.time()) {
        return new Page(waiting.page, Optional.of(earliest + "/0/0"));
      }
      read += part.frame().length();
      store.with(part.stream(), segment -> segment.partAt(part.frame().first(), needle)).events().stream()
          .filter(placed -> placed.isWithin(question.from(), question.to()))
          .map(placed -> new Hit(part.stream(), placed))
          .filter(hit -> start.isBefore(hit) && question.pattern().matches(hit.placed().event().message()))
          .forEach(waiting::add);
    }
    waiting.emitBefore(Long.MAX_VALUE);
    return new Page(waiting.page, waiting.hasMore() ? Optional.of(encode(waiting.page.getLast())) : Optional.empty());
  }

  private static String encode(Hit hit) {
    return hit.timestamp() + "/" + hit.stream().id() + "/" + hit.placed().place();
  }

  private static Start decode(String token) {
    if (!token.matches("\\d{1,18}/\\d{1,18}/\\d{1,18}")) {
      throw new Fault("InvalidParameterException", 400, "The specified nextToken is invalid.");
    }
    String[] parts = token.split("/");
    return new Start(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
  }

  /**
   * The page, and hits that an earlier one may yet precede. Of these no more are kept than the page can take: once one was
   * left out, none behind it is taken.
   */
  private static final class Waiting {
    private final int most;
    private final List<Hit> page = new ArrayList<>();
    private final TreeSet<Hit> hits = new TreeSet<>(ORDER);
    private long room = Segment.PAGE_BYTES;
    private long bytes;
    private Optional<Hit> leftOut = Optional.empty();

    Waiting(int most) {
      this.most = most;
    }

    void add(Hit hit) {
      if (leftOut.isPresent() && ORDER.compare(hit, leftOut.get()) > 0) {
        return;
      }
      hits.add(hit);
      bytes += hit.placed().bytes();
      while (page.size() + hits.size() > most || bytes > room && page.size() + hits.size() > 1) {
        leftOut = Optional.of(hits.pollLast());
        bytes -= leftOut.get().placed().bytes();
      }
    }

    void emitBefore(long time) {
      while (!hits.isEmpty() && hits.first().timestamp() < time) {
        Hit hit = hits.pollFirst();
        bytes -= hit.placed().bytes();
        room -= hit.placed().bytes();
        page.add(hit);
      }
    }

    /** Whether nothing that comes at this time or later belongs on the page. */
    boolean isFull(long time) {
      return leftOut.isPresent() && (page.size() == most || hits.isEmpty() && leftOut.get().timestamp() < time);
    }

    boolean hasMore() {
      return leftOut.isPresent();
    }
  }
}
