package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.TrailedBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A body in {@code aws-chunked} framing, freed of it. Every chunk's signature, the trailer's and the announced length
 * are checked; a wrong one ends the stream with a Fault. Trailers are known once the end was read.
 */
final class ChunkedBody extends InputStream implements TrailedBody {
  private static final int MAX_LINE = 8192;
  private static final int MAX_TRAILERS = 32;

  private final InputStream in;
  private final Optional<ChunkSignature> signature;
  private final long contentLength;
  private final Set<String> announced;
  private final Headers trailers = new Headers();
  private final MessageDigest digest = Hashes.sha256();
  private String claimed = "";
  private long left;
  private long total;
  private boolean inChunk;
  private boolean ended;
  private Fault failure;

  /**
   * @param signature empty for unsigned chunks
   * @param announced names of x-amz-trailer; empty when no trailer may come
   */
  ChunkedBody(InputStream in, Optional<ChunkSignature> signature, long contentLength, Set<String> announced) {
    this.in = in;
    this.signature = signature;
    this.contentLength = contentLength;
    this.announced = announced;
  }

  @Override
  public long length() {
    return contentLength;
  }

  @Override
  public Set<String> announced() {
    return Set.copyOf(announced);
  }

  @Override
  public Optional<String> trailer(String name) {
    return trailers().first(name);
  }

  Headers trailers() {
    if (!ended) {
      throw new IllegalStateException("trailers are known at the end of the body");
    }
    return trailers;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      return size == 0 ? 0 : content(buffer, offset, size);
    } catch (Fault fault) {
      failure = fault;
      throw fault;
    }
  }

  private int content(byte[] buffer, int offset, int size) throws IOException {
    if (ended) {
      return -1;
    }
    if (!inChunk && !openChunk()) {
      return -1;
    }
    int got = in.read(buffer, offset, (int) Math.min(size, left));
    if (got < 0) {
      throw incomplete();
    }
    if (signature.isPresent()) {
      digest.update(buffer, offset, got);
    }
    left -= got;
    total += got;
    if (left == 0) {
      closeChunk();
    }
    return got;
  }

  /** Reads a chunk's first line; false at the last chunk, the trailers then read and the end checked. */
  private boolean openChunk() throws IOException {
    String line = line(false);
    int semicolon = line.indexOf(';');
    String size = semicolon < 0 ? line : line.substring(0, semicolon);
    String extension = semicolon < 0 ? "" : line.substring(semicolon + 1);
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      throw malformed();
    }
    left = Long.parseLong(size, 16);
    if (signature.isPresent()) {
      if (!extension.startsWith("chunk-signature=")) {
        throw malformed();
      }
      claimed = extension.substring("chunk-signature=".length());
    } else if (!extension.isEmpty()) {
      throw malformed();
    }
    if (total + left > contentLength) {
      throw incomplete();
    }
    digest.reset();
    if (left > 0) {
      inChunk = true;
      return true;
    }
    signature.ifPresent(chain -> chain.checkChunk(claimed, HexFormat.of().formatHex(digest.digest())));
    finish();
    return false;
  }

  private void closeChunk() throws IOException {
    if (!line(false).isEmpty()) {
      throw malformed();
    }
    signature.ifPresent(chain -> chain.checkChunk(claimed, HexFormat.of().formatHex(digest.digest())));
    inChunk = false;
  }

  private void finish() throws IOException {
    StringBuilder signed = new StringBuilder();
    String trailerSignature = "";
    for (String line = line(true); !line.isEmpty(); line = line(true)) {
      int colon = line.indexOf(':');
      if (colon < 1 || trailers.names().size() >= MAX_TRAILERS || !trailerSignature.isEmpty()) {
        throw malformedTrailer();
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT).strip();
      String value = line.substring(colon + 1).strip();
      if (name.equals("x-amz-trailer-signature") && signature.isPresent()) {
        trailerSignature = value;
      } else {
        trailers.add(name, value);
        signed.append(name).append(':').append(value).append('\n');
      }
    }
    if (!trailers.names().equals(announced)) {
      throw malformedTrailer();
    }
    if (signature.isPresent() && !announced.isEmpty()) {
      signature.get().checkTrailer(trailerSignature, signed.toString());
    } else if (!trailerSignature.isEmpty()) {
      throw malformedTrailer();
    }
    if (in.read() >= 0) {
      throw malformed();
    }
    if (total != contentLength) {
      throw incomplete();
    }
    ended = true;
  }

  /** {@code mayEnd}: some clients leave out the empty line after the last chunk or trailer. */
  private String line(boolean mayEnd) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0 && mayEnd && line.size() == 0) {
        return "";
      }
      if (b < 0 || line.size() > MAX_LINE) {
        throw b < 0 ? incomplete() : malformed();
      }
      if (b == '\r') {
        if (in.read() != '\n') {
          throw malformed();
        }
        return line.toString(StandardCharsets.UTF_8);
      }
      if (b == '\n') {
        throw malformed();
      }
      line.write(b);
    }
  }

  static Set<String> announced(Headers headers) {
    Set<String> names = new LinkedHashSet<>();
    for (String value : headers.all("x-amz-trailer")) {
      for (String name : value.split(",")) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private static Fault incomplete() {
    return new Fault("IncompleteBody", 400,
        "You did not provide the number of bytes specified by the Content-Length HTTP header");
  }

  private static Fault malformed() {
    return new Fault("InvalidRequest", 400, "The chunked encoding of the body is malformed.");
  }

  private static Fault malformedTrailer() {
    return new Fault("MalformedTrailerError", 400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
