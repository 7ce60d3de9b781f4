package dev.atelier.server.apps;

import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Request;

/**
 * The cookie of a session with one app's host. Its prefix makes browsers keep it from other hosts' reach and from theirs
 * being taken for it.
 */
final class AppCookie {
  static final String NAME = "__Host-atelier-app";

  private AppCookie() {}

  /** The token of the request's session; two cookies of the name are as none. */
  static Optional<String> token(Request request) {
    var named = Request.getCookies(request).stream().filter(cookie -> cookie.getName().equals(NAME))
        .map(HttpCookie::getValue).toList();
    return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
  }

  /** The header that sets it, for as long as the session lasts. */
  static String set(String token, long seconds) {
    return NAME + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + seconds;
  }
}
