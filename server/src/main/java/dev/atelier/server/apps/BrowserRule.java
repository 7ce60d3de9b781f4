package dev.atelier.server.apps;

import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Keeps other sites' pages from asking with the user's cookie. The program takes every request that comes through as
 * authenticated and checks nothing more, so it is checked here. SameSite is no defence between hosts of one site, such as
 * those under localhost.
 */
final class BrowserRule {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private BrowserRule() {}

  /** Whether a request changes nothing. */
  static boolean reads(Request request) {
    return SAFE.contains(request.getMethod());
  }

  /** Whether the app's own page asks, or a user who follows a link to it. */
  static boolean allows(Request request) {
    boolean upgrade = request.getHeaders().contains(HttpHeader.UPGRADE);
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin != null) {
      return origin.equals(own(request));
    }
    if (upgrade || !SAFE.contains(request.getMethod())) {
      return false;
    }
    String site = request.getHeaders().get("Sec-Fetch-Site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return true;
    }
    return "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
        && "document".equals(request.getHeaders().get("Sec-Fetch-Dest")) && !effective(request);
  }

  /** GETs that change something or tell data, which nobody follows a link to. */
  private static boolean effective(Request request) {
    String path = request.getHttpURI().getCanonicalPath();
    return path == null || path.contains("/api/") || path.contains("/terminals/");
  }

  private static String own(Request request) {
    return (request.isSecure() ? "https://" : "http://")
        + String.valueOf(request.getHeaders().get(HttpHeader.HOST)).toLowerCase(Locale.ROOT);
  }
}
