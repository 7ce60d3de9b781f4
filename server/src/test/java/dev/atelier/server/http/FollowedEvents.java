package dev.atelier.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Follows the console's events as its page does, over one connection. */
final class FollowedEvents implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader lines;
  private final int status;

  /** @param headers beside the cookie */
  FollowedEvents(int port, String cookie, List<String> headers) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    StringBuilder request = new StringBuilder("GET /events HTTP/1.1\r\nHost: studio.localhost:" + port + "\r\n");
    headers.forEach(header -> request.append(header).append("\r\n"));
    request.append(cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n").append("Connection: close\r\n\r\n");
    socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    status = Integer.parseInt(lines.readLine().substring(9, 12));
  }

  /** As the page asks. */
  static FollowedEvents page(int port, String cookie) throws IOException {
    return new FollowedEvents(port, cookie, List.of("X-Atelier-Console: 1", "Sec-Fetch-Site: same-origin"));
  }

  int status() {
    return status;
  }

  /** The next event's name and data. */
  String next() throws IOException {
    List<String> event = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event.add(line.substring(7));
      } else if (line.startsWith("data: ")) {
        event.add(line.substring(6));
        return String.join(" ", event);
      }
    }
    return "closed";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
