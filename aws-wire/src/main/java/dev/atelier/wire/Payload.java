package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** The ways in which x-amz-content-sha256 says the body is to be read. */
enum Payload {
  /** A digest or UNSIGNED-PAYLOAD. */
  PLAIN(""),
  SIGNED_CHUNKS("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
  SIGNED_CHUNKS_TRAILER("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
  UNSIGNED_CHUNKS_TRAILER("STREAMING-UNSIGNED-PAYLOAD-TRAILER");

  private final String value;

  Payload(String value) {
    this.value = value;
  }

  static Optional<Payload> of(String value) {
    return Arrays.stream(values()).filter(kind -> kind != PLAIN && kind.value.equals(value)).findFirst();
  }

  /** Makes the result out of the body to be read, its length and its trailers. */
  interface Opened {
    Authentication.Verified of(InputStream body, OptionalLong length, Supplier<Headers> trailers);
  }

  Authentication.Verified open(WireRequest request, String hash, ErrorDialect dialect, Supplier<ChunkSignature> chain,
      Opened opened) {
    OptionalLong sent = length(request, "Content-Length");
    if (this == PLAIN) {
      InputStream body = hash.startsWith("UNSIGNED") ? request.body()
          : new HashedBody(request.body(), hash, sent, dialect::wrongPayload);
      return opened.of(body, sent, Headers::new);
    }
    long length = length(request, "X-Amz-Decoded-Content-Length").orElseThrow(() -> new Fault(
        "MissingContentLength", 411, "You must provide the Content-Length HTTP header."));
    Set<String> announced = this == SIGNED_CHUNKS ? Set.of() : ChunkedBody.announced(request.headers());
    ChunkedBody body = new ChunkedBody(request.body(),
        this == UNSIGNED_CHUNKS_TRAILER ? Optional.empty() : Optional.of(chain.get()), length, announced);
    return opened.of(body, OptionalLong.of(length), body::trailers);
  }

  private static OptionalLong length(WireRequest request, String header) {
    return request.headers().first(header).map(String::strip).filter(text -> text.matches("\\d{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty());
  }
}
