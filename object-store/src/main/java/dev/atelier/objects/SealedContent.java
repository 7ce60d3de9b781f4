package dev.atelier.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an encrypted file. A completed upload's is the sealed parts one after the other, any other's one part with
 * number 0.
 */
final class SealedContent {
  private final FileChannel file;
  private final ContentKey key;
  private final List<Segment> segments;
  private Segment open = new Segment(-1, 0, 0, 0, 0);
  private SeekableByteChannel channel;

  /** Where a part lies: in the content and in the file. */
  private record Segment(int part, long from, long to, long sealedFrom, long sealedTo) {}

  SealedContent(FileChannel file, ContentKey key, StoredObject object) {
    this.file = file;
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
          .orElseThrow(() -> new IOException("content file is shorter than its row says"));
      channel = key.opening(open.part, new Window(file, open.sealedFrom, open.sealedTo));
    }
    channel.position(at - open.from);
    return channel.read(target);
  }

  /** A stretch of a file as a channel of its own. */
  private static final class Window implements SeekableByteChannel {
    private final FileChannel file;
    private final long from;
    private final long to;
    private long position;

    Window(FileChannel file, long from, long to) {
      this.file = file;
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
        int count = file.read(target, from + position);
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
      return file.isOpen();
    }

    @Override
    public void close() {
      // the file is the reader's
    }
  }
}
