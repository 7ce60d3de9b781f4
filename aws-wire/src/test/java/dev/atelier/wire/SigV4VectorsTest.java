package dev.atelier.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public vectors of Signature Version 4, and the worked examples of S3's documentation for chunks. */
class SigV4VectorsTest {
  private static final Clock AUGUST = clock("2015-08-30T12:36:00Z");
  private static final Clock MAY = clock("2013-05-24T00:00:00Z");
  private static final String TOKEN_MARK = "X-Amz-Security-Token:";

  private static Clock clock(String now) {
    return Clock.fixed(Instant.parse(now), ZoneOffset.UTC);
  }

  static Stream<Path> vectors() throws IOException, URISyntaxException {
    Path root = Path.of(SigV4VectorsTest.class.getResource("/aws4_testsuite").toURI());
    List<Path> requests;
    try (Stream<Path> files = Files.walk(root)) {
      requests = files.filter(file -> file.toString().endsWith(".sreq")).sorted().toList();
    }
    assertThat(requests).hasSizeGreaterThan(30);
    return requests.stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void verifies(Path signed) throws IOException {
    String text = withPublishedSignature(signed);
    Optional<String> token = text.lines().filter(line -> line.startsWith(TOKEN_MARK))
        .map(line -> line.substring(TOKEN_MARK.length())).findFirst();
    SigningKey key = new SigningKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token, Optional.empty());
    Function<String, Optional<SigningKey>> keys =
        id -> id.equals("AKIDEXAMPLE") ? Optional.of(key) : Optional.empty();
    SigV4Verifier verifier = new SigV4Verifier(keys, AUGUST);
    Authentication who = verifier.verify(parsed(text), ErrorDialect.JSON, Optional.empty());
    assertThat(who).isInstanceOfSatisfying(Authentication.Verified.class, verified -> {
      assertThat(verified.accessKeyId()).isEqualTo("AKIDEXAMPLE");
      assertThat(verified.service()).isEqualTo("service");
      assertThat(verified.region()).isEqualTo("us-east-1");
    });
    int authorization = text.indexOf("Signature=") + 10;
    char flipped = text.charAt(authorization) == '0' ? '1' : '0';
    String forged = text.substring(0, authorization) + flipped + text.substring(authorization + 1);
    assertThatThrownBy(() -> verifier.verify(parsed(forged), ErrorDialect.JSON, Optional.empty()))
        .isInstanceOfSatisfying(Fault.class, f -> assertThat(f.code()).isEqualTo("InvalidSignatureException"));
  }

  /** The signature is read from .authz: one vector's signed request holds another one. */
  private static String withPublishedSignature(Path signed) throws IOException {
    Path published = Path.of(signed.toString().replace(".sreq", ".authz"));
    return Files.readString(signed).replaceFirst("Authorization: .*", "Authorization: " + Files.readString(published));
  }

