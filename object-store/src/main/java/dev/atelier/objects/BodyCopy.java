package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Copies a body to a file: while one buffer is read, earlier ones are digested and written, and what is written goes to
 * the disk meanwhile, so that little is left to wait for at the end.
 */
final class BodyCopy {
  private static final int BUFFER = 256 << 10;
  private static final int RING = 8;
  private static final long FLUSH_EVERY = 8L << 20;
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
  private static final Executor STAGES = Thread::startVirtualThread;

  private final InputStream body;
  private final long most;
  private final FileChannel file;
  private final WritableByteChannel target;
  private final List<Digest> digests;
  private final Buffer[] ring = new Buffer[RING];
  /** For each digest, when it has taken all that was read. */
  private final List<CompletableFuture<Void>> digested;
  private CompletableFuture<Void> written = DONE;
  private CompletableFuture<Void> flushed = DONE;
  private long size;

  private BodyCopy(InputStream body, long most, FileChannel file, WritableByteChannel target,
      List<Digest> digests) {
    this.body = body;
    this.most = most;
    this.file = file;
    this.target = target;
    this.digests = digests;
    this.digested = new ArrayList<>(Collections.nCopies(digests.size(), DONE));
  }

  /** The file's failure, told from the body's. */
  private static final class FileFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final IOException cause;

    FileFailure(IOException cause) {
      super(cause);
      this.cause = cause;
    }

    @Override
    public synchronized IOException getCause() {
      return cause;
    }
  }

  /** A buffer, and when its last content is done with. */
  private static final class Buffer {
    private final byte[] bytes = new byte[BUFFER];
    private CompletableFuture<Void> free = DONE;
  }

  /**
   * The number of bytes copied.
   *
   * @param most the longest body that is taken
   * @param target the file, or what encrypts into it
   * @param digests each takes the content in its order, beside the others
   * @throws Fault EntityTooLarge
   * @throws IOException when the file cannot be written
   * @throws UncheckedIOException when the body cannot be read
   */
  static long copy(InputStream body, long most, FileChannel file, WritableByteChannel target,
      List<Digest> digests)
      throws IOException {
    BodyCopy copy = new BodyCopy(body, most, file, target, digests);
    try {
      copy.run();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FileFailure failure) {
        throw failure.getCause();
      }
      throw e;
    } catch (FileFailure e) {
      throw e.getCause();
    } finally {
      copy.settle();
    }
    return copy.size;
  }

  private void run() {
    long unflushed = 0;
    for (int turn = 0;; turn++) {
      Buffer buffer = ring(turn % RING);
      buffer.free.join();
      int count = read(buffer.bytes);
      if (size + count > most) {
        throw S3Fault.entityTooLarge(size + count, most);
      }
      if (size == 0 && count < BUFFER) {
        // not worth other threads
        digests.forEach(digest -> digest.update(buffer.bytes, 0, count));
        write(buffer.bytes, count);
        size = count;
        return;
      }
      if (count == 0) {
        break;
      }
      size += count;
      for (int each = 0; each < digests.size(); each++) {
        Digest digest = digests.get(each);
        digested.set(each, digested.get(each).thenRunAsync(() -> digest.update(buffer.bytes, 0, count), STAGES));
      }
      written = written.thenRunAsync(() -> write(buffer.bytes, count), STAGES);
      buffer.free = all(written);
      unflushed += count;
      if (unflushed >= FLUSH_EVERY) {
        unflushed = 0;
        flushed = flushed.thenCombine(written, (a, b) -> a).thenRunAsync(this::flush, STAGES);
      }
    }
    all(written, flushed).join();
  }

  /** The digests, and these. */
  private CompletableFuture<Void> all(CompletableFuture<?>... others) {
    return CompletableFuture.allOf(Stream.concat(digested.stream(), Stream.of(others))
        .toArray(CompletableFuture<?>[]::new));
  }

  private Buffer ring(int place) {
    if (ring[place] == null) {
      ring[place] = new Buffer();
    }
    return ring[place];
  }

  /** Nothing touches the file or the digests afterwards, whatever failed. */
  private void settle() {
    all(written, flushed).handle((done, failure) -> done).join();
  }

  private int read(byte[] bytes) {
    try {
      return body.readNBytes(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException("the body broke off", e);
    }
  }

  private void write(byte[] bytes, int count) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    } catch (IOException e) {
      throw new FileFailure(e);
    }
  }

  private void flush() {
    try {
      file.force(false);
    } catch (IOException e) {
      throw new FileFailure(e);
    }
  }
}
