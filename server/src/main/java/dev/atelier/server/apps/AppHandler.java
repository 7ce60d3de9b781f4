package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers at an app's host: lets in who holds a presigned URL, then passes on what its own pages ask. */
public final class AppHandler extends Handler.Wrapper {
  /** Where presigned URLs lead. */
  public static final String ENTER = "/.atelier/enter";
  private static final String TOKEN = "token=";
  private static final Pattern LANDING = Pattern.compile("/(?!/)[^\\\\\\s]*");

  private final AppSide apps;
  private final Own own;
  private final OpenSockets open;

  /** What the server itself answers at an app's host. */
  @FunctionalInterface
  public interface Own {
    /** @return false when the app's program is to answer */
    boolean handle(Standing.Ready app, BooleanSupplier lasts, Request request, Response response, Callback callback);
  }

  /** @param open is told of connections with apps' own WebSockets */
  public AppHandler(AppSide apps, Own own, OpenSockets open) {
    super(new AppProxy());
    this.apps = apps;
    this.own = own;
    this.open = open;
  }

  /** Answers a request to the host of an app. */
  public boolean handle(String app, Request request, Response response, Callback callback) throws Exception {
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Referrer-Policy", "same-origin");
    if (request.getHttpURI().getPath().equals(ENTER)) {
      enter(app, request, response, callback);
      return true;
    }
    Optional<String> token = AppCookie.token(request);
    Optional<Standing> standing = token.flatMap(each -> apps.standing(app, each));
    if (standing.isEmpty()) {
      AppAnswers.text(response, callback, HttpStatus.UNAUTHORIZED_401,
          "Nobody is signed in here, or the session is over. Open the app from the console again.");
      return true;
    }
    if (!BrowserRule.allows(request)) {
      AppAnswers.text(response, callback, HttpStatus.FORBIDDEN_403, "Only the app's own pages may ask this.");
      return true;
    }
    return switch (standing.get()) {
      case Standing.Ready route -> {
        BooleanSupplier lasts = () -> token.flatMap(each -> apps.standing(app, each)).isPresent();
        yield own.handle(route, lasts, request, response, callback) || pass(route, lasts, request, response, callback);
      }
      case Standing.Starting(String phase) -> {
        StartPage.starting(request, response, callback, phase);
        yield true;
      }
      case Standing.Ended(String reason) -> {
        StartPage.ended(request, response, callback, reason);
        yield true;
      }
    };
  }

  private boolean pass(Standing.Ready route, BooleanSupplier lasts, Request request, Response response,
      Callback callback) throws Exception {
    if (Upgrade.asked(request)) {
      try {
        Upgrade.pass(request, response, callback, route, open.during(lasts));
      } catch (IOException gone) {
        AppAnswers.gone(response, callback);
      }
      return true;
    }
    if (!BrowserRule.reads(request)) {
      apps.used(route.program());
    }
    request.setAttribute(AppProxy.ROUTE, route);
    return super.handle(request, response, callback);
  }

  private void enter(String app, Request request, Response response, Callback callback) {
    Optional<AppSide.Entry> entry;
    try {
      entry = secret(request).flatMap(token -> apps.redeem(app, token));
    } catch (Fault refused) {
      // what is entered cannot be started, such as for a budget that is used up
      AppAnswers.text(response, callback, refused.status(), refused.getMessage());
      return;
    }
    if (entry.isEmpty()) {
      AppAnswers.text(response, callback, HttpStatus.FORBIDDEN_403,
          "The URL was used already, or is older than it may be. Ask for another one.");
      return;
    }
    String landing = entry.get().landing();
    response.setStatus(HttpStatus.SEE_OTHER_303);
    response.getHeaders().put(HttpHeader.LOCATION, LANDING.matcher(landing).matches() ? landing : "/");
    response.getHeaders().put(HttpHeader.SET_COOKIE, AppCookie.set(entry.get().token(), entry.get().seconds()));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, null, callback);
  }

  /** What a presigned URL holds; empty when the request is for none. */
  private static Optional<String> secret(Request request) {
    String query = String.valueOf(request.getHttpURI().getQuery());
    if (!request.getMethod().equals("GET") || !query.startsWith(TOKEN)) {
      return Optional.empty();
    }
    try {
      return Optional.of(URLDecoder.decode(query.substring(TOKEN.length()), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      return Optional.empty();
    }
  }
}
