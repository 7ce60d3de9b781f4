package dev.atelier.server.console;

import dev.atelier.identity.ConsoleSessions;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.models.ServiceModel;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * AWS's protocols for who is signed in: {@code /aws/<service>/…}. The session stands for the signature; everything after
 * it is what a signed call goes through.
 */
public final class ServiceEndpoint {
  public static final String PATH = "/aws/";
  private static final String REGION = "X-Atelier-Region";
  /** The path of a key with dot segments, in Base64: browsers resolve such segments in addresses before they send them. */
  private static final String EXACT_PATH = "X-Atelier-Path";

  private final Dispatcher dispatcher;
  private final ConsoleSessions sessions;

  ServiceEndpoint(Dispatcher dispatcher, ConsoleSessions sessions) {
    this.dispatcher = dispatcher;
    this.sessions = sessions;
  }

  WireResponse answer(WireRequest request) {
    ConsoleSessions.Session session = SessionCookie.token(request.headers()).flatMap(sessions::find)
        .orElseThrow(() -> new Fault("NotSignedIn", 401, "Sign in first, or again: the session has ended."));
    return answered(dispatcher, request, new Region("us-east-1"),
        region -> new Caller(session.account(), region, session.user(), session.accessKeyId()));
  }

  /**
   * Answers a page's request, or says why it is none of the page's own.
   *
   * @param usual the region of requests that name none
   * @param callers who asks, in a region
   */
  public static WireResponse answer(Dispatcher dispatcher, WireRequest request, Region usual,
      Function<Region, Caller> callers) {
    try {
      SameOrigin.require(request);
      return answered(dispatcher, request, usual, callers);
    } catch (Fault fault) {
      return Answers.refusal(fault);
    }
  }

  private static WireResponse answered(Dispatcher dispatcher, WireRequest request, Region usual,
      Function<Region, Caller> callers) {
    String[] parts = request.rawPath().substring(PATH.length()).split("/", 2);
    if (!ServiceModel.SERVICES.contains(parts[0])) {
      throw new Fault("UnknownService", 404, "There is no service of that name.");
    }
    String region = request.headers().first(REGION).orElse(usual.name());
    if (!Region.isRegion(region)) {
      throw new Fault("UnknownRegion", 400, "There is no region of that name.");
    }
    WireResponse answer = dispatcher.dispatchFor(callers.apply(new Region(region)), parts[0],
        inner(request, path(request, parts)));
    // stored pages must never act as the console's own, and what one user may see another must not find in a cache
    answer.headers().set("Content-Security-Policy", "sandbox").add("Vary", "Cookie");
    return answer;
  }

  private static String path(WireRequest request, String[] parts) {
    Optional<String> exact = request.headers().first(EXACT_PATH);
    if (exact.isEmpty()) {
      return parts.length == 1 ? "/" : "/" + parts[1];
    }
    try {
      String path = new String(Base64.getDecoder().decode(exact.get()), StandardCharsets.US_ASCII);
      if (path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#')) {
        return path;
      }
    } catch (IllegalArgumentException notBase64) {
      // answered below, as any other header that is no path
    }
    throw new Fault("InvalidURI", 400, "Couldn't parse the specified URI.");
  }

  /** The request as the service's own endpoint would get it, signed in its header over an unsigned payload. */
  private static WireRequest inner(WireRequest request, String path) {
    Headers headers = request.headers().copy();
    List.of("Cookie", REGION, EXACT_PATH, SameOrigin.HEADER, "Origin", "Referer").forEach(headers::remove);
    if (headers.all("X-Amz-Content-Sha256").stream().anyMatch(hash -> hash.startsWith("STREAMING-"))) {
      throw new Fault("InvalidRequest", 400, "The console's requests are not framed: send the content as it is.");
    }
    // policies that ask how a call to S3 is signed see what they see of every SDK
    headers.set("Authorization", "console-session").set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
    return new WireRequest(request.method(), path, request.rawQuery(), headers, request.body(),
        request.secure(), request.peer());
  }
}
