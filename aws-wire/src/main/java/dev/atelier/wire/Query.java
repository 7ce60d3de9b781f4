package dev.atelier.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A query string taken apart; pairs keep their order, and a name may come several times. */
record Query(List<Pair> pairs) {

  /** One pair, as sent; a name without an equals sign has an empty value. */
  record Pair(String rawName, String rawValue) {
    String name() {
      return Percent.decode(rawName, true);
    }

    String value() {
      return Percent.decode(rawValue, true);
    }
  }

  static Query parse(String raw) {
    List<Pair> pairs = new ArrayList<>();
    for (String part : raw.split("&")) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        pairs.add(equals < 0 ? new Pair(part, "") : new Pair(part.substring(0, equals), part.substring(equals + 1)));
      }
    }
    return new Query(List.copyOf(pairs));
  }

  Optional<String> first(String name) {
    return pairs.stream().filter(pair -> pair.name().equals(name)).findFirst().map(Pair::value);
  }

  List<String> all(String name) {
    return pairs.stream().filter(pair -> pair.name().equals(name)).map(Pair::value).toList();
  }

  boolean has(String name) {
    return pairs.stream().anyMatch(pair -> pair.name().equals(name));
  }
}
