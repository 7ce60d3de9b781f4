package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Verifies S3's presigned URLs of Signature Version 2, which current clients still make in the oldest regions. It signs
 * only some of the query, so a query name that it leaves out and that does more than page a listing is refused.
 */
final class SigV2Verifier {
  private static final Set<String> SIGNED = Set.of("accelerate", "acl", "cors", "defaultObjectAcl", "location",
      "logging", "partNumber", "policy", "requestPayment", "torrent", "versioning", "versionId", "versions", "website",
      "uploads", "uploadId", "response-content-type", "response-content-language", "response-expires",
      "response-cache-control", "response-content-disposition", "response-content-encoding", "delete", "lifecycle",
      "tagging", "restore", "storageClass", "notification", "replication", "analytics", "metrics", "inventory",
      "select", "select-type", "object-lock");
  private static final Set<String> HARMLESS = Set.of("AWSAccessKeyId", "Signature", "Expires", "x-id", "prefix",
      "delimiter", "marker", "max-keys", "list-type", "encoding-type", "continuation-token", "start-after",
      "fetch-owner", "key-marker", "version-id-marker", "upload-id-marker", "max-uploads", "part-number-marker",
      "max-parts", "content-type", "content-md5");

  private final Function<String, Optional<SigningKey>> keys;
  private final Clock clock;

  SigV2Verifier(Function<String, Optional<SigningKey>> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  Authentication verify(WireRequest request, Query query, Optional<String> virtualBucket) {
    String accessKeyId = single(query, "AWSAccessKeyId");
    String signature = single(query, "Signature");
    String expires = single(query, "Expires");
    for (Query.Pair pair : query.pairs()) {
      String name = pair.name();
      if (!SIGNED.contains(name) && !HARMLESS.contains(name) && !name.startsWith("x-amz-")) {
        throw ErrorDialect.S3.mismatch();
      }
    }
    SigningKey key = keys.apply(accessKeyId).orElseThrow(ErrorDialect.S3::unknownKey);
    Map<String, String> amz = amzHeaders(request, query);
    String text = String.join("\n", request.method(), either(request, query, "content-md5"),
        either(request, query, "content-type"), expires,
        amz.entrySet().stream().map(e -> e.getKey() + ":" + e.getValue() + "\n").collect(Collectors.joining())
            + resource(request, query, virtualBucket));
    String right = Base64.getEncoder().encodeToString(
        Hashes.hmac("HmacSHA1", key.secret().getBytes(StandardCharsets.UTF_8), text));
    if (!Hashes.same(right, signature)) {
      throw ErrorDialect.S3.mismatch(new SignedText(accessKeyId, text, signature, Optional.empty()));
    }
    key.requireToken(Optional.ofNullable(amz.get("x-amz-security-token")).stream().toList(), clock.instant(),
        ErrorDialect.S3);
    if (!expires.matches("\\d{1,12}") || clock.instant().getEpochSecond() > Long.parseLong(expires)) {
      throw ErrorDialect.S3.expiredUrl("", expires.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(expires))
          : Instant.EPOCH, clock.instant(), OptionalLong.empty());
    }
    OptionalLong length = request.headers().first("Content-Length").filter(n -> n.matches("\\d{1,18}"))
        .map(n -> OptionalLong.of(Long.parseLong(n))).orElse(OptionalLong.empty());
    return new Authentication.Verified(accessKeyId, "", "s3", request.body(), length, Headers::new);
  }

  private static String single(Query query, String name) {
    List<String> values = query.all(name);
    if (values.size() != 1) {
      throw new Fault("AccessDenied", 403,
          "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
    }
    return values.getFirst();
  }

  /** Headers in the query stand for headers; one in both places would be read either way, so it is refused. */
  private static Map<String, String> amzHeaders(WireRequest request, Query query) {
    Map<String, String> amz = new TreeMap<>();
    for (String name : request.headers().names()) {
      if (name.startsWith("x-amz-")) {
        amz.put(name, request.headers().all(name).stream().map(String::strip).collect(Collectors.joining(",")));
      }
    }
    for (Query.Pair pair : query.pairs()) {
      if (pair.name().toLowerCase(Locale.ROOT).startsWith("x-amz-")
          && amz.put(pair.name().toLowerCase(Locale.ROOT), pair.value()) != null) {
        throw ErrorDialect.S3.mismatch();
      }
    }
    return amz;
  }

  private static String either(WireRequest request, Query query, String name) {
    return request.headers().first(name).or(() -> query.first(name)).orElse("");
  }

  private static String resource(WireRequest request, Query query, Optional<String> virtualBucket) {
    String path = virtualBucket.map(bucket -> "/" + bucket).orElse("") + request.rawPath();
    List<String> signed = new ArrayList<>();
    for (Query.Pair pair : query.pairs()) {
      if (SIGNED.contains(pair.name())) {
        signed.add(pair.value().isEmpty() ? pair.name() : pair.name() + "=" + pair.value());
      }
    }
    return signed.isEmpty() ? path : path + "?" + signed.stream().sorted().collect(Collectors.joining("&"));
  }
}