  /** The vectors fold one header over several lines, which an HTTP server unfolds. */
  private static WireRequest parsed(String text) {
    int blank = text.indexOf("\n\n");
    String head = blank < 0 ? text : text.substring(0, blank);
    String body = blank < 0 ? "" : text.substring(blank + 2);
    String[] lines = head.replaceAll("\n[ \t]+", " ").split("\n");
    String target = lines[0].substring(lines[0].indexOf(' ') + 1, lines[0].lastIndexOf(' '));
    int question = target.indexOf('?');
    Headers headers = new Headers();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.add(lines[i].substring(0, colon), lines[i].substring(colon + 1));
    }
    return new WireRequest(lines[0].substring(0, lines[0].indexOf(' ')),
        question < 0 ? target : target.substring(0, question), question < 0 ? "" : target.substring(question + 1),
        headers, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), false, "");
  }

  private static final Function<String, Optional<SigningKey>> S3_KEYS = id -> id.equals("AKIAIOSFODNN7EXAMPLE")
      ? Optional.of(SigningKey.permanent("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")) : Optional.empty();

  private static Authentication.Verified chunked(String signature, String trailer, String framed) {
    Headers headers = Headers.of("Host", "s3.amazonaws.com", "x-amz-date", "20130524T000000Z",
        "x-amz-storage-class", "REDUCED_REDUNDANCY", "Content-Encoding", "aws-chunked",
        "x-amz-decoded-content-length", "66560", "x-amz-content-sha256",
        trailer.isEmpty() ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" : "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER");
    String signed = "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
        + "x-amz-storage-class";
    if (trailer.isEmpty()) {
      headers.add("Content-Length", "66824");
      signed = signed.replace("content-encoding;", "content-encoding;content-length;");
    } else {
      headers.add("x-amz-trailer", trailer);
      signed += ";x-amz-trailer";
    }
    headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=" + signed + ",Signature=" + signature);
    WireRequest request = new WireRequest("PUT", "/examplebucket/chunkObject.txt", "", headers,
        new ByteArrayInputStream(framed.getBytes(StandardCharsets.UTF_8)), false, "");
    return (Authentication.Verified) new SigV4Verifier(S3_KEYS, MAY).verify(request, ErrorDialect.S3, Optional.empty());
  }

  private static String chunk(int size, String signature) {
    return Integer.toHexString(size) + ";chunk-signature=" + signature + "\r\n" + "a".repeat(size)
        + (size > 0 ? "\r\n" : "");
  }

  @Test
  void signedChunks() throws IOException {
    String framed = chunk(65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648")
        + chunk(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497")
        + chunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9") + "\r\n";
    String seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    Authentication.Verified verified = chunked(seed, "", framed);
    assertThat(verified.body().readAllBytes()).hasSize(66560).containsOnly('a');
    assertThat(verified.contentLength()).hasValue(66560);
    for (int place : new int[] {5, 30, 200, 65700, framed.length() - 10, framed.length() - 80}) {
      char other = framed.charAt(place) == 'b' ? 'c' : 'b';
      String forged = framed.substring(0, place) + other + framed.substring(place + 1);
      assertThatThrownBy(() -> chunked(seed, "", forged).body().readAllBytes()).isInstanceOf(Fault.class);
    }
    assertThatThrownBy(() -> chunked(seed, "", framed.substring(0, 65536 + 90)).body().readAllBytes())
        .isInstanceOf(Fault.class);
  }

  /** The body that botocore 1.43.67 sends over TLS. */
  @Test
  void unsignedTrailers() throws IOException {
    Headers headers = Headers.of("Host", "h", "X-Amz-Date", Signer.STAMP, "Content-Encoding", "gzip,aws-chunked",
        "X-Amz-Trailer", "x-amz-checksum-crc32", "X-Amz-Decoded-Content-Length", "5", "X-Amz-Content-SHA256",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    Signer.authorize("s3", "PUT", "/b/k", "", headers, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    SigV4Verifier verifier = new SigV4Verifier(id -> Optional.of(SigningKey.permanent(Signer.SECRET)),
        clock("2026-01-01T00:00:00Z"));
    String right = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    for (String framed : List.of(right, right.replace("5\r", "4\r"), right.replace("-crc32:", "-sha1:"),
        right.replace("x-amz-checksum-crc32:NhCmhg==\r\n", ""), right + "x", right.substring(0, 9),
        right.replace("0\r", "zz\r"), right.replace("5\r", "fffffffffffffff\r"))) {
      WireRequest request = new WireRequest("PUT", "/b/k", "", headers.copy(),
          new ByteArrayInputStream(framed.getBytes(StandardCharsets.UTF_8)), true, "");
      Authentication.Verified verified =
          (Authentication.Verified) verifier.verify(request, ErrorDialect.S3, Optional.empty());
      WireRequest content = verified.content(request);
      if (framed.equals(right)) {
        assertThat(content.body().readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("hello");
        assertThat(verified.trailers().get().first("x-amz-checksum-crc32")).hasValue("NhCmhg==");
        assertThat(content.headers().first("Content-Length")).hasValue("5");
        assertThat(content.headers().first("Content-Encoding")).hasValue("gzip");
      } else {
        assertThatThrownBy(() -> content.body().readAllBytes()).as(framed).isInstanceOf(Fault.class);
        assertThatThrownBy(() -> content.body().readAllBytes()).as("again: " + framed).isInstanceOf(Fault.class);
      }
    }
  }

  @Test
  void signedTrailers() throws IOException {
    String framed = chunk(65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2")
        + chunk(1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7")
        + chunk(0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992")
        + "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:"
        + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
    String seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    Authentication.Verified verified = chunked(seed, "x-amz-checksum-crc32c", framed);
    assertThat(verified.body().readAllBytes()).hasSize(66560);
    assertThat(verified.trailers().get().first("x-amz-checksum-crc32c")).hasValue("sOO8/Q==");
    assertThatThrownBy(() -> chunked(seed, "x-amz-checksum-crc32c", framed.replace("sOO8", "sOO9")).body()
        .readAllBytes()).isInstanceOf(Fault.class);
  }
}
