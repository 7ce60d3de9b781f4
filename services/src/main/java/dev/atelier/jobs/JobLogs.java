package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A job's log streams: what its program writes, and what Atelier has to say about it. */
public final class JobLogs {
  private static final int LAST_LINES = 12;

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

  /** Reads a host's whole output again, line by line; one that is too long is told as far as it goes, once. */
  public void scan(ComputeBackend backend, WorkloadId id, String host, Consumer<LogSink.Line> lines) {
    OutputLines output = new OutputLines(backend, id, host, clock);
    long offset = 0;
    for (OutputLines.Chunk chunk = output.read(0, true); chunk.to() > offset; chunk = output.read(offset, true)) {
      chunk.parts().stream().filter(OutputLines.Part::first).forEach(part -> lines.accept(part.line()));
      offset = chunk.to();
    }
  }
}
