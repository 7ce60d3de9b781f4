package dev.atelier.studio.kernels;

import dev.atelier.compute.ComputeException;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.KernelApps.Place;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One who looks at a terminal, such as a tab of a browser: hears the end of what was written before it came, then the
 * rest at the pace at which it takes it; while the app starts, how far that is.
 */
public final class TerminalClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TerminalClient.class);
  private static final int PIECE = 32 << 10;
  private static final byte INPUT = 0;
  private static final byte SIZE = 1;
  private static final String DIM = "\u001b[2m%s\u001b[0m\r\n";

  private final Terminals terminals;
  private final Place place;
  private final String name;
  private final Sink sink;
  private final Thread feeding;
  /** The connection with the terminal, once there is one. */
  private final CompletableFuture<KernelHost.Line> joined = new CompletableFuture<>();

  /** Where what a terminal says goes. */
  public interface Sink {
    /** Sends output; returns when there is room for more. @throws IOException the client is gone */
    void write(String text) throws IOException;

    /** The terminal is over. */
    void ended();

    /** The connection is: who comes again goes on. */
    void close();
  }

  TerminalClient(Terminals terminals, Place place, String name, Sink sink) {
    this.terminals = terminals;
    this.place = place;
    this.name = name;
    this.sink = sink;
    feeding = Thread.ofVirtual().name("terminal-" + name).unstarted(this::feed);
  }

  /** Begins to tell what the terminal says. */
  public void begin() {
    feeding.start();
  }

  private void feed() {
    try {
      Optional<Gateway> app = started();
      if (app.isPresent()) {
        tell(app.get());
      }
      boolean there = terminals.find(place, name).isPresent();
      if (there) {
        sink.close();
      } else {
        sink.ended();
        terminals.ended(place);
      }
    } catch (IOException | ComputeException | Fault e) {
      LOG.debug("a client of the terminal {} is gone", name, e);
      sink.close();
    } catch (InterruptedException left) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  /** The terminal's app, when it has started; empty when it will not. */
  private Optional<Gateway> started() throws IOException, InterruptedException {
    String told = "";
    while (terminals.waits(place, name)) {
      String phase = terminals.app(place, name).flatMap(Gateway::phase).orElse(told);
      if (!phase.equals(told)) {
        sink.write(DIM.formatted(phase));
        told = phase;
      }
      terminals.await();
    }
    Optional<Gateway> app = terminals.app(place, name);
    Optional<String> failure = app.flatMap(Gateway::failureReason);
    if (failure.isPresent()) {
      sink.write(failure.get().replace("\n", "\r\n") + "\r\n");
    }
    return app.filter(Gateway::ready);
  }

  private void tell(Gateway app) throws IOException {
    KernelHost.Line line;
    try {
      line = terminals.host(app).open(Map.of("op", "attach", "name", name));
    } catch (Fault gone) {
      return;
    }
    try (line) {
      joined.complete(line);
      // characters may come in pieces
      Reader output = new InputStreamReader(line.in(), StandardCharsets.UTF_8);
      char[] piece = new char[PIECE];
      int got = output.read(piece);
      while (got >= 0) {
        sink.write(new String(piece, 0, got));
        got = output.read(piece);
      }
    }
  }

  /** Types; waits while the program in the terminal takes nothing. */
  public void type(String text) {
    send(INPUT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Says how much of it the client sees. */
  public void resize(int rows, int columns) {
    send(SIZE, ByteBuffer.allocate(2 * Short.BYTES).putShort((short) rows).putShort((short) columns).array());
  }

  private void send(byte kind, byte[] content) {
    try {
      joined.get().send(ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(content.length).flip(),
          ByteBuffer.wrap(content));
    } catch (IOException | ExecutionException | CancellationException e) {
      LOG.debug("the terminal {} is gone", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    joined.cancel(false);
    feeding.interrupt();
    if (joined.state() == Future.State.SUCCESS) {
      try {
        joined.join().close();
      } catch (IOException e) {
        LOG.debug("closing the connection with a terminal", e);
      }
    }
  }
}
