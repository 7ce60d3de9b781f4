package dev.atelier.server.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.entry.Standing;
import dev.atelier.server.http.HttpFront;
import dev.atelier.server.tls.CertificateAuthority;
import dev.atelier.server.tls.HostIdentity;
import dev.atelier.server.tls.SniKeyManager;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way through to an app's program, over a real port and a real unix socket. */
@Timeout(60)
final class AppHandlerTest {
  private static final Arn PROGRAM = Arn.parse("arn:aws:sagemaker:us-east-1:111122223333:app/d-1/u/jupyterserver/default").orElseThrow();
  private static final String HOST = "app-1.studio.localhost:2772";
  private static final String SESSION = "Cookie: theirs=1; __Host-atelier-app=good; _xsrf=x\r\n";
  private static final String OWN = "Origin: http://" + HOST + "\r\n";

  private final OpenSockets sockets = new OpenSockets();
  private FakeProgram program;
  private HttpFront front;
  private Standing standing;
  private volatile int used;
  private volatile boolean signedOut;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    program = new FakeProgram(folder.resolve("s"));
    standing = new Standing.Ready(PROGRAM, folder.resolve("s"), "upstream", Optional.of("ann"));
    CertificateAuthority authority = CertificateAuthority.open(Files.createDirectory(folder.resolve("k")),
        Clock.systemUTC());
    AppHandler handler = new AppHandler(new Side(), (app, lasts, request, response, callback) -> false, sockets);
    front = new HttpFront(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new SniKeyManager(authority, HostIdentity.local(), Clock.systemUTC()), new Handler.Wrapper(handler) {
          @Override
          public boolean handle(Request request, Response response, Callback callback) throws Exception {
            return handler.handle("app-1", request, response, callback);
          }
        });
    front.start();
    front.openPort();
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    program.close();
    sockets.close();
  }

  private final class Side implements AppSide {
    @Override
    public Optional<Entry> redeem(String app, String presigned) {
      return switch (presigned) {
        case "once" -> Optional.of(new Entry("good", 60, "/lab?reset"));
        case "away" -> Optional.of(new Entry("good", 60, "//evil.example/"));
        case "refused" -> throw new Fault("ResourceLimitExceeded", 400, "The budget is used up.");
        default -> Optional.empty();
      };
    }

    @Override
    public void used(Arn program) {
      used++;
    }

    @Override
    public Optional<Standing> standing(String app, String token) {
      return app.equals("app-1") && token.equals("good") && !signedOut ? Optional.of(standing) : Optional.empty();
    }
  }

  private String ask(String method, String path, String headers) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.getOutputStream().write((method + " " + path + " HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n"
          + headers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** How the answer to a handshake begins. */
  private String upgrading(String headers) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.getOutputStream().write(("GET /api/kernels/1/channels HTTP/1.1\r\nHost: " + HOST
          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + SESSION + headers + "\r\n")
          .getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aGoodUrlBeginsASessionAndOthersDoNot() throws Exception {
    String entered = ask("GET", "/.atelier/enter?token=once", "");
    assertThat(entered).startsWith("HTTP/1.1 303").contains("Location: /lab?reset")
        .contains("Set-Cookie: __Host-atelier-app=good; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
    assertThat(ask("GET", "/.atelier/enter?token=away", "")).contains("Location: /\r\n");
    assertThat(ask("GET", "/.atelier/enter?token=other", "")).startsWith("HTTP/1.1 403").doesNotContain("Set-Cookie");
    assertThat(ask("GET", "/.atelier/enter", "")).startsWith("HTTP/1.1 403");
    assertThat(ask("GET", "/.atelier/enter?token=%zz", "")).startsWith("HTTP/1.1 4");
    assertThat(ask("GET", "/.atelier/enter?token=refused", "")).startsWith("HTTP/1.1 400").contains("is used up");
    assertThat(program.asked()).isEmpty();
  }

  @Test
  void whatChangesSomethingCountsAsUse() throws Exception {
    ask("GET", "/lab", SESSION);
    assertThat(used).isZero();
    ask("POST", "/api/contents", SESSION);
    assertThat(used).isZero();
    ask("PUT", "/api/contents/a", SESSION + OWN);
    assertThat(used).isEqualTo(1);
  }

  @Test
  void withoutASessionNothingReachesTheProgram() throws Exception {
    assertThat(ask("GET", "/lab", "")).startsWith("HTTP/1.1 401");
    assertThat(ask("GET", "/lab", "Cookie: __Host-atelier-app=bad\r\n")).startsWith("HTTP/1.1 401");
    assertThat(ask("GET", "/lab", "Cookie: __Host-atelier-app=bad; __Host-atelier-app=good\r\n"))
        .startsWith("HTTP/1.1 401");
    assertThat(ask("GET", "/lab?token=upstream", "Authorization: token upstream\r\n")).startsWith("HTTP/1.1 401");
    assertThat(program.asked()).isEmpty();
  }

  @Test
  void theProgramGetsItsTokenAndNotOurCookie() throws Exception {
    String answer = ask("GET", "/a//b%2Fc?d=%20", SESSION + "Authorization: Bearer mine\r\nX-Forwarded-For: 1.2.3.4\r\n"
        + "X-Real-IP: 1.2.3.4\r\nX-Atelier-User: mine\r\nx-aTELIER-user: mine\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("ok");
    assertThat(program.asked()).startsWith("GET /a//b%2Fc?d=%20 HTTP/1.1\r\n").contains("Host: " + HOST)
        .contains("Cookie: theirs=1; _xsrf=x\r\n").contains("Authorization: token upstream\r\n")
        .contains("X-Atelier-User: ann\r\n").doesNotContain("good").doesNotContain("mine").doesNotContain("1.2.3.4");
  }

  @Test
  void noBrowserTakesAwayWhatTheProxySays() throws Exception {
    ask("GET", "/lab", SESSION + "Connection: X-Atelier-User, Authorization, X-Forwarded-Host\r\n");
    assertThat(program.asked()).contains("X-Atelier-User: ann\r\n").contains("Authorization: token upstream\r\n")
        .contains("X-Forwarded-Host: " + HOST);
  }

  @Test
  void aProgramSetsCookiesForItsHostAlone() throws Exception {
    program.answers("HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Domain=localhost; Path=/\r\n"
        + "Set-Cookie: __Host-atelier-app=theirs\r\nContent-Length: 0\r\n\r\n");
    assertThat(ask("GET", "/", SESSION)).contains("Set-Cookie: a=1; Path=/").doesNotContain("theirs")
        .doesNotContain("Domain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Origin: http://evil.example\r\n", "Origin: null\r\n", "Origin: https://" + HOST + "\r\n",
      "Origin: http://app-2.studio.localhost:2772\r\n", ""})
  void foreignPagesChangeNothing(String origin) throws Exception {
    for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
      assertThat(ask(method, "/api/contents/a", SESSION + "Content-Length: 0\r\n" + origin))
          .startsWith("HTTP/1.1 403");
    }
    assertThat(upgrading(origin)).isEqualTo("HTTP/1.1 403");
    assertThat(program.asked()).isEmpty();
  }

  @Test
  void foreignPagesReadNothingButMayLinkHere() throws Exception {
    String link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    assertThat(ask("GET", "/lab/tree/a.ipynb", SESSION + link)).startsWith("HTTP/1.1 200");
    assertThat(ask("GET", "/api/contents/a", SESSION + link)).startsWith("HTTP/1.1 403");
    assertThat(ask("GET", "/files/a.js", SESSION + "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n"
        + "Sec-Fetch-Dest: script\r\n")).startsWith("HTTP/1.1 403");
    assertThat(ask("POST", "/api/contents", SESSION + OWN + "Content-Length: 0\r\n")).startsWith("HTTP/1.1 200");
  }

  @Test
  void anUpgradedConnectionCarriesEveryByteBothWays() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.getOutputStream().write(("GET /api/kernels/1/channels?session_id=2 HTTP/1.1\r\nHost: " + HOST
          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n"
          + OWN + SESSION + "\r\nearly").getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        head.append((char) in.read());
      }
      assertThat(head.toString()).startsWith("HTTP/1.1 101").contains("Sec-WebSocket-Accept: x")
          .doesNotContain("X-Other");
      assertThat(new String(in.readNBytes(10), StandardCharsets.UTF_8)).isEqualTo("firstearly");
      byte[] many = new byte[8 << 20];
      new java.util.SplittableRandom(3).nextBytes(many);
      Thread.ofVirtual().start(() -> {
        try {
          socket.getOutputStream().write(many);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      assertThat(in.readNBytes(many.length)).isEqualTo(many);
    }
    assertThat(program.asked()).contains("Authorization: token upstream").contains("Sec-WebSocket-Key: k")
        .doesNotContain("good");
  }

  @Test
  void connectionsEndWithTheirSession() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(("GET /terminals/websocket/1 HTTP/1.1\r\nHost: " + HOST
          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + OWN + SESSION + "\r\nstill")
          .getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      StringBuilder all = new StringBuilder();
      while (!all.toString().endsWith("firststill")) {
        all.append((char) in.read());
      }
      sockets.look();
      socket.getOutputStream().write('!');
      assertThat(in.read()).isEqualTo('!');
      signedOut = true;
      sockets.look();
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void whileItStartsThePageTellsHowFar() throws Exception {
    standing = new Standing.Starting("Building <the> environment");
    assertThat(ask("GET", "/lab", SESSION + "Accept: text/html\r\n")).startsWith("HTTP/1.1 202")
        .contains("Building &lt;the&gt; environment").contains("content=\"1\"");
    assertThat(ask("GET", "/api/status", SESSION)).startsWith("HTTP/1.1 503").doesNotContain("<html");
    standing = new Standing.Ended("Stopped by its user");
    assertThat(ask("GET", "/lab", SESSION + "Accept: text/html\r\n")).startsWith("HTTP/1.1 503")
        .contains("Stopped by its user");
  }

  @Test
  void aProgramThatIsGoneIsTold() throws Exception {
    program.close();
    assertThat(ask("GET", "/lab", SESSION)).startsWith("HTTP/1.1 502").contains("started again");
  }
}
