package dev.atelier.server.apps;

import dev.atelier.jupyter.WebSocketFormat;
import dev.atelier.jupyter.WebSocketFormat.Encoded;
import dev.atelier.jupyter.WebSocketFormat.Routed;
import dev.atelier.jupyter.WireException;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.kernels.KernelClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket between a client and a kernel. A message is sent when the one before it has gone out. */
public final class KernelSocket
    implements Session.Listener.AutoDemanding, KernelClient.Sink, OpenSockets.One {
  private static final Logger LOG = LoggerFactory.getLogger(KernelSocket.class);

  private static final long PATIENCE_SECONDS = OpenSockets.SILENCE.toSeconds();
  /** Bytes a second that a client must take of one message. */
  private static final int LEAST_RATE = 256 << 10;

  private final WebSocketFormat format;
  private final Joining joining;
  private final OpenSockets.During open;
  private final long longest;
  private volatile Optional<Session> session = Optional.empty();
  private volatile Optional<KernelClient> client = Optional.empty();

  /** Joins what is sent to a socket with its kernel. */
  @FunctionalInterface
  interface Joining {
    KernelClient join(KernelClient.Sink sink);
  }

  KernelSocket(WebSocketFormat format, Joining joining, OpenSockets.During open, long longest) {
    this.format = format;
    this.joining = joining;
    this.open = open;
    this.longest = longest;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    opened.setMaxBinaryMessageSize(longest);
    opened.setMaxTextMessageSize(longest);
    opened.setIdleTimeout(OpenSockets.SILENCE);
    session = Optional.of(opened);
    open.add(this);
    try {
      client = Optional.of(joining.join(this));
      client.get().begin();
    } catch (Fault e) {
      LOG.debug("a client cannot be joined with its kernel", e);
      opened.close(StatusCode.SHUTDOWN, "The kernel is gone.", Callback.NOOP);
    }
  }

  @Override
  public void onWebSocketText(String text) {
    received(() -> format.decode(text));
  }

  @Override
  public void onWebSocketBinary(ByteBuffer bytes, Callback callback) {
    received(() -> format.decode(bytes));
    callback.succeed();
  }

  @FunctionalInterface
  private interface Decoding {
    Routed decode() throws WireException;
  }

  private void received(Decoding decoding) {
    try {
      Routed routed = decoding.decode();
      client.ifPresent(joined -> joined.received(routed));
    } catch (WireException e) {
      session.ifPresent(opened -> opened.close(StatusCode.BAD_PAYLOAD, e.getMessage(), Callback.NOOP));
    }
  }

  @Override
  public synchronized void send(Routed routed) throws IOException {
    Session opened = session.orElseThrow(() -> new IOException("the client is not there yet"));
    Callback.Completable sent = new Callback.Completable();
    int size = switch (format.encode(routed)) {
      case Encoded.Text(String text) -> {
        opened.sendText(text, sent);
        yield text.length();
      }
      case Encoded.Binary(ByteBuffer bytes) -> {
        int length = bytes.remaining();
        opened.sendBinary(bytes, sent);
        yield length;
      }
    };
    try {
      sent.get(PATIENCE_SECONDS + size / LEAST_RATE, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // who takes a long message slowly keeps room that others wait for
      opened.disconnect();
      throw new IOException("the client is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("nobody listens any more");
    }
  }

  @Override
  public void ping() {
    session.filter(Session::isOpen).ifPresent(opened -> opened.sendPing(ByteBuffer.allocate(0), Callback.NOOP));
  }

  @Override
  public void close(String reason) {
    session.ifPresent(opened -> opened.close(StatusCode.NORMAL, reason, Callback.NOOP));
  }

  @Override
  public void leave() {
    session.ifPresent(opened -> opened.close(StatusCode.SHUTDOWN, "", Callback.NOOP));
  }

  @Override
  public void onWebSocketClose(int statusCode, String reason, Callback callback) {
    gone();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    LOG.debug("a WebSocket broke off", cause);
    gone();
  }

  private void gone() {
    open.remove(this);
    client.ifPresent(KernelClient::close);
  }
}
