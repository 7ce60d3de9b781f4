package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BlobShape;
import dev.atelier.models.OperationModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * Reads bodies that fit into memory. Of long ones only a few are read at once: before a body was read nobody knows whether
 * its sender may ask anything, and many senders together must not take the server's memory.
 */
final class RequestBody {
  /** The longest blob that is read as a whole, such as a model's input; streams have no bound here. */
  static final int MAX_BYTES = 32 << 20;
  /** The longest document or form. S3 takes 2 MB to delete objects by, and more to complete 10,000 parts. */
  static final int MAX_DOCUMENT_BYTES = 4 << 20;
  private static final int SHORT_BYTES = 256 << 10;
  private static final Semaphore LONG_BODIES = new Semaphore(8, true);
  private static final long PATIENCE_SECONDS = 20;

  private RequestBody() {}

  /** The whole body, unpacked when the operation's model lets clients compress it. */
  static byte[] bytes(OperationModel operation, WireRequest request) {
    String encoding = request.headers().first("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
    boolean packed = encoding.equals("gzip") && operation.requestCompression().contains("gzip");
    return plain(request.body(), packed, most(operation));
  }

  private static int most(OperationModel operation) {
    return operation.input().flatMap(shape -> shape.payload().map(shape.members()::get))
        .filter(member -> member.shape() instanceof BlobShape).isPresent() ? MAX_BYTES : MAX_DOCUMENT_BYTES;
  }

  /**
   * The whole body of a form, whose operation is not known before it is unpacked.
   *
   * @param most the longest that is taken, in bytes
   */
  static byte[] form(WireRequest request, int most) {
    return plain(request.body(), request.headers().first("Content-Encoding").orElse("").equalsIgnoreCase("gzip"), most);
  }

  /** The whole body as it was sent. */
  static byte[] sent(WireRequest request) {
    return plain(request.body(), false, MAX_BYTES);
  }

  private static byte[] plain(InputStream body, boolean packed, int most) {
    try {
      byte[] sent = read(body, most);
      return packed && sent.length > 0 ? unpacked(sent, most) : sent;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static byte[] unpacked(byte[] sent, int most) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      return read(in, most);
    } catch (IOException notGzip) {
      throw new Fault("SerializationException", 400, "The request body is not valid gzip.");
    }
  }

  private static byte[] read(InputStream in, int most) throws IOException {
    byte[] beginning = in.readNBytes(Math.min(SHORT_BYTES, most + 1));
    if (beginning.length < SHORT_BYTES) {
      return checked(beginning, most);
    }
    take();
    try {
      ByteArrayOutputStream all = new ByteArrayOutputStream(2 * SHORT_BYTES);
      all.write(beginning);
      byte[] buffer = new byte[SHORT_BYTES / 4];
      int got = in.read(buffer);
      while (got >= 0 && all.size() <= most) {
        all.write(buffer, 0, got);
        got = in.read(buffer);
      }
      return checked(all.toByteArray(), most);
    } finally {
      LONG_BODIES.release();
    }
  }

  private static void take() {
    try {
      if (!LONG_BODIES.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new Fault("SlowDown", 503, "Please reduce your request rate.");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new Fault("ServiceUnavailable", 503, "The server is being stopped.");
    }
  }

  private static byte[] checked(byte[] bytes, int most) {
    if (bytes.length > most) {
      throw new Fault("RequestEntityTooLarge", 413, "The request body is larger than " + most + " bytes.");
    }
    return bytes;
  }
}
