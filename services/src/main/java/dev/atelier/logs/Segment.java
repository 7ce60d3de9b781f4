package dev.atelier.logs;

import dev.atelier.segments.SegmentFile;
import dev.atelier.segments.SegmentFile.Frame;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events of one stream in one file; a frame's mark is how far the stream's source had been read with it. */
final class Segment implements AutoCloseable {
  /** The most of events that one answer carries. */
  static final int PAGE_BYTES = 1 << 20;
  /** What CloudWatch counts for an event beside its message. */
  static final int EVENT_BYTES = 26;
  /** What stands before a message in a frame. */
  private static final int PACKED_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

  private final SegmentFile file;

  Segment(Path path) throws IOException {
    file = new SegmentFile(path);
  }

  /** Adds events that came from no source; durable after {@link #force}. */
  synchronized void append(List<LogEvent> events) {
    write(events, sourceOffset());
  }

  /**
   * Adds events, in one piece, unless one that came from no source has the first one's message; durable after
   * {@link #force}.
   */
  synchronized void appendOnce(List<LogEvent> events) {
    boolean present = ofNoSource().stream().flatMap(frame -> events(frame).stream())
        .anyMatch(each -> each.message().equals(events.getFirst().message()));
    if (!present) {
      append(events);
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

  /** An event with its place in the stream; {@code length} is its message's, in bytes. */
  record Placed(long place, LogEvent event, int length) {
    boolean isWithin(long from, long to) {
      return event.timestamp() >= from && event.timestamp() < to;
    }

    /** What the event counts for in a page, about. */
    long bytes() {
      return event.message().length() + EVENT_BYTES;
    }
  }

  /**
   * Up to {@code most} events of a time range from a place on, in order of arrival, and no more than {@value #PAGE_BYTES}
   * bytes of them.
   */
  List<Placed> read(long place, int most, long from, long to) {
    List<Placed> found = new ArrayList<>();
    long bytes = 0;
    for (Optional<Frame> next = file.frameAt(place); next.isPresent(); next = file.frameAt(end(next.get()))) {
      Frame frame = next.get();
      if (frame.to() < from || frame.from() >= to) {
        continue;
      }
      for (Placed placed : placed(frame, Needle.NONE)) {
        if (placed.place() >= place && placed.isWithin(from, to)) {
          bytes += placed.bytes();
          if (found.size() == most || bytes > PAGE_BYTES && !found.isEmpty()) {
            return found;
          }
          found.add(placed);
        }
      }
    }
    return found;
  }

  /** Up to {@code most} events of a time range that end before a place, as {@link #read} does. */
  List<Placed> readBefore(long place, int most, long from, long to) {
    List<Placed> found = new ArrayList<>();
    long bytes = 0;
    List<Frame> all = file.frames(from, to);
    for (Frame frame : all.reversed()) {
      if (frame.first() >= place) {
        continue;
      }
      for (Placed placed : placed(frame, Needle.NONE).reversed()) {
        if (placed.place() < place && placed.isWithin(from, to)) {
          bytes += placed.bytes();
          if (found.size() == most || bytes > PAGE_BYTES && !found.isEmpty()) {
            return found.reversed();
          }
          found.add(placed);
        }
      }
    }
    return found.reversed();
  }

  private static long end(Frame frame) {
    return frame.first() + frame.count();
  }

  /** The frames that may hold events of a time range. */
  List<Frame> frames(long from, long to) {
    return file.frames(from, to);
  }

  /**
   * What was read of a frame.
   *
   * @param events all of the frame's, or none when nothing of what is looked for is in it
   * @param count how many events the frame has
   * @param bytes their messages', together
   */
  record Part(List<Placed> events, int count, long bytes) {
    static final Part NONE = new Part(List.of(), 0, 0);
  }

  /** The frame that begins at a place; {@link Part#NONE} when it was deleted. */
  Part partAt(long first, Needle needle) {
    return file.frameAt(first).filter(frame -> frame.first() == first)
        .map(frame -> part(frame, needle)).orElse(Part.NONE);
  }

  private List<LogEvent> events(Frame frame) {
    return placed(frame, Needle.NONE).stream().map(Placed::event).toList();
  }

  private List<Placed> placed(Frame frame, Needle needle) {
    return part(frame, needle).events();
  }

  private Part part(Frame frame, Needle needle) {
    byte[] content = file.content(frame);
    long bytes = content.length - (long) PACKED_BYTES * frame.count();
    if (!needle.mayBeIn(content)) {
      return new Part(List.of(), frame.count(), bytes);
    }
    ByteBuffer in = ByteBuffer.wrap(content);
    List<Placed> events = new ArrayList<>(frame.count());
    for (int i = 0; i < frame.count(); i++) {
      long timestamp = in.getLong();
      long ingested = in.getLong();
      int length = in.getInt();
      String message = new String(content, in.position(), length, StandardCharsets.UTF_8);
      in.position(in.position() + length);
      events.add(new Placed(frame.first() + i, new LogEvent(timestamp, ingested, message), length));
    }
    return new Part(events, frame.count(), bytes);
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
