package dev.atelier.server.console;

import dev.atelier.identity.ConsoleSessions;
import dev.atelier.wire.Headers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The cookie that holds a session's token: for this host alone, out of reach of scripts. */
final class SessionCookie {
  private static final String NAME = "__Host-atelier-session";
  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=";

  private SessionCookie() {}

  /** The token that a request brings; empty when it brings none, or several. */
  static Optional<String> token(Headers headers) {
    List<String> tokens = headers.all("Cookie").stream().flatMap(line -> Arrays.stream(line.split(";")))
        .map(String::strip).filter(pair -> pair.startsWith(NAME + "="))
        .map(pair -> pair.substring(NAME.length() + 1)).toList();
    return tokens.size() == 1 ? Optional.of(tokens.getFirst()).filter(token -> token.matches("[A-Za-z0-9_-]{43}"))
        : Optional.empty();
  }

  static String set(String token) {
    return NAME + "=" + token + ATTRIBUTES + ConsoleSessions.LIFE.toSeconds();
  }

  static String cleared() {
    return NAME + "=" + ATTRIBUTES + "0";
  }
}
