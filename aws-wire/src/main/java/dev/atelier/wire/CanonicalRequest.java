package dev.atelier.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of Signature Version 4 that a request and its signer must agree on. */
final class CanonicalRequest {
  private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

  private CanonicalRequest() {}

  static String of(WireRequest request, String canonicalPath, List<Query.Pair> query, List<String> signedHeaders,
      String payloadHash) {
    StringBuilder out = new StringBuilder(512);
    out.append(request.method()).append('\n').append(canonicalPath).append('\n').append(query(query)).append('\n');
    for (String name : signedHeaders) {
      out.append(name).append(':').append(headerValue(request.headers().all(name))).append('\n');
    }
    return out.append('\n').append(String.join(";", signedHeaders)).append('\n').append(payloadHash).toString();
  }

  private static String headerValue(List<String> values) {
    return values.stream().map(value -> BLANKS.matcher(value.strip()).replaceAll(" ")).collect(Collectors.joining(","));
  }

  private static String query(List<Query.Pair> pairs) {
    return pairs.stream()
        .map(pair -> new Query.Pair(recoded(pair.rawName()), recoded(pair.rawValue())))
        .sorted(Comparator.comparing(Query.Pair::rawName).thenComparing(Query.Pair::rawValue))
        .map(pair -> pair.rawName() + "=" + pair.rawValue()).collect(Collectors.joining("&"));
  }

  private static String recoded(String raw) {
    return Percent.encode(Percent.bytes(raw, true), false);
  }

  /** S3 signs the path that the key decodes to, unnormalised. */
  static String s3Path(String rawPath) {
    return rawPath.isEmpty() ? "/" : Percent.encode(Percent.bytes(rawPath, false), true);
  }

  /** All others sign the path as sent, dots and double slashes resolved, and encoded once more. */
  static String normalizedPath(String rawPath) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : rawPath.split("/")) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    boolean folder = rawPath.endsWith("/") && !segments.isEmpty();
    List<String> parts = new ArrayList<>(segments);
    String path = "/" + String.join("/", parts) + (folder ? "/" : "");
    return Percent.encode(path.getBytes(StandardCharsets.UTF_8), true);
  }
}
