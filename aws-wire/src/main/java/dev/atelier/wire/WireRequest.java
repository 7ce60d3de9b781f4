package dev.atelier.wire;

import java.io.InputStream;

/**
 * An HTTP request as it arrived.
 *
 * @param rawPath the path exactly as sent, still percent-encoded: signatures and S3 keys depend on every byte
 * @param rawQuery the query exactly as sent, without the question mark; empty when there is none
 * @param secure whether it came over TLS
 * @param peer the address that it came from; empty when that is not known
 */
public record WireRequest(
    String method, String rawPath, String rawQuery, Headers headers, InputStream body, boolean secure, String peer) {

  /** The request with its body's content encoding undone. */
  public WireRequest unpacked(InputStream plain) {
    return new WireRequest(method, rawPath, rawQuery, headers.copy().remove("Content-Encoding"), plain, secure, peer);
  }

  public WireRequest withBody(InputStream other) {
    return new WireRequest(method, rawPath, rawQuery, headers, other, secure, peer);
  }
}
