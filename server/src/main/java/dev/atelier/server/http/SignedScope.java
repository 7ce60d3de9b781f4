package dev.atelier.server.http;

import dev.atelier.wire.WireRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads, before anything is verified, which service a signature is scoped to: it decides in which form to answer. */
final class SignedScope {
  private static final Pattern HEADER = Pattern.compile("Credential=[^/,\\s]+/\\d{8}/[^/,\\s]+/([a-z0-9-]+)/aws4_request");
  private static final Pattern QUERY =
      Pattern.compile("(?:^|&)X-Amz-Credential=[^&]+?(?:/|%2F)\\d{8}(?:/|%2F)[^&/]+?(?:/|%2F)([a-z0-9-]+)(?:/|%2F)aws4_request");

  private SignedScope() {}

  static Optional<String> service(WireRequest request) {
    Optional<String> header = request.headers().first("Authorization").flatMap(value -> find(HEADER, value));
    return header.isPresent() ? header : find(QUERY, request.rawQuery());
  }

  private static Optional<String> find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
