package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Reads bodies that fit into memory. */
final class RequestBody {
  /** The largest body that is read as a whole; streams have no bound here. */
  static final int MAX_BYTES = 32 << 20;

  private RequestBody() {}

  /** The whole body, unpacked when the operation's model lets clients compress it. */
  static byte[] bytes(OperationModel operation, WireRequest request) {
    String encoding = request.headers().first("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
    boolean packed = encoding.equals("gzip") && operation.requestCompression().contains("gzip");
    try {
      byte[] sent = read(request.body());
      return packed && sent.length > 0 ? unpacked(sent) : sent;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The whole body of a form, whose operation is not known before it is unpacked. */
  static byte[] form(WireRequest request) {
    boolean packed = request.headers().first("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    try {
      byte[] sent = read(request.body());
      return packed && sent.length > 0 ? unpacked(sent) : sent;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static byte[] unpacked(byte[] sent) {
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(sent))) {
      return read(in);
    } catch (IOException notGzip) {
      throw new Fault("SerializationException", 400, "The request body is not valid gzip.");
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new Fault("RequestEntityTooLarge", 413, "The request body is larger than " + MAX_BYTES + " bytes.");
    }
    return bytes;
  }
}
