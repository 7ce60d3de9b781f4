package dev.atelier.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that tells of every write and flush, before and after it; a write may be cut short by an error. */
final class FaultyChannel extends FileChannel {
  private final FileChannel real;
  private final Watch watch;

  /** Told of writes and flushes. */
  interface Watch {
    /** Whether only a piece is to be written before the write fails. */
    boolean before(boolean force) throws IOException;

    /** @param size of the file before it was forced */
    void after(boolean force, long size) throws IOException;
  }

  FaultyChannel(FileChannel real, Watch watch) {
    this.real = real;
    this.watch = watch;
  }

  /** Leaves a piece on the disk and the position where it was, as a failed write does. */
  private void tear(ByteBuffer source, long position) throws IOException {
    ByteBuffer piece = source.duplicate();
    piece.limit(piece.position() + piece.remaining() / 3);
    for (long at = position; piece.hasRemaining(); ) {
      at += real.write(piece, at);
    }
    throw new IOException("Input/output error");
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (watch.before(false)) {
      tear(source, real.position());
    }
    int count = real.write(source);
    watch.after(false, 0);
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(sources[i]);
    }
    return count;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    if (watch.before(false)) {
      tear(source, position);
    }
    int count = real.write(source, position);
    watch.after(false, 0);
    return count;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
    watch.before(false);
    long done = real.transferFrom(source, position, count);
    watch.after(false, 0);
    return done;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    long size = real.size();
    watch.before(true);
    watch.after(true, size);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return real.read(target);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return real.read(targets, offset, length);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return real.read(target, position);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    real.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    real.truncate(size);
    return this;
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return real.transferTo(position, count, target);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return real.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
