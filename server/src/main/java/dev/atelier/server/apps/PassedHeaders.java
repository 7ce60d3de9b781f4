package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The headers that a program gets: the browser's, without our cookie and without what only a proxy may say. */
final class PassedHeaders {
  /** What only this proxy says, or what is between two ends alone. */
  private static final Set<String> DROPPED = Set.of("authorization", "forwarded", "x-forwarded-for",
      "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-prefix", "x-real-ip", "x-scheme",
      "proxy-authorization", "proxy-connection", "cookie", "x-atelier-user");

  /** What this proxy says to a program. */
  static final List<String> OWN = List.of("Authorization", "X-Atelier-User", "X-Forwarded-Proto", "X-Forwarded-Host");

  private PassedHeaders() {}

  /** Fields for the program; hop-by-hop ones are still there. */
  static HttpFields.Mutable of(Request request, Standing.Ready route) {
    HttpFields.Mutable passed = HttpFields.build();
    for (HttpField field : request.getHeaders()) {
      if (!DROPPED.contains(field.getName().toLowerCase(Locale.ROOT))) {
        passed.add(field);
      }
    }
    String cookies = cookies(request.getHeaders());
    if (!cookies.isEmpty()) {
      passed.put(HttpHeader.COOKIE, cookies);
    }
    passed.put(HttpHeader.AUTHORIZATION, "token " + route.token());
    // see python/signed_in.py
    route.person().ifPresent(person -> passed.put("X-Atelier-User", person));
    passed.put("X-Forwarded-Proto", request.isSecure() ? "https" : "http");
    passed.put("X-Forwarded-Host", String.valueOf(request.getHeaders().get(HttpHeader.HOST)));
    return passed;
  }

  /** The program's own cookies, such as {@code _xsrf}. */
  private static String cookies(HttpFields headers) {
    List<String> own = new ArrayList<>();
    for (String line : headers.getValuesList(HttpHeader.COOKIE)) {
      for (String cookie : line.split(";")) {
        if (!cookie.strip().startsWith(AppCookie.NAME + "=") && !cookie.isBlank()) {
          own.add(cookie.strip());
        }
      }
    }
    return String.join("; ", own);
  }
}
