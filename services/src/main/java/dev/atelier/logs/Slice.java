package dev.atelier.logs;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A page cut out of a sorted list; the token is the last item's key. */
record Slice<T>(List<T> items, Optional<String> next) {
  private static final int PAGE = 50;

  static <T> Slice<T> of(List<T> sorted, Function<T, String> key, String token, Integer limit) {
    return cut(sorted.stream().filter(item -> token == null || key.apply(item).compareTo(token) > 0).toList(), key,
        limit);
  }

  static <T> Slice<T> descending(List<T> sorted, Function<T, String> key, String token, Integer limit) {
    return cut(sorted.reversed().stream()
        .filter(item -> token == null || key.apply(item).compareTo(token) < 0).toList(), key, limit);
  }

  private static <T> Slice<T> cut(List<T> rest, Function<T, String> key, Integer limit) {
    int most = limit == null ? PAGE : limit;
    return rest.size() <= most ? new Slice<>(rest, Optional.empty())
        : new Slice<>(rest.subList(0, most), Optional.of(key.apply(rest.get(most - 1))));
  }
}
