package dev.atelier.wire;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.Supplier;

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
      Supplier<Headers> trailers) implements Authentication {}
}
