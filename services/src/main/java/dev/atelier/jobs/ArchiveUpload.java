package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Stores a folder of a host as a gzip-compressed tar archive, streaming: nothing of it rests in memory or on disk. */
public final class ArchiveUpload {
  private static final int PIPE_BYTES = 256 << 10;

  private final ComputeBackend backend;
  private final RoleObjects objects;

  public ArchiveUpload(ComputeBackend backend, RoleObjects objects) {
    this.backend = backend;
    this.objects = objects;
  }

  /** Stores the folder; a program that left nothing gets an archive of nothing, as on AWS. */
  public StoredObject store(WorkloadId id, String host, String inside, CollectionLimits limits, S3Location target) {
    try (InputStream tar = backend.collect(id, host, inside, limits);
        PipedInputStream compressed = new PipedInputStream(PIPE_BYTES)) {
      PipedOutputStream sink = new PipedOutputStream(compressed);
      AtomicReference<IOException> failure = new AtomicReference<>();
      Thread compressor = Thread.ofPlatform().daemon().name("archive " + id).start(() -> compress(tar, sink, failure));
      try {
        return objects.put(target, new Checked(compressed, failure));
      } finally {
        compressed.close();
        compressor.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store " + inside + " of " + host, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while storing " + inside));
    }
  }

  private static void compress(InputStream tar, PipedOutputStream sink, AtomicReference<IOException> failure) {
    try (OutputStream gzip = new FastGzip(sink)) {
      tar.transferTo(gzip);
    } catch (IOException e) {
      failure.set(e);
      try {
        sink.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
    }
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, PIPE_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Ends with the compressor's failure rather than with an archive cut short. */
  private static final class Checked extends InputStream {
    private final InputStream in;
    private final AtomicReference<IOException> failure;

    Checked(InputStream in, AtomicReference<IOException> failure) {
      this.in = in;
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int count = read(one, 0, 1);
      return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = in.read(buffer, offset, length);
      if (count < 0 && failure.get() != null) {
        throw failure.get();
      }
      return count;
    }
  }
}
