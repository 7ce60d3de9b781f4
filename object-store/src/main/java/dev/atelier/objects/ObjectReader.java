package dev.atelier.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** An open object: its content stays readable when the object is replaced or deleted meanwhile. */
public final class ObjectReader implements AutoCloseable {
  private final StoredObject object;
  private final Content stored;
  private final Optional<ContentKey> key;

  /** @param key the key of the content, when it is encrypted */
  ObjectReader(StoredObject object, Content stored, Optional<ContentKey> key) {
    this.object = object;
    this.stored = stored;
    this.key = key;
  }

  public StoredObject object() {
    return object;
  }

  /** The content from {@code offset} on, as a stream that is a channel too; closing it closes the object. */
  public InputStream stream(long offset, long length) {
    return new Range(offset, length);
  }

  /** The whole content; closing the stream closes the object. */
  public InputStream stream() {
    return stream(0, object.size());
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }

  private interface Clear {
    int read(ByteBuffer target, long at) throws IOException;
  }

  private final class Range extends InputStream implements ReadableByteChannel {
    private final Clear content = key.<Clear>map(known -> new SealedContent(stored, known, object)::read)
        .orElse(stored::read);
    private long at;
    private final long end;
    private boolean closed;

    Range(long offset, long length) {
      at = offset;
      end = offset + length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      return read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (at >= end) {
        return -1;
      }
      int limit = target.limit();
      target.limit((int) Math.min(limit, target.position() + (end - at)));
      try {
        int count = content.read(target, at);
        if (count < 0) {
          throw new IOException("content is shorter than its row says");
        }
        at += count;
        return count;
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, end - at);
    }

    @Override
    public void close() throws IOException {
      closed = true;
      stored.close();
    }
  }
}
