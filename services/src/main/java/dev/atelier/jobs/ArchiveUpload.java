package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Stores a folder of hosts as a gzip-compressed tar archive, streaming: nothing of it rests in memory or on disk. */
public final class ArchiveUpload {
  private static final int PIPE_BYTES = 256 << 10;

  private final ComputeBackend backend;
  private final RoleObjects objects;

  public ArchiveUpload(ComputeBackend backend, RoleObjects objects) {
    this.backend = backend;
    this.objects = objects;
  }

  /**
   * Stores the folder of the hosts as one archive, with the links that stay inside; programs that left nothing get an
   * archive of nothing, as on AWS. Of files of one name the first host's is taken.
   */
  public StoredObject store(
      WorkloadId id, List<String> hosts, String inside, CollectionLimits limits, S3Location target) {
    try (PipedInputStream compressed = new PipedInputStream(PIPE_BYTES)) {
      PipedOutputStream sink = new PipedOutputStream(compressed);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread compressor = Thread.ofPlatform().daemon().name("archive " + id).start(
          () -> compress(out -> collect(id, hosts, inside, limits, out), sink, failure));
      try {
        return objects.put(target, new Checked(compressed, failure));
      } finally {
        compressed.close();
        compressor.join();
      }
    } catch (ComputeException e) {
      throw new ComputeException("cannot store " + inside + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store " + inside, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while storing " + inside));
    }
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private void collect(WorkloadId id, List<String> hosts, String inside, CollectionLimits limits, OutputStream out)
      throws IOException {
    if (hosts.size() == 1) {
      try (InputStream tar = backend.collect(id, hosts.getFirst(), inside, limits.withLinks())) {
        tar.transferTo(out);
      }
      return;
    }
    MergedTar merged = new MergedTar(out, limits);
    for (String host : hosts) {
      try (InputStream tar = backend.collect(id, host, inside, limits.withLinks())) {
        merged.add(tar);
      }
    }
    merged.finish();
  }

  private static void compress(Content content, PipedOutputStream sink, AtomicReference<Throwable> failure) {
    try (OutputStream gzip = new FastGzip(sink)) {
      try {
        content.writeTo(gzip);
      } catch (Throwable e) {
        // known to the reader before the archive looks complete, which it does once it is closed, whatever failed
        failure.set(e);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
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
    private final AtomicReference<Throwable> failure;

    Checked(InputStream in, AtomicReference<Throwable> failure) {
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
      return switch (failure.get()) {
        case null -> count;
        case RuntimeException told -> throw told;
        case Throwable broken -> throw new IOException("the archive cannot be made", broken);
      };
    }
  }
}
