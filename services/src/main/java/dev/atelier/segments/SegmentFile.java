package dev.atelier.segments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items in one file that only grows: frames, each with a header (length, checksum, mark, first place, time range, count)
 * and compressed items. A frame cut short by a crash is cut off at opening; the headers are the sparse index.
 */
public final class SegmentFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);
  private static final int HEADER = 4 + 4 + 8 + 8 + 8 + 8 + 4;
  /** More than is ever written between two flushes to disk: what lies before it was whole once. */
  private static final long PERHAPS_TORN = 64 << 20;
  private static final int INFLATE_BUFFER = 32 << 10;

  /** The file was closed, so it may have grown since under another opening of it. */
  public static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Closed(Throwable cause) {
      super(cause);
    }
  }

  /**
   * A frame's header.
   *
   * @param position of its payload in the file
   * @param mark what its writer wants to find again
   * @param first place of its first item in the file
   * @param from earliest time of its items, in the writer's unit
   */
  public record Frame(long position, int length, int crc, long mark, long first, int count, long from, long to) {}

  /** Writes a frame's items. */
  @FunctionalInterface
  public interface Items {
    void to(DataOutputStream out) throws IOException;
  }

  /** Reads a frame's items. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  private final Path file;
  private final FileChannel channel;
  private final List<Frame> frames = new ArrayList<>();
  private long end;
  private volatile long forced;

  public SegmentFile(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    long size = channel.size();
    while (end + HEADER <= size) {
      header.clear();
      channel.read(header, end);
      header.flip();
      Frame frame = frame(end + HEADER, header);
      boolean fits = frame.length() > 0 && frame.position() + frame.length() <= size;
      if (!fits || frame.position() + PERHAPS_TORN > size && crc(payload(frame)) != frame.crc()) {
        break;
      }
      frames.add(frame);
      end = frame.position() + frame.length();
    }
    if (end < size) {
      channel.truncate(end);
    }
    forced = end;
  }

  private static Frame frame(long position, ByteBuffer header) {
    int length = header.getInt();
    int crc = header.getInt();
    long mark = header.getLong();
    long first = header.getLong();
    long from = header.getLong();
    long to = header.getLong();
    return new Frame(position, length, crc, mark, first, header.getInt(), from, to);
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

  /**
   * Adds a frame; durable after {@link #force}.
   *
   * @param from earliest time of the items; {@code to} is the latest
   * @return where the file now ends, for {@link #forceTo}
   */
  public synchronized long append(long mark, int items, long from, long to, Items content) {
    try {
      byte[] payload = pack(content);
      put(new Frame(0, payload.length, crc(payload), mark, count(), items, from, to), payload);
      return end;
    } catch (ClosedChannelException e) {
      throw new Closed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void put(Frame frame, byte[] payload) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(HEADER + payload.length);
    out.putInt(frame.length()).putInt(frame.crc()).putLong(frame.mark()).putLong(frame.first()).putLong(frame.from())
        .putLong(frame.to()).putInt(frame.count()).put(payload).flip();
    long position = end;
    while (out.hasRemaining()) {
      position += channel.write(out, position);
    }
    frames.add(new Frame(end + HEADER, frame.length(), frame.crc(), frame.mark(), frame.first(), frame.count(),
        frame.from(), frame.to()));
    end = position;
  }

  private static byte[] pack(Items content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater fast = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, fast))) {
      content.to(out);
    } finally {
      fast.end();
    }
    return bytes.toByteArray();
  }

  /**
   * Deletes the frames whose items are all before a time, and closes this opening when there are such: places and mark
   * stay as they are.
   */
  public synchronized boolean dropBefore(long time) {
    List<Frame> kept = frames().stream().filter(frame -> frame.to() >= time).toList();
    if (kept.size() == frames.size() || kept.isEmpty() && frames.getLast().count() == 0) {
      return false;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
    try {
      Files.deleteIfExists(fresh);
      try (SegmentFile copy = new SegmentFile(fresh)) {
        for (Frame frame : kept) {
          copy.put(frame, payload(frame));
        }
        if (kept.isEmpty()) {
          Frame last = frames.getLast();
          byte[] nothing = pack(out -> { });
          copy.put(new Frame(0, nothing.length, crc(nothing), last.mark(), count(), 0, 0, 0), nothing);
        }
        copy.force();
      }
      channel.close();
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many items there are. */
  public synchronized long count() {
    requireOpen();
    return frames.isEmpty() ? 0 : frames.getLast().first() + frames.getLast().count();
  }

  /** The last frame's mark; 0 when there is no frame. */
  public synchronized long mark() {
    requireOpen();
    return frames.isEmpty() ? 0 : frames.getLast().mark();
  }

  /** The frames as they stand now. */
  public synchronized List<Frame> frames() {
    requireOpen();
    return List.copyOf(frames);
  }

  /** The frames that may hold items of a time range, {@code to} exclusive, as they stand now. */
  public synchronized List<Frame> frames(long from, long to) {
    requireOpen();
    return frames.stream().filter(frame -> frame.to() >= from && frame.from() < to).toList();
  }

  /** The frame that holds the item at a place, or else the next one. */
  public synchronized Optional<Frame> frameAt(long place) {
    requireOpen();
    int low = 0;
    int high = frames.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (frames.get(middle).first() + frames.get(middle).count() <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < frames.size() ? Optional.of(frames.get(low)) : Optional.empty();
  }

  /** How many bytes the file holds. */
  public synchronized long size() {
    return end;
  }

  private void requireOpen() {
    if (!channel.isOpen()) {
      throw new Closed(null);
    }
  }

  /** A frame's items. */
  public <T> T read(Frame frame, Reading<T> reading) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content(frame)))) {
      return reading.from(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A frame's items, unpacked, as their writer wrote them. */
  public byte[] content(Frame frame) {
    Inflater inflater = new Inflater();
    try {
      byte[] payload = payload(frame);
      if (crc(payload) != frame.crc()) {
        throw new IOException("the checksum of a frame of " + file.getFileName() + " is wrong");
      }
      return new InflaterInputStream(new ByteArrayInputStream(payload), inflater, INFLATE_BUFFER).readAllBytes();
    } catch (ClosedChannelException e) {
      throw new Closed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inflater.end();
    }
  }

  /** Makes what lies before {@code position} durable; writers that wait together share one flush to disk. */
  public void forceTo(long position) {
    if (forced < position) {
      forceAll();
    }
  }

  /** Makes everything that was appended durable, also what an interrupted thread, which closes the file, left. */
  public void force() {
    forceTo(size());
  }

  private void forceAll() {
    synchronized (channel) {
      long upTo = size();
      if (forced >= upTo) {
        return;
      }
      try {
        if (channel.isOpen()) {
          channel.force(false);
        } else {
          forceAgain();
        }
        forced = upTo;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Forcing a file forces what was written through any of its channels; of a deleted file nothing is wanted. */
  private void forceAgain() throws IOException {
    try (FileChannel again = FileChannel.open(file, StandardOpenOption.WRITE)) {
      again.force(false);
    } catch (NoSuchFileException e) {
      LOG.debug("the segment {} was deleted before it was durable", file);
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      force();
    }
  }
}
