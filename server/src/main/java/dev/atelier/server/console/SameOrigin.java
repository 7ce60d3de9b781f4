package dev.atelier.server.console;

import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import java.util.List;
import java.util.Locale;

/**
 * Lets only the console's own page ask. SameSite is no defence between hosts of one site, such as those under localhost:
 * so a header that no foreign page can send is demanded, and the origin is compared with the very host that was asked.
 * Browsers leave the origin out where a page reads from its own host; there they must say that it does.
 */
final class SameOrigin {
  /** The header that the page sends with every request of its own. */
  static final String HEADER = "X-Atelier-Console";

  private SameOrigin() {}

  /** @throws Fault 403 for every other page, and for programs that are no browser */
  static void require(WireRequest request) {
    Headers headers = request.headers();
    boolean marked = headers.all(HEADER).equals(List.of("1"));
    List<String> sites = headers.all("Sec-Fetch-Site");
    boolean site = sites.isEmpty() || sites.equals(List.of("same-origin"));
    List<String> origins = headers.all("Origin");
    boolean origin = origins.isEmpty() ? reads(request) && !sites.isEmpty() : origins.equals(List.of(own(request)));
    if (!marked || !site || !origin) {
      throw new Fault("ForeignOrigin", 403, "Only the console's own page may ask this.");
    }
  }

  private static boolean reads(WireRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private static String own(WireRequest request) {
    return (request.secure() ? "https://" : "http://")
        + request.headers().first("Host").orElse("").toLowerCase(Locale.ROOT);
  }
}
