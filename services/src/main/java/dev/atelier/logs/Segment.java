package dev.atelier.logs;

import dev.atelier.segments.SegmentFile;
import dev.atelier.segments.SegmentFile.Frame;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The events of one stream in one file; a frame's mark is how far the stream's source had been read with it. */
final class Segment implements AutoCloseable {
  private final SegmentFile file;

  Segment(Path path) throws IOException {
    file = new SegmentFile(path);
  }

  /** Adds events that came from no source; durable after {@link #force}. */
  synchronized void append(List<LogEvent> events) {
    write(events, sourceOffset());
  }

  /** Adds an event whose message no event that came from no source has yet; durable after {@link #force}. */
  synchronized void appendOnce(LogEvent event) {
    boolean present = ofNoSource().stream().flatMap(frame -> events(frame).stream())
        .anyMatch(each -> each.message().equals(event.message()));
    if (!present) {
      append(List.of(event));
    }
  }

  /** The few frames that moved no source's offset; a source's are not unpacked, however much it has written. */
  private List<Frame> ofNoSource() {
    List<Frame> found = new ArrayList<>();
    long before = 0;
    for (Frame frame : file.frames()) {
      if (frame.mark() == before) {
        found.add(frame);
      }
      before = frame.mark();
    }
    return found;
  }

  /**
   * Adds events that came from a source's bytes {@code from} to {@code to}; durable after {@link #force}. False, and
   * nothing is added, when these bytes are not the next: somebody else has added them.
   */
  synchronized boolean append(List<LogEvent> events, long from, long to) {
    if (from != sourceOffset()) {
      return false;
    }
    write(events, to);
    return true;
  }

  private void write(List<LogEvent> events, long sourceOffset) {
    long from = events.stream().mapToLong(LogEvent::timestamp).min().orElse(0);
    long to = events.stream().mapToLong(LogEvent::timestamp).max().orElse(0);
    file.append(sourceOffset, events.size(), from, to, out -> pack(events, out));
  }

  private static void pack(List<LogEvent> events, DataOutputStream out) throws IOException {
    for (LogEvent event : events) {
      byte[] text = event.message().getBytes(StandardCharsets.UTF_8);
      out.writeLong(event.timestamp());
      out.writeLong(event.ingested());
      out.writeInt(text.length);
      out.write(text);
    }
  }

  /** How many events there are. */
  long count() {
    return file.count();
  }

  long sourceOffset() {
    return file.mark();
  }

  /** How many bytes the stream takes on disk. */
  long size() {
    return file.size();
  }

  /** The time of the earliest event; 0 when there is none. */
  long firstTimestamp() {
    return file.frames().stream().mapToLong(Frame::from).min().orElse(0);
  }

  long lastTimestamp() {
    return file.frames().stream().mapToLong(Frame::to).max().orElse(0);
  }

  /** When the last event arrived; 0 when there is none. */
  long lastIngestion() {
    List<Frame> frames = file.frames();
    return frames.isEmpty() ? 0 : events(frames.getLast()).stream().mapToLong(LogEvent::ingested).max().orElse(0);
  }

  /** An event with its place in the stream. */
  record Placed(long place, LogEvent event) {}

  /** Up to {@code most} events of a time range from a place on, in order of arrival. */
  List<Placed> read(long place, int most, long from, long to) {
    List<Placed> found = new ArrayList<>();
    for (Frame frame : file.frames()) {
      if (frame.first() + frame.count() <= place || frame.to() < from || frame.from() >= to) {
        continue;
      }
      long at = frame.first();
      for (LogEvent event : events(frame)) {
        if (at >= place && event.timestamp() >= from && event.timestamp() < to) {
          found.add(new Placed(at, event));
          if (found.size() == most) {
            return found;
          }
        }
        at++;
      }
    }
    return found;
  }

  /** Up to {@code most} events of a time range that end before a place, in order of arrival. */
  List<Placed> readBefore(long place, int most, long from, long to) {
    List<Placed> found = new ArrayList<>();
    List<Frame> all = file.frames();
    for (int i = all.size() - 1; i >= 0 && found.size() < most; i--) {
      Frame frame = all.get(i);
      if (frame.first() >= place || frame.to() < from || frame.from() >= to) {
        continue;
      }
      List<LogEvent> events = events(frame);
      for (int k = events.size() - 1; k >= 0 && found.size() < most; k--) {
        long at = frame.first() + k;
        LogEvent event = events.get(k);
        if (at < place && event.timestamp() >= from && event.timestamp() < to) {
          found.add(new Placed(at, event));
        }
      }
    }
    return found.reversed();
  }

  private List<LogEvent> events(Frame frame) {
    return file.read(frame, in -> unpack(in, frame.count()));
  }

  private static List<LogEvent> unpack(DataInputStream in, int count) throws IOException {
    List<LogEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long timestamp = in.readLong();
      long ingested = in.readLong();
      byte[] text = new byte[in.readInt()];
      in.readFully(text);
      events.add(new LogEvent(timestamp, ingested, new String(text, StandardCharsets.UTF_8)));
    }
    return events;
  }

  /** Deletes the frames whose events are all older than a time; the segment is closed then, and opened anew. */
  synchronized boolean dropBefore(long time) {
    return file.dropBefore(time);
  }

  /** Makes everything that was appended durable, also what an interrupted thread, which closes the file, left. */
  void force() {
    file.force();
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
