package dev.atelier.identity;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of an IAM list: IAM pages by Marker and MaxItems and says IsTruncated.
 *
 * @param marker where the next page begins; empty on the last one
 */
record IamPage<T>(List<T> items, Optional<String> marker) {
  private static final int MOST = 100;

  boolean truncated() {
    return marker.isPresent();
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

  private static String encode(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String marker) {
    try {
      return new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault("ValidationError", 400, "Invalid marker.");
    }
  }
}
