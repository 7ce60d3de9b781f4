package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.s3.CrossOrigin;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Answers browsers that ask S3 for pages of other origins: no operation, no signature. */
final class BrowserOrigins {
  private final CrossOrigin rules;

  BrowserOrigins(CrossOrigin rules) {
    this.rules = rules;
  }

  static boolean isPreflight(WireRequest request) {
    return request.method().equals("OPTIONS");
  }

  WireResponse preflight(Wire wire, WireRequest request, Optional<String> virtualBucket) {
    String requestId = UUID.randomUUID().toString();
    try {
      Headers headers = Headers.of("x-amz-request-id", requestId, "x-amz-id-2", requestId);
      rules.preflight(bucket(request, virtualBucket), request.headers().first("Origin"),
          request.headers().first("Access-Control-Request-Method"),
          request.headers().first("Access-Control-Request-Headers")).forEach(headers::set);
      return new WireResponse(200, headers, new WireResponse.Bytes(new byte[0]));
    } catch (Fault fault) {
      return wire.error(fault, requestId, Optional.empty());
    }
  }

  /** Adds what the page may know to an answer, be it an error. */
  WireResponse answered(WireRequest request, Optional<String> virtualBucket, WireResponse answer) {
    request.headers().first("Origin").map(origin ->
        rules.headers(bucket(request, virtualBucket), origin, request.method())).orElse(Map.of())
        .forEach((name, value) -> answer.headers().set(name, value));
    return answer;
  }

  private static String bucket(WireRequest request, Optional<String> virtualBucket) {
    return virtualBucket.orElseGet(() -> request.rawPath().substring(1).split("/", 2)[0]);
  }
}
