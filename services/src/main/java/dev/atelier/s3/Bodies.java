package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.TrailedBody;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.ChecksumAlgorithm;
import dev.atelier.objects.S3Fault;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Bodies of requests and what they are to be checked against. */
final class Bodies {
  private static final String TRAILER = "x-amz-checksum-";
  private static final List<String> OTHER_CHECKSUMS =
      List.of("ChecksumSHA512", "ChecksumMD5", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128");

  /** The body; an absent one is empty. A checksum that comes after it is awaited at its end. */
  InputStream body(Map<String, Object> request) {
    return request.get("Body") instanceof InputStream body ? body : InputStream.nullInputStream();
  }

  /**
   * What the request says about its body.
   *
   * @throws Fault InvalidRequest for more than one checksum or an unknown one, InvalidDigest
   */
  BodyChecks checks(Map<String, Object> request) {
    InputStream body = body(request);
    Optional<ChecksumAlgorithm> given = given(request);
    Optional<String> value = given.flatMap(algorithm -> Requests.text(request, member(algorithm)));
    Optional<ChecksumAlgorithm> algorithm = given.or(() -> announced(body)).or(() -> asked(request));
    return new BodyChecks(length(request, body),
        Optional.ofNullable((String) request.get("ContentMD5")), algorithm, value,
        computed -> trailed(body, algorithm).filter(expected -> !expected.equals(computed)).isEmpty(),
        BodyChecks.ONE_REQUEST);
  }

  /** The length of the content: of a framed body not Content-Length. */
  private static OptionalLong length(Map<String, Object> request, InputStream body) {
    if (body instanceof TrailedBody framed) {
      return OptionalLong.of(framed.length());
    }
    return request.get("ContentLength") instanceof Long length ? OptionalLong.of(length) : OptionalLong.empty();
  }

  static String member(ChecksumAlgorithm algorithm) {
    return "Checksum" + algorithm.name();
  }

  /** The algorithm that the request names without giving a value. */
  static Optional<ChecksumAlgorithm> asked(Map<String, Object> request) {
    return Requests.text(request, "ChecksumAlgorithm").map(Bodies::named);
  }

  static ChecksumAlgorithm named(String name) {
    return ChecksumAlgorithm.named(name).orElseThrow(Bodies::unsupported);
  }

  /** The algorithm whose value the request gives. */
  static Optional<ChecksumAlgorithm> given(Map<String, Object> request) {
    List<ChecksumAlgorithm> present = new ArrayList<>();
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      if (request.containsKey(member(algorithm))) {
        present.add(algorithm);
      }
    }
    if (OTHER_CHECKSUMS.stream().anyMatch(request::containsKey)) {
      throw unsupported();
    }
    if (present.size() > 1) {
      throw S3Fault.invalidRequest(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    return present.stream().findFirst();
  }

  private static Optional<ChecksumAlgorithm> announced(InputStream body) {
    if (!(body instanceof TrailedBody trailers)) {
      return Optional.empty();
    }
    return trailers.announced().stream().filter(name -> name.startsWith(TRAILER))
        .map(name -> named(name.substring(TRAILER.length()).toUpperCase(Locale.ROOT))).findFirst();
  }

  private static Optional<String> trailed(InputStream body, Optional<ChecksumAlgorithm> algorithm) {
    return body instanceof TrailedBody trailers ? algorithm.flatMap(known ->
        trailers.trailer(TRAILER + known.name().toLowerCase(Locale.ROOT))) : Optional.empty();
  }

  private static Fault unsupported() {
    return S3Fault.invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid "
        + "types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
  }
}
