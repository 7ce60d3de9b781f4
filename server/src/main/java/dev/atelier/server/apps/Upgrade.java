package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import dev.atelier.kernel.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Passes on a request that leaves HTTP, and splices the connections when the program agrees. */
final class Upgrade {
  private static final int MOST_HEAD = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int END_OF_HEAD = 0x0d0a0d0a;
  private static final Set<String> HANDSHAKE = Set.of("upgrade", "connection", "sec-websocket-accept",
      "sec-websocket-protocol", "sec-websocket-extensions");

  private Upgrade() {}

  /** Whether a request asks to leave HTTP/1.1 for WebSockets, the only upgrade there is. */
  static boolean asked(Request request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().get("Upgrade"));
  }

  static void pass(Request request, Response response, Callback callback, Standing.Ready route,
      OpenSockets.During open) throws IOException {
    SocketChannel program = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Head answer = ask(program, request, route);
      if (answer.status() != HttpStatus.SWITCHING_PROTOCOLS_101) {
        program.close();
        AppAnswers.text(response, callback, answer.status() >= 400 ? answer.status() : 502,
            "The app's program refused the connection.");
        return;
      }
      response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
      answer.fields().stream().filter(field -> HANDSHAKE.contains(field.getName().toLowerCase(Locale.ROOT)))
          .forEach(field -> response.getHeaders().put(field));
      EndPoint browser = request.getConnectionMetaData().getConnection().getEndPoint();
      request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
          new Splice(browser, request.getComponents().getExecutor(), program, open));
      callback.succeeded();
    } catch (IOException | RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private static Head ask(SocketChannel program, Request request, Standing.Ready route) throws IOException {
    Patience patience = new Patience(program, PATIENCE);
    try {
      program.connect(UnixDomainSocketAddress.of(route.socket()));
      send(program, request, route);
      return Head.read(program);
    } finally {
      patience.answered();
    }
  }

  private static void send(SocketChannel program, Request request, Standing.Ready route) throws IOException {
    StringBuilder head = new StringBuilder("GET ").append(request.getHttpURI().getPathQuery()).append(" HTTP/1.1\r\n");
    for (HttpField field : PassedHeaders.of(request, route)) {
      head.append(field.getName()).append(": ").append(field.getValue()).append("\r\n");
    }
    ByteBuffer bytes = ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      program.write(bytes);
    }
  }

  /** The head of the program's answer; what comes behind it is left in the channel. */
  private record Head(int status, List<HttpField> fields) {
    static Head read(SocketChannel program) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ByteBuffer one = ByteBuffer.allocate(1);
      int last = 0;
      // one byte after another: the first frame may follow at once, and is not ours
      while (last != END_OF_HEAD) {
        if (bytes.size() > MOST_HEAD || program.read(one.clear()) < 0) {
          throw new IOException("the program's answer to an upgrade has no end");
        }
        bytes.write(one.get(0));
        last = last << 8 | one.get(0) & 255;
      }
      return parse(bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n"));
    }

    private static Head parse(String[] lines) throws IOException {
      String[] words = lines[0].split(" ", 3);
      if (words.length < 2 || !words[1].matches("\\d{3}")) {
        throw new IOException("the program's answer to an upgrade is no HTTP");
      }
      List<HttpField> fields = new ArrayList<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        if (colon > 0) {
          fields.add(new HttpField(lines[i].substring(0, colon).strip(), lines[i].substring(colon + 1).strip()));
        }
      }
      return new Head(Integer.parseInt(words[1]), fields);
    }
  }
}
