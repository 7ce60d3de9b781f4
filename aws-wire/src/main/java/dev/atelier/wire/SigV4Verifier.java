package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Verifies Signature Version 4 in header and query, with plain, unsigned, chunked and trailer payloads, and Version 2
 * in the query for S3. The host and every {@code x-amz-} header must be signed. Safe for use by many threads.
 */
public final class SigV4Verifier {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final long MAX_EXPIRY_SECONDS = 604_800;
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final Set<String> PRESIGNED = Set.of("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
      "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Content-Sha256");

  private final Function<String, Optional<SigningKey>> keys;
  private final Clock clock;

  /** @param keys the active key of an access key id */
  public SigV4Verifier(Function<String, Optional<SigningKey>> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Verifies a request.
   *
   * @param virtualBucket the bucket in the host name, for SigV2; empty when there is none
   * @throws Fault in the words of {@code dialect} when a signature is there and is not right
   */
  public Authentication verify(WireRequest request, ErrorDialect dialect, Optional<String> virtualBucket) {
    Query query = Query.parse(request.rawQuery());
    List<String> authorizations = request.headers().all("Authorization");
    boolean presigned = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature") || query.has("X-Amz-Credential");
    boolean presignedV2 = query.has("AWSAccessKeyId") && query.has("Signature");
    int mechanisms = authorizations.size() + (presigned ? 1 : 0) + (presignedV2 ? 1 : 0);
    if (mechanisms == 0) {
      return new Authentication.Unsigned();
    }
    if (mechanisms > 1) {
      throw new Fault("InvalidArgument", 400, "Only one auth mechanism allowed; only the X-Amz-Algorithm query "
          + "parameter, Signature query string parameter or the Authorization header should be specified");
    }
    if (presignedV2) {
      return new SigV2Verifier(keys, clock).verify(request, query, virtualBucket);
    }
    return new Attempt(request, query, dialect)
        .verify(presigned ? Optional.empty() : Optional.of(authorizations.getFirst().strip()));
  }

  /**
   * Verifies the form of a browser's upload to S3.
   *
   * @param fields by their names in lower case
   * @throws Fault in S3's words when a signature is there and is not right
   */
  public Authentication verifyForm(Map<String, String> fields) {
    return new FormSignature(keys, clock).verify(fields);
  }

  /** One verification. */
  private final class Attempt {
    private final WireRequest request;
    private final Query query;
    private final ErrorDialect dialect;

    Attempt(WireRequest request, Query query, ErrorDialect dialect) {
      this.request = request;
      this.query = query;
      this.dialect = dialect;
    }

    Authentication verify(Optional<String> authorization) {
      SignatureScope scope = authorization.map(this::fromHeader).orElseGet(this::fromQuery);
      boolean presigned = authorization.isEmpty();
      Instant signedAt = presigned ? presignedTime() : headerTime();
      String stamp = SignatureScope.stamp(signedAt);
      if (!stamp.startsWith(scope.date())) {
        throw dialect.mismatch();
      }
      SigningKey key = keys.apply(scope.accessKeyId()).orElseThrow(dialect::unknownKey);
      checkSignedHeaders(scope, key);
      String payloadHash = payloadHash(scope, presigned);
      WireRequest whole = request;
      if (payloadHash.isEmpty()) {
        byte[] body = RequestBody.sent(request);
        payloadHash = Hashes.sha256Hex(body);
        whole = request.withBody(new ByteArrayInputStream(body));
      }
      byte[] signingKey = Hashes.signingKey(key.secret(), scope.date(), scope.region(), scope.service());
      checkSignature(scope, signingKey, stamp, payloadHash);
      checkToken(key, presigned);
      checkTime(signedAt, presigned);
      return verified(whole, scope, signingKey, stamp, payloadHash);
    }

    private SignatureScope fromHeader(String authorization) {
      if (!authorization.startsWith(ALGORITHM + " ")) {
        throw dialect == ErrorDialect.S3 ? new Fault("InvalidRequest", 400,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
            : dialect.incomplete("The Authorization header does not begin with AWS4-HMAC-SHA256.");
      }
      Map<String, String> parts = new HashMap<>();
      for (String part : authorization.substring(ALGORITHM.length() + 1).split(",")) {
        int equals = part.indexOf('=');
        if (equals < 0 || parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip()) != null) {
          throw dialect.incomplete("The Authorization header is malformed.");
        }
      }
      if (!parts.keySet().equals(Set.of("Credential", "SignedHeaders", "Signature"))) {
        throw dialect.incomplete(
            "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.");
      }
      return SignatureScope.of(parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"))
          .orElseThrow(() -> dialect.incomplete("The Authorization header is malformed: "
              + "Credential must be KEY/yyyyMMdd/REGION/SERVICE/aws4_request and Signature 64 hexadecimal digits."));
    }

    private SignatureScope fromQuery() {
      for (String name : PRESIGNED) {
        if (query.all(name).size() > 1) {
          throw malformedQuery();
        }
      }
      if (!query.first("X-Amz-Algorithm").orElse("").equals(ALGORITHM)) {
        throw malformedQuery();
      }
      return SignatureScope.of(query.first("X-Amz-Credential").orElse(""),
          query.first("X-Amz-SignedHeaders").orElse(""), query.first("X-Amz-Signature").orElse(""))
          .orElseThrow(this::malformedQuery);
    }

    private Fault malformedQuery() {
      String message = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
          + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
      return dialect == ErrorDialect.S3 ? new Fault("AuthorizationQueryParametersError", 400, message)
          : dialect.incomplete(message);
    }

    private Instant presignedTime() {
      return query.first("X-Amz-Date").flatMap(SignatureScope::time).orElseThrow(this::malformedQuery);
    }

    private Instant headerTime() {
      List<String> stamps = request.headers().all("X-Amz-Date");
      if (stamps.size() == 1) {
        return SignatureScope.time(stamps.getFirst().strip()).orElseThrow(this::noDate);
      }
      List<String> dates = request.headers().all("Date");
      if (!stamps.isEmpty() || dates.size() != 1) {
        throw noDate();
      }
      try {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(dates.getFirst()));
      } catch (DateTimeException notADate) {
        return SignatureScope.time(dates.getFirst().strip()).orElseThrow(this::noDate);
      }
    }

    private Fault noDate() {
      return dialect == ErrorDialect.S3
          ? new Fault("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
          : dialect.incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
    }

    /** A session token may come unsigned, as some clients add it late: it is compared with the key's own anyway. */
    private void checkSignedHeaders(SignatureScope scope, SigningKey key) {
      List<String> signed = scope.signedHeaders();
      List<String> sorted = signed.stream().sorted().distinct().toList();
      if (!sorted.equals(signed) || !signed.contains("host")) {
        throw dialect.unsignedHeader("Host");
      }
      for (String name : signed) {
        if (!request.headers().has(name)) {
          throw dialect.mismatch();
        }
      }
      for (String name : request.headers().names()) {
        boolean token = name.equals("x-amz-security-token") && key.sessionToken().isPresent();
        if (name.startsWith("x-amz-") && !signed.contains(name) && !token) {
          throw dialect.unsignedHeader(name);
        }
      }
    }

    /** The payload's hash in the canonical request; empty when it has to be computed from the body. */
    private String payloadHash(SignatureScope scope, boolean presigned) {
      List<String> headers = request.headers().all("X-Amz-Content-Sha256");
      Optional<String> claimed = headers.isEmpty() ? query.first("X-Amz-Content-Sha256").filter(h -> presigned)
          : Optional.of(headers.getFirst());
      if (headers.size() > 1) {
        throw dialect.mismatch();
      }
      if (claimed.isEmpty()) {
        if (scope.s3() && !presigned) {
          throw new Fault("InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
        }
        return scope.s3() ? UNSIGNED : "";
      }
      String hash = claimed.get();
      boolean digest = hash.matches("[0-9a-f]{64}");
      if (!digest && !scope.s3()) {
        throw dialect.mismatch();
      }
      if (!digest && !hash.equals(UNSIGNED) && Payload.of(hash).isEmpty()) {
        throw new Fault("InvalidArgument", 400, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
            + "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
            + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.");
      }
      return hash;
    }

    private void checkSignature(SignatureScope scope, byte[] signingKey, String stamp, String payloadHash) {
      List<Query.Pair> pairs =
          query.pairs().stream().filter(pair -> !pair.name().equals("X-Amz-Signature")).toList();
      List<String> paths = scope.s3()
          ? List.of(CanonicalRequest.s3Path(request.rawPath()), request.rawPath())
          : List.of(CanonicalRequest.normalizedPath(request.rawPath()));
      List<SignedText> signed = paths.stream()
          .map(path -> CanonicalRequest.of(request, path, pairs, scope.signedHeaders(), payloadHash))
          .map(canonical -> new SignedText(scope.accessKeyId(), ALGORITHM + "\n" + stamp + "\n" + scope.text() + "\n"
              + Hashes.sha256Hex(canonical.getBytes(java.nio.charset.StandardCharsets.UTF_8)), scope.signature(),
              Optional.of(canonical))).toList();
      boolean right = false;
      for (SignedText text : signed) {
        right |= Hashes.same(scope.signature(), Hashes.sign(signingKey, text.stringToSign()));
      }
      if (!right) {
        throw dialect.mismatch(signed.getFirst());
      }
    }

    private void checkToken(SigningKey key, boolean presigned) {
      List<String> sent = presigned ? query.all("X-Amz-Security-Token") : List.of();
      List<String> tokens = sent.isEmpty() ? request.headers().all("X-Amz-Security-Token") : sent;
      key.requireToken(tokens, clock.instant(), dialect);
    }

    private void checkTime(Instant signedAt, boolean presigned) {
      Instant now = clock.instant();
      String stamp = SignatureScope.stamp(signedAt);
      if (signedAt.isAfter(now.plus(SKEW))) {
        throw dialect.skewed("Signature not yet current: " + stamp + " is still later than "
            + SignatureScope.stamp(now.plus(SKEW)) + " (" + SignatureScope.stamp(now) + " + 15 min.)", signedAt, now, SKEW);
      }
      if (presigned) {
        long seconds = life(query.first("X-Amz-Expires").orElseThrow(this::malformedQuery));
        if (!now.isBefore(signedAt.plusSeconds(seconds))) {
          throw dialect.expiredUrl("Signature expired: " + stamp + " is now earlier than "
              + SignatureScope.stamp(now.minusSeconds(seconds)), signedAt.plusSeconds(seconds), now, OptionalLong.of(seconds));
        }
      } else if (signedAt.isBefore(now.minus(SKEW))) {
        throw dialect.skewed("Signature expired: " + stamp + " is now earlier than "
            + SignatureScope.stamp(now.minus(SKEW)) + " (" + SignatureScope.stamp(now) + " - 15 min.)", signedAt, now, SKEW);
      }
    }

    /** How long a presigned request is good for, in seconds; 0 is expired at once. */
    private long life(String text) {
      if (!text.matches("-?\\d{1,18}")) {
        throw badLife("X-Amz-Expires should be a number");
      }
      long seconds = Long.parseLong(text);
      if (seconds < 0) {
        throw badLife("X-Amz-Expires must be non-negative");
      }
      if (seconds > MAX_EXPIRY_SECONDS) {
        throw badLife("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
            + "less than " + MAX_EXPIRY_SECONDS + " seconds");
      }
      return seconds;
    }

    private Fault badLife(String message) {
      return dialect == ErrorDialect.S3
          ? new Fault("AuthorizationQueryParametersError", 400, message) : dialect.incomplete(message);
    }

    private Authentication verified(WireRequest whole, SignatureScope scope, byte[] signingKey, String stamp,
        String payloadHash) {
      Payload payload = Payload.of(payloadHash).orElse(Payload.PLAIN);
      return payload.open(whole, payloadHash, dialect,
          () -> new ChunkSignature(signingKey, stamp, scope.text(), scope.signature(), dialect),
          (body, length, trailers) -> new Authentication.Verified(
              scope.accessKeyId(), scope.region(), scope.service(), body, length, trailers));
    }
  }
}
