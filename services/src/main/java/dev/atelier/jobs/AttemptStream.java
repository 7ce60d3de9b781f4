package dev.atelier.jobs;

import java.util.List;

/**
 * A log stream that several attempts fill one after the other, as one of them sees it: each has a file of its own, whose
 * first byte comes behind the last of those before.
 *
 * @param whole the stream
 * @param start where it stood when the attempt began
 */
public record AttemptStream(LogSink.Stream whole, long start) implements LogSink.Stream {

  @Override
  public long sourceOffset() {
    return Math.max(0, whole.sourceOffset() - start);
  }

  @Override
  public void appendOnce(List<LogSink.Line> lines) {
    whole.appendOnce(lines);
  }

  @Override
  public boolean append(List<LogSink.Line> lines, long from, long to) {
    long stands = whole.sourceOffset();
    if (Math.max(0, stands - start) != from) {
      return false;
    }
    // somebody may have deleted the stream since
    return whole.append(lines, Math.min(stands, start + from), start + to);
  }
}
