package dev.atelier.wire;

import java.io.InputStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request's signature says. */
public sealed interface Authentication {

  /** The request bears no signature at all. */
  record Unsigned() implements Authentication {}

  /**
   * The request is what the holder of the key signed. The body is still to be read: its stream ends with a Fault
   * instead of its end when the content is not what was signed, so nothing read from it counts before its end.
   *
   * @param accessKeyId the key that signed
   * @param region of the signature's scope; empty for SigV2, which has none
   * @param service of the signature's scope; the caller has to compare it with the operation's signing name
   * @param body the content, freed of chunk framing
   * @param contentLength the content's length where the request tells it
   * @param trailers headers that came after the content; complete once the body is read
   */
  record Verified(String accessKeyId, String region, String service, InputStream body, OptionalLong contentLength,
      Supplier<Headers> trailers) implements Authentication {

    /** The request without its framing: the content as body, and headers that speak of the content alone. */
    public WireRequest content(WireRequest signed) {
      Headers headers = signed.headers().copy();
      String encodings = Stream.of(String.join(",", headers.all("Content-Encoding")).split(",")).map(String::strip)
          .filter(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("aws-chunked"))
          .collect(Collectors.joining(","));
      boolean framed = headers.all("Content-Encoding").stream()
          .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("aws-chunked"));
      if (framed) {
        headers.remove("Content-Encoding");
        if (!encodings.isEmpty()) {
          headers.set("Content-Encoding", encodings);
        }
      }
      contentLength.ifPresent(length -> headers.set("Content-Length", String.valueOf(length)));
      return new WireRequest(signed.method(), signed.rawPath(), signed.rawQuery(), headers, body, signed.secure(),
          signed.peer());
    }
  }
}
