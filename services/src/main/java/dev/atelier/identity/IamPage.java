package dev.atelier.identity;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One page of an IAM list: IAM pages by Marker and MaxItems and says IsTruncated.
 *
 * @param marker where the next page begins; empty on the last one
 */
record IamPage<T>(List<T> items, Optional<String> marker) {
  private static final int MOST = 100;
  /** Begins every marker, so that what is none is told from one. */
  private static final String FORM = "after:";

  boolean truncated() {
    return marker.isPresent();
  }

  /** The marker as a record's member takes it: null on the last page. */
  String markerOrNull() {
    return marker.orElse(null);
  }

  /**
   * Cuts a page out of a list that is ordered by {@code key}.
   *
   * @param marker the previous page's, or null
   * @param maxItems the caller's wish, or null
   */
  static <T> IamPage<T> of(List<T> all, Function<T, String> key, String marker, Integer maxItems) {
    String after = marker == null ? "" : decode(marker);
    int most = maxItems == null ? MOST : maxItems;
    List<T> rest = all.stream().filter(item -> key.apply(item).compareTo(after) > 0).toList();
    if (rest.size() <= most) {
      return new IamPage<>(rest, Optional.empty());
    }
    List<T> page = rest.subList(0, most);
    return new IamPage<>(page, Optional.of(encode(key.apply(page.getLast()))));
  }

  /** Cuts a page out of a list that has an order of its own, by place. */
  static <T> IamPage<T> inOrder(List<T> all, String marker, Integer maxItems) {
    List<Integer> places = IntStream.range(0, all.size()).boxed().toList();
    IamPage<Integer> page = of(places, place -> String.format("%08d", place), marker, maxItems);
    return new IamPage<>(page.items().stream().map(all::get).toList(), page.marker());
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString((FORM + text).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String marker) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
      if (text.startsWith(FORM)) {
        return text.substring(FORM.length());
      }
    } catch (IllegalArgumentException e) {
      throw invalid(marker);
    }
    throw invalid(marker);
  }

  private static Fault invalid(String marker) {
    return new Fault("ValidationError", 400, "Invalid Marker: " + marker);
  }
}
