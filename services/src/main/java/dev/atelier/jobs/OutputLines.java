package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.LogTimes;
import dev.atelier.compute.WorkloadId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host's output as lines, each with the time at which it was written where that was noted before the first was read;
 * what comes later is read as it is written. One thread at a time.
 */
final class OutputLines {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int MAX_LINE_BYTES = 64 << 10;

  private final ComputeBackend backend;
  private final WorkloadId id;
  private final String host;
  private final Clock clock;
  private Optional<LogTimes> times = Optional.empty();
  /** Whether what comes next goes on with a line that was too long. */
  private boolean within;

  OutputLines(ComputeBackend backend, WorkloadId id, String host, Clock clock) {
    this.backend = backend;
    this.id = id;
    this.host = host;
    this.clock = clock;
  }

  /** A line, or the next part of one that is too long. */
  record Part(LogSink.Line line, boolean first) {}

  /** What was read, up to the byte {@code to}. */
  record Chunk(List<Part> parts, long to) {
    List<LogSink.Line> lines() {
      return parts.stream().map(Part::line).toList();
    }
  }

  /**
   * The next lines from byte {@code from} on, where one begins; none when there is no more.
   *
   * @param last whether what has no end of line is one, too
   */
  Chunk read(long from, boolean last) {
    byte[] bytes = backend.readLog(id, host, from, CHUNK_BYTES);
    List<Part> parts = new ArrayList<>();
    return bytes.length == 0 ? new Chunk(parts, from)
        : new Chunk(parts, from + split(bytes, from, last && bytes.length < CHUNK_BYTES, parts));
  }

  /** Splits at line feeds; returns how many bytes were used. */
  private int split(byte[] bytes, long from, boolean tail, List<Part> parts) {
    Instant now = clock.instant();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      boolean end = bytes[i] == '\n';
      if (end || i - start >= MAX_LINE_BYTES) {
        parts.add(part(bytes, start, end ? i : i + 1, from, now));
        within = !end;
        start = i + 1;
      }
    }
    if (tail && start < bytes.length) {
      parts.add(part(bytes, start, bytes.length, from, now));
      start = bytes.length;
    }
    return start;
  }

  private Part part(byte[] bytes, int start, int end, long from, Instant now) {
    int length = end > start && bytes[end - 1] == '\r' ? end - 1 - start : end - start;
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    return new Part(new LogSink.Line(written(from + end).orElse(now), text), !within);
  }

  private Optional<Instant> written(long end) {
    if (times.isEmpty()) {
      times = Optional.of(backend.logTimes(id, host));
    }
    Optional<Instant> at = times.get().reached(end);
    if (at.isEmpty()) {
      times = Optional.of(LogTimes.NONE);
    }
    return at;
  }
}
