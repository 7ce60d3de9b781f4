package dev.atelier.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this side signed where the client's signature is another.
 *
 * @param canonicalRequest of Version 4
 */
record SignedText(String accessKeyId, String stringToSign, String signatureProvided, Optional<String> canonicalRequest) {
  private static final HexFormat BYTES = HexFormat.ofDelimiter(" ");

  /** As the members of S3's error. */
  Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("AWSAccessKeyId", accessKeyId);
    members.put("StringToSign", stringToSign);
    members.put("SignatureProvided", signatureProvided);
    members.put("StringToSignBytes", bytes(stringToSign));
    canonicalRequest.ifPresent(text -> {
      members.put("CanonicalRequest", text);
      members.put("CanonicalRequestBytes", bytes(text));
    });
    return members;
  }

  private static String bytes(String text) {
    return BYTES.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
