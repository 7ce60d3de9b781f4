package dev.atelier.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** An open content, as it is stored; it stays readable when its object is replaced or deleted meanwhile. */
sealed interface Content extends AutoCloseable {

  /** Reads from a place on; the number of bytes, -1 at the end. */
  int read(ByteBuffer target, long at) throws IOException;

  long size() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a content.
   *
   * @param small the content itself, when it lies in a row
   * @throws NoSuchFileException when it is not there
   */
  static Content open(String id, Optional<byte[]> small, ObjectFiles files) throws IOException {
    if (SmallContent.is(id)) {
      return new InMemory(small.orElseThrow(() -> new NoSuchFileException(id)));
    }
    return new InFile(FileChannel.open(files.path(id), StandardOpenOption.READ));
  }

  /** A content of its own file. */
  record InFile(FileChannel channel) implements Content {
    @Override
    public int read(ByteBuffer target, long at) throws IOException {
      return channel.read(target, at);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** A content in memory. */
  record InMemory(byte[] bytes) implements Content {
    @Override
    public int read(ByteBuffer target, long at) {
      if (at >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(target.remaining(), bytes.length - at);
      target.put(bytes, (int) at, count);
      return count;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void close() {
      // memory needs no closing
    }
  }
}
