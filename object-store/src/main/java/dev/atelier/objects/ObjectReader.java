package dev.atelier.objects;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open object: its content stays readable when the object is replaced or deleted meanwhile. */
public final class ObjectReader implements AutoCloseable {
  private final StoredObject object;
  private final FileChannel channel;

  ObjectReader(StoredObject object, FileChannel channel) {
    this.object = object;
    this.channel = channel;
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

  private final class Range extends InputStream {
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
      int count = channel.read(buffer, at);
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
