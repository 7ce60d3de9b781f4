package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jupyter.Channel;
import dev.atelier.jupyter.WireException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** What a kernel said, from some place of its record on, and then as it says it. */
final class KernelFeed implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Channel> CHANNELS =
      List.of(Channel.SHELL, Channel.IOPUB, Channel.STDIN, Channel.CONTROL);
  private static final int EVENT = 4;
  private static final int CUT = 5;
  private static final int HEAD = 1 + Long.BYTES;
  private static final int MEBIBYTE = 1 << 20;
  /** Of long messages, of all kernels and clients together: in MiB. Each is in memory a few times on its way. */
  private static final int ROOM = 64;
  private static final Semaphore LONG = new Semaphore(ROOM, true);
  /** What is longer is passed over: it would not fit into the server beside other users' messages. */
  private static final long LONGEST = (long) ROOM * MEBIBYTE;

  private final KernelHost.Line line;
  private long offset;
  /** The room that the entry has which was given last. */
  private int held;

  /** A piece of the record. */
  sealed interface Entry {
    /** A message. @param frames as ZeroMQ's protocol has them */
    record Said(Channel channel, byte[] frames) implements Entry {}

    /** What happened to the kernel's process. @param what {@code started}, {@code restarting}, {@code died}, {@code dead} */
    record Happened(String what, int exitCode) implements Entry {}

    /** What was here is not kept any more. @param bytes how much */
    record Cut(long bytes) implements Entry {}
  }

  private KernelFeed(KernelHost.Line line) {
    this.line = line;
    this.offset = line.answer().get("offset").asLong();
  }

  static KernelFeed open(KernelHost host, String kernel, long offset) throws IOException {
    return new KernelFeed(host.open(Map.of("op", "follow", "id", kernel, "offset", offset)));
  }

  /** What comes before the frames of a message that is sent to the kernel. @param length of the frames, in bytes */
  static ByteBuffer head(Channel channel, int length) {
    return ByteBuffer.allocate(HEAD).put((byte) CHANNELS.indexOf(channel)).putLong(length).flip();
  }

  /** Behind the last entry: where another feed goes on. */
  long offset() {
    return offset;
  }

  /**
   * The next entry; waits for it, and for room when it is long. The one before it is done with then.
   *
   * @throws EOFException the kernel or its host is gone
   */
  Entry next() throws IOException {
    release();
    int kind = line.in().readUnsignedByte();
    long size = line.in().readLong();
    if (size < 0) {
      throw new WireException("an entry of " + size + " bytes");
    }
    if (size > LONGEST) {
      line.in().skipNBytes(size);
      offset += HEAD + size;
      return new Entry.Cut(size);
    }
    take((int) (size / MEBIBYTE));
    byte[] content = line.in().readNBytes((int) size);
    if (content.length < size) {
      throw new EOFException("the kernel's record ends within an entry");
    }
    if (kind == CUT) {
      long to = ByteBuffer.wrap(content).getLong();
      long lost = to - offset;
      offset = to;
      return new Entry.Cut(lost);
    }
    offset += HEAD + size;
    if (kind == EVENT) {
      JsonNode event = JSON.readTree(content);
      return new Entry.Happened(event.path("event").asText(), event.path("exit").asInt());
    }
    if (kind >= CHANNELS.size()) {
      throw new WireException("an entry of kind " + kind);
    }
    return new Entry.Said(CHANNELS.get(kind), content);
  }

  private void take(int mebibytes) throws IOException {
    try {
      if (mebibytes > 0) {
        LONG.acquire(mebibytes);
      }
      held = mebibytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("nobody listens any more");
    }
  }

  private void release() {
    LONG.release(held);
    held = 0;
  }

  @Override
  public void close() throws IOException {
    release();
    line.close();
  }
}
