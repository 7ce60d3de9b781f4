package dev.atelier.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an encrypted content. A completed upload's is the sealed parts one after the other, any other's one part with
 * number 0.
 */
final class SealedContent {
  private final Content stored;
  private final ContentKey key;
  private final List<Segment> segments;
  private Segment open = new Segment(-1, 0, 0, 0, 0);
  private SeekableByteChannel channel;

  /** Where a part lies: in the clear and as it is stored. */
  private record Segment(int part, long from, long to, long sealedFrom, long sealedTo) {}

  SealedContent(Content stored, ContentKey key, StoredObject object) {
    this.stored = stored;
    this.key = key;
    List<StoredObject.Part> parts = object.parts().isEmpty()
        ? List.of(new StoredObject.Part(0, object.size(), Optional.empty())) : object.parts();
    List<Segment> found = new ArrayList<>();
    long at = 0;
    long sealedAt = 0;
    for (StoredObject.Part part : parts) {
      long sealedEnd = sealedAt + ContentKey.sealedSize(part.size());
      found.add(new Segment(part.number(), at, at + part.size(), sealedAt, sealedEnd));
      at += part.size();
      sealedAt = sealedEnd;
    }
    this.segments = List.copyOf(found);
  }

  /** Reads content at a place; the number of bytes, which are those of one part at most. */
  int read(ByteBuffer target, long at) throws IOException {
    if (at < open.from || at >= open.to) {
      open = segments.stream().filter(each -> at >= each.from && at < each.to).findFirst()
          .orElseThrow(() -> new IOException("content stored is shorter than its row says"));
      channel = key.opening(open.part, new Window(stored, open.sealedFrom, open.sealedTo));
    }
    channel.position(at - open.from);
    return channel.read(target);
  }

  /** A stretch of what is stored as a channel of its own. */
  private static final class Window implements SeekableByteChannel {
    private final Content stored;
    private final long from;
    private final long to;
    private long position;

    Window(Content stored, long from, long to) {
      this.stored = stored;
      this.from = from;
      this.to = to;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      long left = to - from - position;
      if (left <= 0) {
        return -1;
      }
      int limit = target.limit();
      target.limit((int) Math.min(limit, target.position() + Math.min(left, Integer.MAX_VALUE)));
      try {
        int count = stored.read(target, from + position);
        position += Math.max(count, 0);
        return count;
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return to - from;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException("content is immutable");
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("content is immutable");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // the stored is the reader's
    }
  }
}
