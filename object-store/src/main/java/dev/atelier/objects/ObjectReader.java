package dev.atelier.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** An open object: its content stays readable when the object is replaced or deleted meanwhile. */
public final class ObjectReader implements AutoCloseable {
  private final StoredObject object;
  private final FileChannel channel;
  private final Optional<ContentKey> key;

  /** @param key the key of the content, when it is encrypted */
  ObjectReader(StoredObject object, FileChannel channel, Optional<ContentKey> key) {
    this.object = object;
    this.channel = channel;
    this.key = key;
  }

  public StoredObject object() {
    return object;
  }

  /** The content from {@code offset} on; closing the stream closes the object. */
  public InputStream stream(long offset, long length) {
    return new Range(offset, length);
  }

  /** The whole content; closing the stream closes the object. */
  public InputStream stream() {
    return stream(0, object.size());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private interface Content {
    int read(ByteBuffer target, long at) throws IOException;
  }

  private final class Range extends InputStream {
    private final Content content = key.<Content>map(known -> new SealedContent(channel, known, object)::read)
        .orElse(channel::read);
    private long at;
    private final long end;

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
      if (at >= end) {
        return -1;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at));
      int count = content.read(buffer, at);
      if (count < 0) {
        throw new IOException("content file is shorter than its row says");
      }
      at += count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, end - at);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
