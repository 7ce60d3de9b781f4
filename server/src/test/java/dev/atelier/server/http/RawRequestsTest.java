package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes at the port that no client of AWS's would send. */
final class RawRequestsTest {
  private static final String HOST = "Host: localhost\r\n";
  private static final String END = "Connection: close\r\n\r\n";
  private TestPlatform platform;
  private ApiFront front;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    platform = new TestPlatform(folder.resolve("data"));
    front = platform.open();
  }

  @AfterEach
  void close() throws Exception {
    front.close();
    platform.close();
  }

  /** Sends characters as bytes and reads until the server closes the connection. */
  private String answer(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
      socket.setSoTimeout(20_000);
      Thread.startVirtualThread(() -> {
        try {
          socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
          socket.getOutputStream().flush();
        } catch (IOException answeredBefore) {
          assertThat(answeredBefore).isNotNull();
        }
      });
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      try {
        for (int read = in.read(); read >= 0; read = in.read()) {
          answer.append((char) read);
        }
      } catch (IOException reset) {
        // what was read before says enough: the server closes without reading the rest
        assertThat(answer.length()).as("%s", reset).isPositive();
      }
      return answer.toString();
    }
  }

  private void refused(String request, int status, String... parts) throws IOException {
    String answer = answer(request);
    String name = request.substring(0, Math.min(60, request.length()));
    assertThat(answer).as(name).startsWith("HTTP/1.1 " + status + " ").contains(parts);
    int length = answer.indexOf("\r\n\r\n") + 4;
    assertThat(answer.substring(length)).as(name).isNotEmpty();
    assertThat(answer.toLowerCase(java.util.Locale.ROOT)).as(name)
        .contains("content-length: " + (answer.length() - length)).doesNotContain("jetty", "<html", "exception:");
  }

  @Test
  void whatIsNoRequestIsAnsweredAsS3Does() throws IOException {
    for (String request : List.of("GARBAGE\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n" + HOST + END,
        "GET / HTTP/1.1\r\n" + HOST + "No colon\r\n" + END, "GET / HTTP/1.1\r\n" + HOST + "A b: c\r\n" + END,
        "GET / HTTP/1.1\r\n" + HOST + "A: b\r\n c\r\n" + END, "GET / HTTP/1.1\r\n" + HOST + "A: b\0c\r\n" + END,
        "GET / HTTP/1.1\r\n" + END, "GET / HTTP/1.1\r\n" + HOST + HOST + END,
        "PUT / HTTP/1.1\r\n" + HOST + "Content-Length: five\r\n" + END,
        "PUT / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nContent-Length: 6\r\n" + END,
        "PUT / HTTP/1.1\r\n" + HOST + "Content-Length: -5\r\n" + END,
        "PUT / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + END)) {
      refused(request, 400, "<Error><Code>BadRequest</Code>", "<RequestId>");
    }
  }

  @Test
  void headersAndAddressesHaveALength() throws IOException {
    refused("GET / HTTP/1.1\r\n" + HOST + "X-Long: " + "x".repeat(70_000) + "\r\n" + END, 400,
        "<Code>RequestHeaderSectionTooLarge</Code>");
    refused("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\n" + HOST + END, 414, "<Code>InvalidURI</Code>");
  }

  @Test
  void anUnknownExpectationIsPassedOver() throws IOException {
    for (String expectation : List.of("200", "the-best", "", "101-continue")) {
      assertThat(answer(signed("PUT", "/expecting", Map.of()).replace(END, "Expect: " + expectation + "\r\n" + END)))
          .as(expectation).startsWith("HTTP/1.1 200 ");
    }
    assertThat(answer(signed("PUT", "/expecting", Map.of()).replace(END, "Expect: 100-Continue\r\n" + END)))
        .matches("(?s)HTTP/1\\.1 (100 .*)?200 .*");
  }

  @Test
  void escapesAndBytesThatAreNoTextAreTheClientsFault() throws IOException {
    for (String path : List.of("/bucket/%zz", "/bucket/%", "/bucket/%f", "/bucket/\u00ff\u00fe", "/bucket/%ff%fe",
        "/%00", "/bucket?prefix=%zz", "/bucket?prefix=\u00ff", "/../../etc/passwd", "//", "/a b")) {
      String answer = answer("GET " + path + " HTTP/1.1\r\n" + HOST + END);
      assertThat(answer).as(path).matches("(?s)HTTP/1\\.1 4\\d\\d .*<Error><Code>.*");
    }
  }

  @Test
  void theServiceThatWasMeantIsAnswered() throws IOException {
    String end = "Content-Length: 0\r\n" + END;
    refused("POST / HTTP/2.0\r\n" + HOST + "X-Amz-Target: SageMaker.ListModels\r\n" + end, 426,
        "\"__type\":\"BadRequest\"");
    refused("POST / HTTP/2.0\r\n" + HOST + "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sts/"
        + "aws4_request, SignedHeaders=host, Signature=0\r\n" + end, 426, "<ErrorResponse", "BadRequest");
  }

  /** A signed request as text, which its caller changes. */
  private String signed(String method, String path, Map<String, String> more) {
    URI uri = URI.create("http://localhost" + path);
    Map<String, String> headers =
        new LinkedHashMap<>(platform.signed(method, uri, more, new byte[0], "us-east-1", "s3"));
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n");
    headers.forEach((name, value) -> {
      if (!name.equalsIgnoreCase("host")) {
        text.append(name).append(": ").append(value).append("\r\n");
      }
    });
    return text + END;
  }

  @Test
  void tricksWithSignedHeadersAreRefused() throws IOException {
    String good = signed("GET", "/", Map.of("x-amz-meta-colour", "red"));
    assertThat(answer(good)).startsWith("HTTP/1.1 200 ");
    refused(good.replace(END, "x-amz-acl: public-read\r\n" + END), 403, "<Code>AccessDenied</Code>",
        "There were headers present in the request which were not signed");
    refused(good.replace(END, "X-AMZ-META-COLOUR: blue\r\n" + END), 403, "<Code>SignatureDoesNotMatch</Code>");
    refused(good.replace(": red", ": blue"), 403, "<Code>SignatureDoesNotMatch</Code>");
    refused(good.replaceFirst("SignedHeaders=[^,]*", "SignedHeaders="), 400, "<Code>AuthorizationHeaderMalformed</Code>");
    refused(good.replaceFirst("SignedHeaders=[^,]*", "SignedHeaders=host"), 403, "<Code>AccessDenied</Code>");
    refused(good.replaceFirst("Authorization: (.*)\r\n", "Authorization: $1\r\nAuthorization: $1\r\n"), 400,
        "<Code>InvalidArgument</Code>", "Only one auth mechanism allowed");
    refused(good.replace("Host: localhost", "Host: 127.0.0.1"), 403, "<Code>SignatureDoesNotMatch</Code>");
    refused(good.replaceFirst("/us-east-1/", "/us-west-2/"), 403, "<Code>SignatureDoesNotMatch</Code>");
    refused(good.replaceFirst("Credential=[^/]*", "Credential="), 400, "<Code>AuthorizationHeaderMalformed</Code>");
    refused(good.replaceFirst("Signature=[0-9a-f]*", "Signature=zz"), 400, "<Code>AuthorizationHeaderMalformed</Code>");
  }
}
