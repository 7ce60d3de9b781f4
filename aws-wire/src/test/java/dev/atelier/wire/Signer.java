package dev.atelier.wire;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A client's side of Signature Version 4; the public vectors vouch for the canonical form it shares. */
final class Signer {
  static final String KEY = "AKIDEXAMPLE";
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  static final String STAMP = "20260101T000000Z";

  private Signer() {}

  static String scope(String service) {
    return STAMP.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
  }

  static byte[] key(String service) {
    return Hashes.signingKey(SECRET, STAMP.substring(0, 8), "us-east-1", service);
  }

  /** Signs all headers of the request; its x-amz-date must be {@link #STAMP}. */
  static String authorize(String service, String method, String path, String query, Headers headers, String payload) {
    List<String> names = headers.names().stream().sorted().toList();
    WireRequest request = new WireRequest(method, path, query, headers, new ByteArrayInputStream(new byte[0]), false, "");
    String canonicalPath =
        service.equals("s3") ? CanonicalRequest.s3Path(path) : CanonicalRequest.normalizedPath(path);
    String canonical = CanonicalRequest.of(request, canonicalPath, Query.parse(query).pairs(), names, payload);
    String signature = Hashes.sign(key(service), "AWS4-HMAC-SHA256\n" + STAMP + "\n" + scope(service) + "\n"
        + Hashes.sha256Hex(canonical.getBytes(StandardCharsets.UTF_8)));
    headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=" + KEY + "/" + scope(service) + ", SignedHeaders="
        + String.join(";", names) + ", Signature=" + signature);
    return signature;
  }

  /** Body in signed chunks of {@code size} bytes. */
  static byte[] chunks(byte[] content, int size, String seed) {
    StringBuilder out = new StringBuilder();
    String previous = seed;
    for (int at = 0; at <= content.length; at += size) {
      byte[] part = java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + size));
      previous = chunk(out, part, previous);
      if (part.length > 0 && at + size >= content.length) {
        chunk(out, new byte[0], previous);
        break;
      }
    }
    return out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String chunk(StringBuilder out, byte[] part, String previous) {
    String signature = Hashes.sign(key("s3"), "AWS4-HMAC-SHA256-PAYLOAD\n" + STAMP + "\n" + scope("s3") + "\n"
        + previous + "\n" + Hashes.EMPTY_SHA256 + "\n" + Hashes.sha256Hex(part));
    out.append(Integer.toHexString(part.length)).append(";chunk-signature=").append(signature).append("\r\n")
        .append(new String(part, StandardCharsets.ISO_8859_1)).append(part.length > 0 ? "\r\n" : "");
    return signature;
  }

  static String query(List<Query.Pair> pairs) {
    return pairs.stream().map(pair -> pair.rawName() + "=" + pair.rawValue()).collect(Collectors.joining("&"));
  }
}
