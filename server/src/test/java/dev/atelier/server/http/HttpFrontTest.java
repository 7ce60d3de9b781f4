package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.server.tls.CertificateAuthority;
import dev.atelier.server.tls.HostIdentity;
import dev.atelier.server.tls.SniKeyManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doors before and after the port opens. */
final class HttpFrontTest {
  private static final long STILL_MILLIS = 300;
  private static final long PATIENCE_MILLIS = 20_000;
  @TempDir Path folder;

  private HttpFront front() throws Exception {
    Path keys = Files.createDirectory(folder.resolve("keys"));
    CertificateAuthority authority = CertificateAuthority.open(keys, Clock.systemUTC());
    return new HttpFront(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new SniKeyManager(authority, HostIdentity.local(), Clock.systemUTC()), new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(204);
            callback.succeeded();
            return true;
          }
        });
  }

  private static boolean answered(SocketChannel channel, Selector selector, long millis) throws Exception {
    if (selector.select(millis) == 0) {
      return false;
    }
    ByteBuffer read = ByteBuffer.allocate(1_000);
    channel.read(read);
    assertThat(new String(read.array(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 204");
    return true;
  }

  /** Sends a request to a door, which is answered at its time. */
  private static Selector asked(SocketChannel channel, Path socket) throws Exception {
    channel.connect(UnixDomainSocketAddress.of(socket));
    channel.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    return selector;
  }

  @Test
  void aDoorAnswersWhenThePortIsOpen() throws Exception {
    Path socket = folder.resolve("api.sock");
    try (HttpFront front = front(); SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      front.start();
      AutoCloseable door = front.listen(socket, "door early");
      try (Selector selector = asked(channel, socket)) {
        assertThat(answered(channel, selector, STILL_MILLIS)).isFalse();
        front.openPort();
        assertThat(answered(channel, selector, PATIENCE_MILLIS)).isTrue();
      }
      door.close();
    }
  }

  @Test
  void aDoorThatComesLaterAnswersAtOnce() throws Exception {
    Path socket = folder.resolve("api.sock");
    try (HttpFront front = front(); SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      front.start();
      front.openPort();
      AutoCloseable door = front.listen(socket, "door late");
      try (Selector selector = asked(channel, socket)) {
        assertThat(answered(channel, selector, PATIENCE_MILLIS)).isTrue();
      }
      door.close();
    }
  }

  /** An address is no host name, but some clients put it where the name belongs. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "sts.us-east-1.amazonaws.com"})
  void aNameInTheHandshakeGetsACertificate(String name) throws Exception {
    try (HttpFront front = front()) {
      front.start();
      front.openPort();
      SSLContext anyone = SSLContext.getInstance("TLS");
      anyone.init(null, new TrustManager[] {new Trusting()}, null);
      try (SSLSocket socket = (SSLSocket) anyone.getSocketFactory()
          .createSocket(InetAddress.getLoopbackAddress(), front.port())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        assertThat(leaf.getSubjectAlternativeNames()).extracting(each -> (Object) each.get(1)).contains(name);
      }
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      assertThat(chain).isNotEmpty();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void hundredsOfDoorsAnswerAndThePortOpensBesideThem() throws Exception {
    List<AutoCloseable> doors = new ArrayList<>();
    try (HttpFront front = front(); SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      front.start();
      for (int i = 0; i < 300; i++) {
        doors.add(front.listen(folder.resolve(i + ".sock"), "door " + i));
      }
      front.openPort();
      try (Selector selector = asked(channel, folder.resolve("299.sock"))) {
        assertThat(answered(channel, selector, PATIENCE_MILLIS)).isTrue();
      }
      for (AutoCloseable door : doors) {
        door.close();
      }
    }
  }
}
