package dev.atelier.jupyter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The frames of one message as ZeroMQ's protocol has them on the wire. Source: RFC 23/ZMTP of ZeroMQ. */
public final class ZmtpFrames {
  private static final int MORE = 1;
  private static final int LONG = 2;
  private static final int SHORT_MOST = 255;
  private static final int MOST_FRAMES = 65_536;

  private ZmtpFrames() {}

  /** The bytes of a message. */
  public static byte[] encode(List<byte[]> frames) {
    int size = 0;
    for (byte[] frame : frames) {
      size = Math.addExact(size, frame.length + (frame.length > SHORT_MOST ? 1 + Long.BYTES : 2));
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (int i = 0; i < frames.size(); i++) {
      byte[] frame = frames.get(i);
      int more = i + 1 < frames.size() ? MORE : 0;
      if (frame.length > SHORT_MOST) {
        bytes.put((byte) (more | LONG)).putLong(frame.length);
      } else {
        bytes.put((byte) more).put((byte) frame.length);
      }
      bytes.put(frame);
    }
    return bytes.array();
  }

  /**
   * The frames of a message.
   *
   * @throws WireException the bytes are not those of one whole message
   */
  public static List<byte[]> decode(byte[] bytes) throws WireException {
    List<byte[]> frames = new ArrayList<>();
    int at = 0;
    boolean more = true;
    while (more) {
      if (at + 2 > bytes.length || frames.size() >= MOST_FRAMES) {
        throw new WireException("a message that is not whole");
      }
      int flags = bytes[at];
      if ((flags & ~(MORE | LONG)) != 0) {
        throw new WireException("unknown flags of a frame: " + flags);
      }
      boolean big = (flags & LONG) != 0;
      int start = at + (big ? 1 + Long.BYTES : 2);
      if (start > bytes.length) {
        throw new WireException("a message that is not whole");
      }
      long size = big ? ByteBuffer.wrap(bytes).getLong(at + 1) : bytes[at + 1] & SHORT_MOST;
      if (size < 0 || size > bytes.length - start) {
        throw new WireException("a message that is not whole");
      }
      at = start + (int) size;
      frames.add(Arrays.copyOfRange(bytes, start, at));
      more = (flags & MORE) != 0;
    }
    if (at != bytes.length) {
      throw new WireException("more than one message");
    }
    return frames;
  }
}
