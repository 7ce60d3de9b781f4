package dev.atelier.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/** An HTTP answer that the front has only to copy. */
public record WireResponse(int status, Headers headers, Body body) {

  /** The body of an answer. */
  public sealed interface Body {}

  /** A body that is there as a whole. */
  public record Bytes(byte[] value) implements Body {}

  /** A body that is read while it is sent; the front closes the stream. */
  public record Stream(InputStream value, OptionalLong length) implements Body {}

  /** A body that is written piece by piece; the front flushes after each event. */
  public record Events(Writer writer) implements Body {}

  /** Writes a body of unknown length. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  static final Bytes EMPTY = new Bytes(new byte[0]);
}
