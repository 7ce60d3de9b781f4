package dev.atelier.jupyter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** Against another implementation of the protocol over TCP, and against hostile peers over unix sockets. */
@Timeout(60)
final class ZmtpConnectionTest {
  private static final long MOST = 64 << 20;

  private ZContext context;
  private ExecutorService threads;

  @BeforeEach
  void open() {
    context = new ZContext();
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    context.close();
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static dev.atelier.jupyter.SocketType dealer() {
    return dev.atelier.jupyter.SocketType.DEALER;
  }

  @Test
  void aRouterKnowsTheIdentityAndAnswersFramesOfEverySize() throws Exception {
    ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
    int port = router.bindToRandomPort("tcp://127.0.0.1");
    try (ZmtpConnection connection = ZmtpConnection.connect(at(port), dealer(), "me", MOST)) {
      byte[] large = new byte[3_000_000];
      large[2_999_999] = 7;
      connection.send(List.of(new byte[0], new byte[255], new byte[256], large));
      ZMsg got = ZMsg.recvMsg(router);
      assertThat(got.pop().getString(StandardCharsets.US_ASCII)).isEqualTo("me");
      assertThat(got.stream().map(ZFrame::size)).containsExactly(0, 255, 256, 3_000_000);
      got.push("me");
      got.send(router);
      List<byte[]> back = connection.receive();
      assertThat(back).hasSize(4);
      assertThat(back.get(3)).isEqualTo(large);
    }
  }

  @Test
  void aPublisherIsHeardFromTheSubscriptionOn() throws Exception {
    ZMQ.Socket publisher = context.createSocket(SocketType.XPUB);
    int port = publisher.bindToRandomPort("tcp://127.0.0.1");
    try (ZmtpConnection connection =
        ZmtpConnection.connect(at(port), dev.atelier.jupyter.SocketType.SUB, "", MOST)) {
      connection.subscribe();
      assertThat(publisher.recv()).containsExactly(1);
      publisher.sendMore("topic");
      publisher.send("told");
      assertThat(connection.receive()).extracting(String::new).containsExactly("topic", "told");
    }
  }

  @Test
  void whatIsLongerThanAllowedIsNotTaken() throws Exception {
    ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
    int port = router.bindToRandomPort("tcp://127.0.0.1");
    try (ZmtpConnection connection = ZmtpConnection.connect(at(port), dealer(), "me", 1000)) {
      connection.send(List.of(new byte[1]));
      ZMsg got = ZMsg.recvMsg(router);
      got.add(new byte[600]);
      got.add(new byte[600]);
      got.send(router);
      assertThatThrownBy(connection::receive).isInstanceOf(WireException.class).hasMessageContaining("more than");
    }
  }

  @Test
  void peersThatDoNotKeepTheProtocolAreLeft(@TempDir Path folder) throws Exception {
    byte[] good = greeting();
    byte[] plain = good.clone();
    System.arraycopy("PLAIN".getBytes(StandardCharsets.US_ASCII), 0, plain, 12, 5);
    byte[] error = join(good, new byte[] {4, 8, 5, 'E', 'R', 'R', 'O', 'R', 1, 'x'});
    byte[] endless = join(good, new byte[] {4, 6, 5, 'R', 'E', 'A', 'D', 'Y'}, new byte[] {2, 127, 0, 0, 0, 0, 0, 0, 0});
    assertThatThrownBy(() -> meet(folder, "a", new byte[64])).hasMessageContaining("does not speak");
    assertThatThrownBy(() -> meet(folder, "b", plain)).hasMessageContaining("mechanism");
    assertThatThrownBy(() -> meet(folder, "c", error)).hasMessageContaining("not ready");
    assertThatThrownBy(() -> meet(folder, "d", endless)).hasMessageContaining("more than");
    assertThatThrownBy(() -> meet(folder, "e", new byte[3])).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> meet(folder, "f", join(good, new byte[] {(byte) 0x80, 1, 1})))
        .hasMessageContaining("flags");
  }

  /** Connects to a peer that says this and goes; receives once when the handshake succeeds. */
  private void meet(Path folder, String name, byte[] said) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve(name));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      Future<?> peer = threads.submit(() -> {
        try (SocketChannel channel = server.accept()) {
          channel.write(ByteBuffer.wrap(said));
          channel.shutdownOutput();
          ByteBuffer rest = ByteBuffer.allocate(4096);
          while (channel.read(rest) >= 0) {
            rest.clear();
          }
        } catch (IOException e) {
          // the client broke off, as it should
          return;
        }
      });
      try (ZmtpConnection connection = ZmtpConnection.connect(address, dealer(), "me", MOST)) {
        connection.receive();
      } finally {
        peer.get();
      }
    }
  }

  private static byte[] greeting() {
    byte[] greeting = new byte[64];
    greeting[0] = (byte) 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
    return greeting;
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(1000);
    for (byte[] part : parts) {
      all.put(part);
    }
    byte[] joined = new byte[all.position()];
    all.flip().get(joined);
    return joined;
  }
}
