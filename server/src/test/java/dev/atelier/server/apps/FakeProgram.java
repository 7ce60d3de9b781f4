package dev.atelier.server.apps;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An app's program: it keeps the heads of its requests, answers each by a script, and echoes what was upgraded. */
final class FakeProgram implements AutoCloseable {
  private final ServerSocketChannel server;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  FakeProgram(Path socket) throws IOException {
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::accept);
  }

  void answers(String whole) {
    answer = whole;
  }

  /** What it was asked last, head only. */
  String asked() {
    return heads.isEmpty() ? "" : heads.getLast();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException closed) {
      // the test is over
      return;
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      String head = head(channel);
      heads.add(head);
      if (head.toLowerCase(java.util.Locale.ROOT).contains("\r\nupgrade: websocket")) {
        write(channel, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: x\r\nX-Other: y\r\n\r\nfirst");
        Channels.newInputStream(channel).transferTo(Channels.newOutputStream(channel));
      } else {
        write(channel, answer.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      }
    } catch (IOException gone) {
      // the other end left, as it may
      return;
    }
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String head(SocketChannel channel) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n") && channel.read(one.clear()) > 0) {
      bytes.write(one.get(0));
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
