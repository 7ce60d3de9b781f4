package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.identity.Outbound;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures that were good once, or are good for something else, in the words of each family of services. */
final class SignatureFaultsTest {
  private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final byte[] WHO =
      "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, String> LIST =
      Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "SageMaker.ListModels");
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private TestPlatform platform;

  private final class Moved extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(ahead.get());
    }
  }

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    platform = new TestPlatform(folder.resolve("data"), Outbound.none(), new Moved());
    assertThat(platform.send("PUT", "/bucket", Map.of(), new byte[0], "s3").status()).isEqualTo(200);
  }

  @AfterEach
  void close() throws Exception {
    platform.close();
  }

  private Map<String, String> signed(String method, String path, Map<String, String> headers, byte[] body,
      String region, String service) {
    return new HashMap<>(
        platform.signed(method, URI.create("http://127.0.0.1" + path), headers, body, region, service));
  }

  private static String text(WireResponse response) throws IOException {
    return switch (response.body()) {
      case WireResponse.Bytes bytes -> new String(bytes.value(), StandardCharsets.UTF_8);
      case WireResponse.Stream stream -> {
        try (InputStream in = stream.value()) {
          yield new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
      case WireResponse.Events events -> throw new AssertionError("no events were asked for");
    };
  }

  private static void refused(WireResponse response, int status, String... parts) throws IOException {
    assertThat(text(response)).contains(parts);
    assertThat(response.status()).isEqualTo(status);
  }

  @Test
  void aRequestLivesForAQuarterOfAnHour() throws IOException {
    Map<String, String> s3 = signed("GET", "/bucket", Map.of(), new byte[0], "us-east-1", "s3");
    Map<String, String> json = signed("POST", "/", LIST, EMPTY, "us-east-1", "sagemaker");
    Map<String, String> query = signed("POST", "/", FORM, WHO, "us-east-1", "sts");
    for (Duration off : List.of(Duration.ofMinutes(14), Duration.ofMinutes(-14))) {
      ahead.set(off);
      assertThat(platform.sendUnsigned("GET", "/bucket", s3, new byte[0]).status()).isEqualTo(200);
      assertThat(platform.sendUnsigned("POST", "/", json, EMPTY).status()).isEqualTo(200);
      assertThat(platform.sendUnsigned("POST", "/", query, WHO).status()).isEqualTo(200);
    }
    for (Duration off : List.of(Duration.ofMinutes(16), Duration.ofMinutes(-16))) {
      ahead.set(off);
      refused(platform.sendUnsigned("GET", "/bucket", s3, new byte[0]), 403, "<Code>RequestTimeTooSkewed</Code>",
          "The difference between the request time and the current time is too large.");
      refused(platform.sendUnsigned("POST", "/", json, EMPTY), 400, "InvalidSignatureException", "Signature ");
      refused(platform.sendUnsigned("POST", "/", query, WHO), 403, "<Code>SignatureDoesNotMatch</Code>", "Signature ");
    }
  }

  @Test
  void aScopeIsForOneServiceAndARealRegion() throws IOException {
    refused(platform.sendUnsigned("POST", "/", signed("POST", "/", LIST, EMPTY, "us-east-1", "s3"), EMPTY), 400,
        "InvalidSignatureException", "Credential should be scoped to correct service: 'sagemaker'");
    refused(platform.sendUnsigned("POST", "/", signed("POST", "/", LIST, EMPTY, "mars", "sagemaker"), EMPTY), 400,
        "InvalidSignatureException", "Credential should be scoped to a valid region");
    refused(platform.sendUnsigned("GET", "/bucket", signed("GET", "/bucket", Map.of(), new byte[0], "mars", "s3"),
        new byte[0]), 400, "<Code>AuthorizationHeaderMalformed</Code>");
  }

  @Test
  void anotherBodyThanTheSignedOneIsNotStored() throws IOException {
    byte[] body = "signed".getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = signed("PUT", "/bucket/key", Map.of(), body, "us-east-1", "s3");
    refused(platform.sendUnsigned("PUT", "/bucket/key", headers, "forged".getBytes(StandardCharsets.UTF_8)), 400,
        "<Code>XAmzContentSHA256Mismatch</Code>");
    absent();
    refused(platform.sendUnsigned("POST", "/", signed("POST", "/", LIST, EMPTY, "us-east-1", "sagemaker"),
        "{ }".getBytes(StandardCharsets.UTF_8)), 400, "InvalidSignatureException");
    refused(platform.sendUnsigned("POST", "/", signed("POST", "/", FORM, WHO, "us-east-1", "sts"),
        "Action=GetSessionToken&Version=2011-06-15".getBytes(StandardCharsets.UTF_8)), 403, "SignatureDoesNotMatch");
  }

  private void absent() throws IOException {
    refused(platform.send("GET", "/bucket/key", Map.of(), new byte[0], "s3"), 404, "<Code>NoSuchKey</Code>");
  }

  /** A chunk that is not what was signed, ends early or never ends leaves no object. */
  @Test
  void brokenChunksStoreNothing() throws Exception {
    Map<String, String> headers = signed("PUT", "/bucket/key",
        Map.of("X-Amz-Content-SHA256", STREAMING, "x-amz-decoded-content-length", "5", "Content-Encoding", "aws-chunked"),
        new byte[0], "us-east-1", "s3");
    String wrong = "5;chunk-signature=" + "0".repeat(64) + "\r\nhello\r\n0;chunk-signature=" + "0".repeat(64) + "\r\n\r\n";
    for (String body : List.of(wrong, wrong.substring(0, 90), wrong.substring(0, 20), "", "5\r\nhello\r\n0\r\n\r\n",
        "zz;chunk-signature=" + "0".repeat(64) + "\r\n", "ffffffffffffffff;chunk-signature=" + "0".repeat(64) + "\r\n",
        "-5;chunk-signature=" + "0".repeat(64) + "\r\nhello\r\n", "x".repeat(100_000))) {
      WireResponse answer =
          platform.sendUnsigned("PUT", "/bucket/key", headers, body.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(answer.status()).as(text(answer)).isBetween(400, 403);
      assertThat(text(answer)).contains("<Error><Code>");
      absent();
    }
  }
}
