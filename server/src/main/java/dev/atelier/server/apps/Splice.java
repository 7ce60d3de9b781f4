package dev.atelier.server.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that left HTTP: bytes go both ways as they come, at the pace of who takes them. Frames of WebSockets are
 * not looked into, so none is too long.
 */
final class Splice extends AbstractConnection implements Connection.UpgradeTo, OpenSockets.One {
  private static final Logger LOG = LoggerFactory.getLogger(Splice.class);
  private static final int BUFFER = 64 << 10;

  private final SocketChannel program;
  private final OpenSockets.During open;
  private ByteBuffer first = BufferUtil.EMPTY_BUFFER;

  /** @param program the connection to the app's program, whose answer to the upgrade was read */
  Splice(EndPoint browser, Executor executor, SocketChannel program, OpenSockets.During open) {
    super(browser, executor);
    this.program = program;
    this.open = open;
  }

  /** What the browser sent behind its request already. */
  @Override
  public void onUpgradeTo(ByteBuffer sent) {
    first = BufferUtil.copy(sent);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    // an open notebook may say nothing for hours
    getEndPoint().setIdleTimeout(0);
    open.add(this);
    Thread.ofVirtual().name("app-up").start(() -> run(this::toProgram));
    Thread.ofVirtual().name("app-down").start(() -> run(this::toBrowser));
  }

  private interface Way {
    void go() throws IOException;
  }

  private void run(Way way) {
    try (program) {
      way.go();
    } catch (IOException | RuntimeException e) {
      LOG.debug("a spliced connection ended", e);
    } finally {
      getEndPoint().close();
    }
  }

  private void toProgram() throws IOException {
    while (first != null && first.hasRemaining()) {
      program.write(first);
    }
    ByteBuffer buffer = BufferUtil.allocate(BUFFER);
    while (true) {
      int got = getEndPoint().fill(buffer);
      if (got < 0) {
        return;
      }
      if (got == 0) {
        awaitBytes();
        continue;
      }
      while (buffer.hasRemaining()) {
        program.write(buffer);
      }
      BufferUtil.clear(buffer);
    }
  }

  private void awaitBytes() throws IOException {
    try (Blocker.Callback ready = Blocker.callback()) {
      getEndPoint().fillInterested(ready);
      ready.block();
    }
  }

  private void toBrowser() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (program.read(buffer.clear()) >= 0) {
      try (Blocker.Callback written = Blocker.callback()) {
        getEndPoint().write(written, buffer.flip());
        written.block();
      }
    }
  }

  @Override
  public void ping() {
    LOG.trace("whether the browser is there is asked by the program itself");
  }

  @Override
  public void leave() {
    getEndPoint().close();
  }

  @Override
  public void onFillable() {
    throw new IllegalStateException("bytes are awaited by a thread of their own");
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    open.remove(this);
    try {
      program.close();
    } catch (IOException e) {
      LOG.debug("a program's connection did not close", e);
    }
  }
}
