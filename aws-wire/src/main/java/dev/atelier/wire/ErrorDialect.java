package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How a family of services words a failed signature. The one place where these differences are kept. */
public enum ErrorDialect {
  /** AWS JSON services. */
  JSON("InvalidSignatureException", "UnrecognizedClientException", "MissingAuthenticationTokenException",
      "IncompleteSignatureException", "ExpiredTokenException", 400),
  /** REST-JSON services: the same codes with status 403. */
  REST_JSON("InvalidSignatureException", "UnrecognizedClientException", "MissingAuthenticationTokenException",
      "IncompleteSignatureException", "ExpiredTokenException", 403),
  /** Query services. */
  QUERY("SignatureDoesNotMatch", "InvalidClientTokenId", "MissingAuthenticationToken", "IncompleteSignature",
      "ExpiredToken", 403),
  S3("SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied", "AuthorizationHeaderMalformed", "ExpiredToken",
      403);

  private final String mismatch;
  private final String unknownKey;
  private final String missing;
  private final String incomplete;
  private final String expiredToken;
  private final int status;

  ErrorDialect(String mismatch, String unknownKey, String missing, String incomplete, String expiredToken,
      int status) {
    this.mismatch = mismatch;
    this.unknownKey = unknownKey;
    this.missing = missing;
    this.incomplete = incomplete;
    this.expiredToken = expiredToken;
    this.status = status;
  }

  /** For an operation that needs a signature and got none. */
  public Fault missingSignature() {
    return new Fault(missing, status,
        this == S3 ? "Access Denied" : "Request is missing Authentication Token");
  }

  Fault mismatch() {
    return new Fault(mismatch, status, this == S3
        ? "The request signature we calculated does not match the signature you provided. "
            + "Check your key and signing method."
        : "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            + "Access Key and signing method. Consult the service documentation for details.");
  }

  /** The same with what was signed here, which S3 shows to whoever signed something else. */
  Fault mismatch(SignedText signed) {
    Fault plain = mismatch();
    return this == S3 ? new Fault(plain.code(), plain.status(), plain.getMessage(), signed.members()) : plain;
  }

  Fault unknownKey() {
    return new Fault(unknownKey, status, this == S3
        ? "The AWS Access Key Id you provided does not exist in our records."
        : "The security token included in the request is invalid.");
  }

  Fault wrongToken() {
    return this == S3
        ? new Fault("InvalidToken", 400, "The provided token is malformed or otherwise invalid.") : unknownKey();
  }

  Fault expiredToken() {
    return this == S3 ? new Fault(expiredToken, 400, "The provided token has expired.")
        : new Fault(expiredToken, status, "The security token included in the request is expired");
  }

  Fault incomplete(String detail) {
    return new Fault(incomplete, this == QUERY || this == S3 ? 400 : status, detail);
  }

  /** The signing time is more than a quarter of an hour from now. */
  Fault skewed(String detail, Instant signed, Instant now, Duration most) {
    return this == S3 ? new Fault("RequestTimeTooSkewed", 403,
        "The difference between the request time and the current time is too large.",
        Map.of("RequestTime", SignatureScope.stamp(signed), "ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString(),
            "MaxAllowedSkewMilliseconds", Long.toString(most.toMillis())))
        : new Fault(mismatch, status, detail);
  }

  /** A presigned URL past its life. @param life in seconds, where the URL says it so */
  Fault expiredUrl(String detail, Instant end, Instant now, OptionalLong life) {
    if (this != S3) {
      return new Fault(mismatch, status, detail);
    }
    Map<String, Object> times = new LinkedHashMap<>();
    life.ifPresent(seconds -> times.put("X-Amz-Expires", Long.toString(seconds)));
    times.put("Expires", end.truncatedTo(ChronoUnit.SECONDS).toString());
    times.put("ServerTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Fault("AccessDenied", 403, "Request has expired", times);
  }

  Fault unsignedHeader(String name) {
    return this == S3
        ? new Fault("AccessDenied", 403, "There were headers present in the request which were not signed")
        : new Fault(mismatch, status, "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
  }

  Fault wrongPayload() {
    return this == S3 ? new Fault("XAmzContentSHA256Mismatch", 400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.") : mismatch();
  }
}
