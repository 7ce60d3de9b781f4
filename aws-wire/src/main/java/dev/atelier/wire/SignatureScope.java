package dev.atelier.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * What a Version 4 signature claims: {@code Credential=key/date/region/service/aws4_request}, the signed headers and the
 * signature itself, from the Authorization header or the query.
 */
record SignatureScope(String accessKeyId, String date, String region, String service, List<String> signedHeaders,
    String signature) {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  static Optional<SignatureScope> of(String credential, String signedHeaders, String signature) {
    String[] parts = credential.split("/", -1);
    if (parts.length != 5 || !parts[4].equals("aws4_request") || parts[0].isEmpty() || !parts[1].matches("\\d{8}")
        || parts[2].isEmpty() || parts[3].isEmpty() || signedHeaders.isEmpty()
        || !signature.matches("[0-9a-f]{64}")) {
      return Optional.empty();
    }
    return Optional.of(new SignatureScope(parts[0], parts[1], parts[2], parts[3],
        List.of(signedHeaders.split(";", -1)), signature));
  }

  String text() {
    return date + "/" + region + "/" + service + "/aws4_request";
  }

  boolean s3() {
    return service.equals("s3");
  }

  static Optional<Instant> time(String stamp) {
    try {
      return Optional.of(LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  static String stamp(Instant time) {
    return STAMP.format(time.atOffset(ZoneOffset.UTC));
  }
}
