package dev.atelier.logs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one stream in one file: frames, each with a header (length, checksum, source offset, first place, time
 * range) and compressed events. A frame cut short by a crash is cut off at opening; the headers are the sparse index.
 */
final class Segment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
  private static final int HEADER = 4 + 4 + 8 + 8 + 8 + 8 + 4;

  /** The segment was closed, so its file may have grown since under another one. */
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Closed(Throwable cause) {
      super(cause);
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final List<Frame> frames = new ArrayList<>();
  private long end;
  private boolean dirty;

  /**
   * A frame's header.
   *
   * @param position of its payload in the file
   * @param first place of its first event in the stream
   */
  private record Frame(long position, int length, int crc, long sourceOffset, long first, int count, long from, long to) {}

  Segment(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    long size = channel.size();
    long first = 0;
    while (end + HEADER <= size) {
      header.clear();
      channel.read(header, end);
      header.flip();
      Frame frame = frame(end + HEADER, header, first);
      if (frame.length() <= 0 || frame.position() + frame.length() > size || !intact(frame)) {
        break;
      }
      frames.add(frame);
      first += frame.count();
      end = frame.position() + frame.length();
    }
    channel.truncate(end);
  }

  private static Frame frame(long position, ByteBuffer header, long first) {
    int length = header.getInt();
    int crc = header.getInt();
    long sourceOffset = header.getLong();
    header.getLong();
    long from = header.getLong();
    long to = header.getLong();
    return new Frame(position, length, crc, sourceOffset, first, header.getInt(), from, to);
  }

  /** Only the last frames can be torn, but a checksum over all costs little and finds bad disks. */
  private boolean intact(Frame frame) throws IOException {
    return crc(payload(frame)) == frame.crc();
  }

  private byte[] payload(Frame frame) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(frame.length());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, frame.position() + buffer.position()) < 0) {
        throw new IOException("the segment ends within a frame");
      }
    }
    return buffer.array();
  }

  private static int crc(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return (int) crc.getValue();
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
    for (Frame frame : snapshot()) {
      if (frame.sourceOffset() == before) {
        found.add(frame);
      }
      before = frame.sourceOffset();
    }
    return found;
  }

  private void requireOpen() {
    if (!channel.isOpen()) {
      throw new Closed(null);
    }
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
    try {
      byte[] payload = pack(events);
      long from = events.stream().mapToLong(LogEvent::timestamp).min().orElse(0);
      long to = events.stream().mapToLong(LogEvent::timestamp).max().orElse(0);
      Frame frame = new Frame(end + HEADER, payload.length, crc(payload), sourceOffset, count(), events.size(), from, to);
      ByteBuffer out = ByteBuffer.allocate(HEADER + payload.length);
      out.putInt(frame.length()).putInt(frame.crc()).putLong(sourceOffset).putLong(frame.first()).putLong(from)
          .putLong(to).putInt(frame.count()).put(payload).flip();
      long position = end;
      while (out.hasRemaining()) {
        position += channel.write(out, position);
      }
      frames.add(frame);
      end = position;
      dirty = true;
    } catch (ClosedChannelException e) {
      throw new Closed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pack(List<LogEvent> events) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, fast))) {
      for (LogEvent event : events) {
        byte[] text = event.message().getBytes(StandardCharsets.UTF_8);
        out.writeLong(event.timestamp());
        out.writeLong(event.ingested());
        out.writeInt(text.length);
        out.write(text);
      }
    } finally {
      fast.end();
    }
    return bytes.toByteArray();
  }

  /** How many events there are. */
  synchronized long count() {
    requireOpen();
    return frames.isEmpty() ? 0 : frames.getLast().first() + frames.getLast().count();
  }

  synchronized long sourceOffset() {
    requireOpen();
    return frames.isEmpty() ? 0 : frames.getLast().sourceOffset();
  }

  /** The time of the earliest event; 0 when there is none. */
  synchronized long firstTimestamp() {
    requireOpen();
    return frames.stream().mapToLong(Frame::from).min().orElse(0);
  }

  synchronized long lastTimestamp() {
    requireOpen();
    return frames.stream().mapToLong(Frame::to).max().orElse(0);
  }

  /** An event with its place in the stream. */
  record Placed(long place, LogEvent event) {}

  /** Up to {@code most} events of a time range from a place on, in order of arrival. */
  List<Placed> read(long place, int most, long from, long to) {
    List<Placed> found = new ArrayList<>();
    for (Frame frame : snapshot()) {
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
    List<Frame> all = snapshot();
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

  private synchronized List<Frame> snapshot() {
    requireOpen();
    return List.copyOf(frames);
  }

  private List<LogEvent> events(Frame frame) {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(payload(frame))))) {
      List<LogEvent> events = new ArrayList<>(frame.count());
      for (int i = 0; i < frame.count(); i++) {
        long timestamp = in.readLong();
        long ingested = in.readLong();
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        events.add(new LogEvent(timestamp, ingested, new String(text, StandardCharsets.UTF_8)));
      }
      return events;
    } catch (ClosedChannelException e) {
      throw new Closed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes everything that was appended durable, also what an interrupted thread, which closes the file, left. */
  synchronized void force() {
    if (!dirty) {
      return;
    }
    try {
      if (channel.isOpen()) {
        channel.force(false);
      } else {
        forceAgain();
      }
      dirty = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forcing a file forces what was written through any of its channels; of a deleted file nothing is wanted. */
  private void forceAgain() throws IOException {
    try (FileChannel again = FileChannel.open(file, StandardOpenOption.WRITE)) {
      again.force(false);
    } catch (NoSuchFileException e) {
      LOG.debug("the log {} was deleted before it was durable", file);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try (channel) {
      force();
    }
  }
}
