package dev.atelier.server.http;

import dev.atelier.wire.WireRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The condition keys of policies that a request's transport fills. */
public final class TransportKeys {
  private TransportKeys() {}

  /** In lower case; a map that can be added to. */
  public static Map<String, List<String>> of(WireRequest request) {
    Map<String, List<String>> keys = new HashMap<>();
    keys.put("aws:securetransport", List.of(Boolean.toString(request.secure())));
    request.headers().first("User-Agent").ifPresent(agent -> keys.put("aws:useragent", List.of(agent)));
    request.headers().first("Referer").ifPresent(referer -> keys.put("aws:referer", List.of(referer)));
    if (!request.peer().isEmpty()) {
      keys.put("aws:sourceip", List.of(request.peer()));
    }
    return keys;
  }
}
