package dev.atelier.jupyter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Byte strings one behind the other, at offsets that are checked before they are followed. */
final class Segments {
  private static final int MOST = 65_536;

  private Segments() {}

  /** How many offsets a message claims to have. */
  static int count(long claimed, long least) throws WireException {
    if (claimed < least || claimed > MOST) {
      throw new WireException("a message with " + claimed + " offsets");
    }
    return (int) claimed;
  }

  /** The segments between offsets and the next; the last one ends at {@code end}. */
  static List<byte[]> between(ByteBuffer bytes, List<Long> offsets, long end) throws WireException {
    List<byte[]> segments = new ArrayList<>(offsets.size());
    for (int i = 0; i < offsets.size(); i++) {
      long from = offsets.get(i);
      long to = i + 1 < offsets.size() ? offsets.get(i + 1) : end;
      if (from < 0 || to < from || to > bytes.limit()) {
        throw new WireException("a message whose offsets lie outside it");
      }
      byte[] segment = new byte[(int) (to - from)];
      bytes.get((int) from, segment);
      segments.add(segment);
    }
    return segments;
  }
}
