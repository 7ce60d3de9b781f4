package dev.atelier.server.registry;

import dev.atelier.ecr.Registry.Place;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.wire.WireRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request of a caller who is known.
 *
 * @param account whose registry is meant, by the host's name or the token
 * @param keys condition keys of the request
 */
record RegistryRequest(WireRequest wire, Caller caller, AccountId account, Region region,
    Map<String, List<String>> keys) {
  private static final int PAGE = 100;
  private static final int MOST = 1_000;

  Place place(String name) {
    return new Place(account, region, name);
  }

  /** A parameter of the query, decoded. */
  Optional<String> query(String name) {
    return Arrays.stream(wire.rawQuery().split("&")).filter(each -> each.startsWith(name + "="))
        .map(each -> decoded(each.substring(name.length() + 1))).filter(value -> !value.isEmpty()).findFirst();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  Optional<String> header(String name) {
    return wire.headers().first(name);
  }

  OptionalLong length() {
    return number(header("Content-Length").orElse(""));
  }

  /** How many items a page shall have. */
  int page() {
    long asked = number(query("n").orElse("")).orElse(PAGE);
    return (int) Math.clamp(asked, 0, MOST);
  }

  static OptionalLong number(String text) {
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
