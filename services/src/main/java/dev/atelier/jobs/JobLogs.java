package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A job's log streams: what its program writes, and what Atelier has to say about it. */
public final class JobLogs {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int LAST_LINES = 12;
  private static final int LONGEST_LINE = 64 << 10;

  private final LogSink sink;
  private final Clock clock;

  public JobLogs(LogSink sink, Clock clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** Where a stream is. */
  public record Name(AccountId account, Region region, String group, String stream) {}

  public LogSink.Stream open(Name name) {
    return sink.open(name.account(), name.region(), name.group(), name.stream());
  }

  /** Adds a line of Atelier's own, before or between the program's; once, though a restart may tell it again. */
  public void platform(Name name, String text) {
    platform(name, List.of(text));
  }

  /** Adds lines that belong together, once: the first tells whether they are there. */
  void platform(Name name, List<String> lines) {
    open(name).appendOnce(lines.stream().map(line -> new LogSink.Line(clock.instant(), line)).toList());
  }

  /** What a host wrote last. */
  public List<String> lastLines(ComputeBackend backend, WorkloadId id, String host) {
    return lastLines(backend, id, host, LAST_LINES);
  }

  /** As the other, so many lines at most. */
  List<String> lastLines(ComputeBackend backend, WorkloadId id, String host, int most) {
    List<String> lines = new ArrayList<>();
    scan(backend, id, host, line -> {
      lines.add(line.text());
      if (lines.size() > most) {
        lines.removeFirst();
      }
    });
    return lines;
  }

  /** What a host wrote last, as the end of a message; empty when the workload is gone. */
  public String tail(ComputeBackend backend, WorkloadId id, String host) {
    return backend.list().containsKey(id)
        ? "Last lines of the log:\n" + String.join("\n", lastLines(backend, id, host)) : "";
  }

  /** Reads a host's whole output again, line by line. */
  public void scan(ComputeBackend backend, WorkloadId id, String host, Consumer<LogSink.Line> lines) {
    StringBuilder rest = new StringBuilder();
    boolean cut = false;
    long offset = 0;
    for (byte[] chunk = backend.readLog(id, host, 0, CHUNK_BYTES); chunk.length > 0;
        chunk = backend.readLog(id, host, offset, CHUNK_BYTES)) {
      offset += chunk.length;
      // a character cut between two chunks shows as two replacement marks; metrics are plain ASCII
      rest.append(new String(chunk, StandardCharsets.UTF_8));
      int start = 0;
      for (int end = rest.indexOf("\n", start); end >= 0; end = rest.indexOf("\n", start)) {
        if (!cut) {
          lines.accept(new LogSink.Line(clock.instant(), rest.substring(start, end)));
        }
        cut = false;
        start = end + 1;
      }
      rest.delete(0, start);
      if (rest.length() > LONGEST_LINE) {
        // a line without an end is told as far as it goes, once
        if (!cut) {
          lines.accept(new LogSink.Line(clock.instant(), rest.substring(0, LONGEST_LINE)));
        }
        cut = true;
        rest.setLength(0);
      }
    }
    if (!rest.isEmpty() && !cut) {
      lines.accept(new LogSink.Line(clock.instant(), rest.toString()));
    }
  }
}
