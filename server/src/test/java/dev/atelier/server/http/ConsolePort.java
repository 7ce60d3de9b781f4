package dev.atelier.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Speaks to a port by any host name, as a browser would and as it would not. */
final class ConsolePort {
  private final int port;

  ConsolePort(int port) {
    this.port = port;
  }

  /** An answer whose body is text. */
  record Answer(int status, String head, String body) {
    /** The first value of a header, or empty. */
    String header(String name) {
      return Arrays.stream(head.split("\r\n"))
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
    }

    /** The cookie as a browser sends it back. */
    String cookie() {
      return header("Set-Cookie").split(";")[0];
    }
  }

  String host() {
    return "studio.localhost:" + port;
  }

  /** A request of the console's own page. */
  Answer page(String method, String path, String cookie, String body, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("X-Atelier-Console: 1", "Origin: http://" + host(), "Sec-Fetch-Site: same-origin"));
    return send(method, path, cookie, body, all);
  }

  /** A request to the console's host with these headers. */
  Answer send(String method, String path, String cookie, String body, List<String> headers) throws IOException {
    return at(host(), method, path, cookie, body, headers);
  }

  /** A request to any host name at the port. */
  Answer at(String host, String method, String path, String cookie, String body, List<String> headers)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
    headers.forEach(header -> request.append(header).append("\r\n"));
    request.append(cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n").append("Content-Length: ")
        .append(bytes.length).append("\r\nConnection: close\r\n\r\n").append(body);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = text.indexOf("\r\n\r\n");
      return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }
  }

  /** What the administrator is answered who asks for a link. */
  Answer link(TestPlatform platform) throws IOException {
    Map<String, String> headers = platform.signed("GET", URI.create("http://localhost:" + port + ConsoleSide.LINK_PATH),
        Map.of(), new byte[0], "us-east-1", "s3");
    return at("localhost:" + port, "GET", ConsoleSide.LINK_PATH, "", "",
        headers.entrySet().stream().map(header -> header.getKey() + ": " + header.getValue()).toList());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
