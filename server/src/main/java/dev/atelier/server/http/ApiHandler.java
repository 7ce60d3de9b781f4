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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns Jetty's requests into wire requests and wire responses into Jetty's. */
final class ApiHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
  /** The pooled buffers of a long body. */
  static final int BUFFER = 256 << 10;
  /** As many answers at once have long buffers: memory outside the heap is bounded too. */
  private static final Semaphore LARGE_COPIES = new Semaphore(128);
  private static final int SMALL_BUFFER = 16 << 10;

  private final Dispatcher dispatcher;
  private final ClientGate gate;
  private final Set<String> names;
  private final Optional<ConsoleSide> console;

  /**
   * @param names host names, beside localhost, that are this server's
   * @param console what answers at the console's host; empty where there is none
   */
  ApiHandler(Dispatcher dispatcher, ClientGate gate, Set<String> names, Optional<ConsoleSide> console) {
    super(InvocationType.BLOCKING);
    this.console = console;
    this.dispatcher = dispatcher;
    this.gate = gate;
    this.names = names;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      answer(request, response);
      callback.succeeded();
    } catch (SourceFailure failure) {
      LOG.warn("an answer broke off: its content could not be read", failure.getCause());
      callback.failed(failure);
    } catch (IOException clientGone) {
      LOG.debug("the client went away", clientGone);
      callback.failed(clientGone);
    }
    return true;
  }

  private void answer(Request request, Response response) throws IOException {
    String host = Request.getServerName(request) == null ? "" : hostHeader(request);
    switch (HostRule.of(host, names)) {
      case HostRule.Foreign foreign -> misdirected(response, foreign.host());
      case HostRule.Console studio when console.isEmpty() -> misdirected(response, host);
      case HostRule.Console studio -> write(response, console.get().answer(wire(request)), request);
      case HostRule.App app -> misdirected(response, host);
      case HostRule.UnservedAwsHost unserved -> text(response, 501, "Atelier does not serve " + unserved.host()
          + " and passes no request on to AWS.");
      case HostRule.Telemetry telemetry -> text(response, 200, "");
      case HostRule.AwsHost aws -> write(response, dispatcher.dispatch(wire(request), aws.route()), request);
      case HostRule.Api api -> {
        WireRequest asked = wire(request);
        write(response, answer(asked), request);
      }
    }
  }

  private WireResponse answer(WireRequest asked) {
    if (asked.rawPath().equals(ConsoleSide.LINK_PATH) && console.isPresent()) {
      return console.get().link(asked);
    }
    return asked.rawPath().equals(ClientSettings.PATH) ? gate.answer(asked) : dispatcher.dispatch(asked);
  }

  private static void misdirected(Response response, String host) throws IOException {
    text(response, 421, "Atelier does not answer for the host " + host
        + ". Use its address, localhost, or an AWS host name through its proxy.");
  }

  private static String hostHeader(Request request) {
    String host = request.getHeaders().get("Host");
    return host == null ? Request.getServerName(request) : host;
  }

  private static WireRequest wire(Request request) {
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

  private static void write(Response response, WireResponse answer, Request request) throws IOException {
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
  private static final class SourceFailure extends IOException {
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

  private static void text(Response response, int status, String message) throws IOException {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
    response.getHeaders().put("Content-Length", body.length);
    whole(response, ByteBuffer.wrap(body));
  }

  /** All that is left of an answer, in one write. */
  private static void whole(Response response, ByteBuffer body) throws IOException {
    try (Blocker.Callback done = Blocker.callback()) {
      response.write(true, body, done);
      done.block();
    }
  }
}
