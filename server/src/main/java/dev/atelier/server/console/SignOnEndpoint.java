package dev.atelier.server.console;

import dev.atelier.identity.ConsoleSessions;
import dev.atelier.identity.SingleSignOn;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /sso}: which issuers sign people in, the way to one of them ({@code /sso/start}), and the way back ({@code
 * /sso/callback}). The way back comes from another site: its answer is a page that goes on by itself, for a cookie of
 * this site alone is not sent along on the same way.
 */
final class SignOnEndpoint {
  static final String PATH = "/sso";
  static final String START = PATH + "/start";
  static final String CALLBACK = PATH + "/callback";
  /** Comes back with the issuer's redirect, which another site begins: so Lax, and for as long as a sign-in may take. */
  private static final String COOKIE = "__Host-atelier-sso";
  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=";

  private final SingleSignOn signOn;
  private final ConsoleSessions sessions;

  SignOnEndpoint(SingleSignOn signOn, ConsoleSessions sessions) {
    this.signOn = signOn;
    this.sessions = sessions;
  }

  /** The issuers, as the sign-in page offers them. */
  WireResponse list() {
    return Answers.json(200, Map.of("providers", signOn.providers().stream()
        .map(each -> Map.of("id", each.id(), "label", each.label())).toList()));
  }

  WireResponse start(WireRequest request) {
    try {
      SingleSignOn.Begun begun = signOn.begin(parameter(request, "provider"), callback(request));
      WireResponse answer = Answers.empty(302);
      answer.headers().add("Location", begun.to().toString()).add("Referrer-Policy", "no-referrer")
          .add("Set-Cookie", COOKIE + "=" + begun.kept() + ATTRIBUTES + "600");
      return answer;
    } catch (Fault fault) {
      return onward("/sign-in?refused=" + fault.code());
    }
  }

  WireResponse callback(WireRequest request, boolean read) {
    try {
      if (!read) {
        throw new Fault("SsoFailed", 405, "A sign-in is finished by GET.");
      }
      ConsoleSessions.Issued issued = signOn.finish(kept(request.headers()), parameter(request, "state"),
          parameter(request, "code"), callback(request));
      SessionCookie.token(request.headers()).ifPresent(sessions::end);
      WireResponse answer = onward("/");
      answer.headers().add("Set-Cookie", SessionCookie.set(issued.token()));
      return answer;
    } catch (Fault fault) {
      return onward("/sign-in?refused=" + fault.code());
    }
  }

  private static String kept(Headers headers) {
    List<String> values = headers.all("Cookie").stream().flatMap(line -> Arrays.stream(line.split(";")))
        .map(String::strip).filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1)).toList();
    return values.size() == 1 ? values.getFirst() : "";
  }

  private static URI callback(WireRequest request) {
    return URI.create((request.secure() ? "https://" : "http://") + request.headers().first("Host").orElse("") + CALLBACK);
  }

  private static String parameter(WireRequest request, String name) {
    try {
      return Optional.of(request.rawQuery()).stream().flatMap(query -> Arrays.stream(query.split("&")))
          .filter(pair -> pair.startsWith(name + "=")).findFirst()
          .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8)).orElse("");
    } catch (IllegalArgumentException notEncoded) {
      return "";
    }
  }

  /** A page that goes on within this site; where to is never of the request. */
  private static WireResponse onward(String place) {
    WireResponse answer = new WireResponse(200, Headers.of("Content-Type", "text/html;charset=utf-8", "Cache-Control",
        "no-store", "Content-Security-Policy", "default-src 'none'", "Referrer-Policy", "no-referrer",
        "X-Frame-Options", "DENY"), new WireResponse.Bytes(("<!doctype html><title>Atelier</title>"
        + "<meta http-equiv=\"refresh\" content=\"0;url=" + place + "\"><a href=\"" + place + "\">Atelier</a>")
        .getBytes(StandardCharsets.UTF_8)));
    answer.headers().add("Set-Cookie", COOKIE + "=" + ATTRIBUTES + "0");
    return answer;
  }
}
