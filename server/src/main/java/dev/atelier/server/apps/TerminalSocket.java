package dev.atelier.server.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.studio.kernels.TerminalClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket between a client and a terminal, in the JSON lists that terminado's clients know: {@code ["stdin", text]}
 * and {@code ["set_size", rows, columns, height, width]} come, {@code ["setup", {}]}, {@code ["stdout", text]} and {@code
 * ["disconnect", 1]} go. The next of either is taken when the one before it has gone on.
 */
public final class TerminalSocket implements Session.Listener, TerminalClient.Sink, OpenSockets.One {
  private static final Logger LOG = LoggerFactory.getLogger(TerminalSocket.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 8 << 20;
  private static final int MOST_CELLS = 10_000;

  private final Function<TerminalClient.Sink, TerminalClient> joining;
  private final OpenSockets.During open;
  private volatile Optional<Session> session = Optional.empty();
  private volatile Optional<TerminalClient> client = Optional.empty();

  TerminalSocket(Function<TerminalClient.Sink, TerminalClient> joining, OpenSockets.During open) {
    this.joining = joining;
    this.open = open;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    opened.setMaxTextMessageSize(LONGEST);
    opened.setIdleTimeout(OpenSockets.SILENCE);
    session = Optional.of(opened);
    open.add(this);
    opened.sendText("[\"setup\", {}]", Callback.NOOP);
    client = Optional.of(joining.apply(this));
    client.get().begin();
    opened.demand();
  }

  @Override
  public void onWebSocketText(String text) {
    // a program that reads nothing keeps who types waiting, and nobody else
    Thread.ofVirtual().start(() -> {
      client.ifPresent(joined -> received(joined, text));
      session.filter(Session::isOpen).ifPresent(Session::demand);
    });
  }

  private void received(TerminalClient joined, String text) {
    try {
      JsonNode message = JSON.readTree(text);
      switch (message.path(0).asText()) {
        case "stdin" -> joined.type(message.path(1).asText());
        case "set_size" -> {
          int rows = message.path(1).asInt();
          int columns = message.path(2).asInt();
          if (rows > 0 && rows < MOST_CELLS && columns > 0 && columns < MOST_CELLS) {
            joined.resize(rows, columns);
          }
        }
        default -> LOG.debug("a terminal's client said what means nothing");
      }
    } catch (JsonProcessingException e) {
      session.ifPresent(opened -> opened.close(StatusCode.BAD_PAYLOAD, "That is no JSON.", Callback.NOOP));
    }
  }

  @Override
  public void write(String text) throws IOException {
    send(List.of("stdout", text));
  }

  private void send(List<Object> message) throws IOException {
    Session opened = session.orElseThrow(() -> new IOException("the client is not there yet"));
    Callback.Completable sent = new Callback.Completable();
    opened.sendText(JSON.writeValueAsString(message), sent);
    try {
      sent.join();
    } catch (CompletionException e) {
      throw new IOException("the client is gone", e);
    }
  }

  @Override
  public void ended() {
    try {
      send(List.of("disconnect", 1));
    } catch (IOException gone) {
      LOG.debug("a terminal's client is gone", gone);
    }
    session.ifPresent(opened -> opened.close(StatusCode.NORMAL, "", Callback.NOOP));
  }

  @Override
  public void close() {
    leave();
  }

  @Override
  public void ping() {
    session.filter(Session::isOpen).ifPresent(opened -> opened.sendPing(ByteBuffer.allocate(0), Callback.NOOP));
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
    client.ifPresent(TerminalClient::close);
  }
}
