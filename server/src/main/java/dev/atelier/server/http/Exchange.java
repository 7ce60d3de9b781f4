package dev.atelier.server.http;

import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/** Jetty's requests as wire requests, and wire responses as Jetty's. */
public final class Exchange {
  /** The pooled buffers of a long body. */
  static final int BUFFER = 256 << 10;
  /** As many answers at once have long buffers: memory outside the heap is bounded too. */
  private static final Semaphore LARGE_COPIES = new Semaphore(128);
  private static final int SMALL_BUFFER = 16 << 10;

  private Exchange() {}

  /** The request as it came; its body is read as it is asked for. */
  public static WireRequest request(Request request) {
    Headers headers = new Headers();
    for (HttpField field : request.getHeaders()) {
      headers.add(field.getName(), field.getValue() == null ? "" : utf8(field.getValue()));
    }
    String query = request.getHttpURI().getQuery();
    String path = request.getHttpURI().getPath();
    return new WireRequest(request.getMethod(), path == null || path.isEmpty() ? "/" : path, query == null ? "" : query,
        headers, new SentBody(Content.Source.asInputStream(request)), request.isSecure(), peer(request));
  }

  /** The address of the other end; empty for a sandbox, whose requests come by a socket without one. */
  private static String peer(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
        && remote.getAddress() != null ? remote.getAddress().getHostAddress().replaceAll("%.*", "") : "";
  }

  /** Jetty reads header bytes as ISO 8859-1; AWS's clients send UTF-8, and sign it. */
  private static String utf8(String value) {
    return value.chars().allMatch(c -> c < 0x80) ? value
        : new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** The other way round: characters that Jetty writes as the bytes of UTF-8. */
  private static String bytes(String value) {
    return value.chars().allMatch(c -> c < 0x80) ? value
        : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Sends an answer, whole. @throws IOException the client is gone */
  public static void write(Response response, WireResponse answer, Request request) throws IOException {
    response.setStatus(answer.status());
    for (String name : answer.headers().names()) {
      answer.headers().all(name).forEach(value -> response.getHeaders().add(name, bytes(value)));
    }
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    boolean head = request.getMethod().equals("HEAD");
    switch (answer.body()) {
      case WireResponse.Bytes bytes -> {
        if (!head) {
          response.getHeaders().put("Content-Length", bytes.value().length);
          whole(response, ByteBuffer.wrap(bytes.value()));
        }
      }
      case WireResponse.Stream stream -> {
        try (InputStream in = stream.value()) {
          stream.length().ifPresent(length -> response.getHeaders().put("Content-Length", length));
          if (!head && stream.length().orElse(Long.MAX_VALUE) <= BUFFER) {
            whole(response, ByteBuffer.wrap(exactly(in, (int) stream.length().orElseThrow())));
          } else if (!head) {
            copy(in, response, request);
          }
        }
      }
      case WireResponse.Events events -> {
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
          events.writer().writeTo(out);
        }
      }
    }
  }

  /** The content of an answer could not be read, and so not the client but the server is at fault. */
  static final class SourceFailure extends IOException {
    private static final long serialVersionUID = 1L;

    SourceFailure(IOException cause) {
      super(cause);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    try {
      if (in.readNBytes(bytes, 0, length) < length) {
        throw new EOFException("the body ended before its length");
      }
    } catch (IOException e) {
      throw new SourceFailure(e);
    }
    return bytes;
  }

  private static void copy(InputStream in, Response response, Request request) throws IOException {
    boolean large = LARGE_COPIES.tryAcquire();
    try {
      copy(in, response, request.getComponents().getByteBufferPool(), large ? BUFFER : SMALL_BUFFER);
    } finally {
      if (large) {
        LARGE_COPIES.release();
      }
    }
  }

  /** One buffer is filled while the other goes out; outside the heap, from where the socket takes it without a copy. */
  private static void copy(InputStream in, Response response, ByteBufferPool pool, int size) throws IOException {
    ReadableByteChannel source = in instanceof ReadableByteChannel channel ? channel : Channels.newChannel(in);
    RetainableByteBuffer one = pool.acquire(size, true);
    RetainableByteBuffer other = pool.acquire(size, true);
    try {
      ByteBuffer filling = one.getByteBuffer().clear();
      ByteBuffer going = other.getByteBuffer();
      boolean more = fill(source, filling);
      while (more) {
        ByteBuffer full = filling.flip();
        filling = going.clear();
        going = full;
        try (Blocker.Callback written = Blocker.callback()) {
          response.write(false, full, written);
          try {
            more = fill(source, filling);
          } finally {
            written.block();
          }
        }
      }
      whole(response, BufferUtil.EMPTY_BUFFER);
    } finally {
      one.release();
      other.release();
    }
  }

  /** Fills a buffer as far as the source goes; whether there was anything left. */
  private static boolean fill(ReadableByteChannel source, ByteBuffer buffer) throws IOException {
    int count = 0;
    try {
      while (buffer.hasRemaining() && count >= 0) {
        count = source.read(buffer);
      }
    } catch (IOException e) {
      throw new SourceFailure(e);
    }
    return buffer.position() > 0;
  }

  /** All that is left of an answer, in one write. */
  static void whole(Response response, ByteBuffer body) throws IOException {
    try (Blocker.Callback done = Blocker.callback()) {
      response.write(true, body, done);
      done.block();
    }
  }
}
