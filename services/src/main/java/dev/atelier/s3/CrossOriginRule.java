package dev.atelier.s3;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which pages of other origins may ask what of a bucket.
 *
 * @param origins patterns with at most one {@code *} each
 * @param headers patterns of the headers that a page may send, without regard to case
 * @param exposed headers of the answer that a page may read
 */
record CrossOriginRule(List<String> origins, List<String> methods, List<String> headers, List<String> exposed,
    Optional<Integer> maxAgeSeconds) {

  /**
   * The headers of the answer, when the rule lets the page ask.
   *
   * @param asked the headers that the page wants to send
   */
  Optional<Map<String, String>> answer(String origin, String method, List<String> asked) {
    Optional<String> pattern = origins.stream().filter(each -> matches(each, origin)).findFirst();
    boolean allowed = pattern.isPresent() && methods.contains(method) && asked.stream().allMatch(name ->
        headers.stream().anyMatch(each -> matches(each.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))));
    if (!allowed) {
      return Optional.empty();
    }
    boolean anybody = pattern.get().equals("*");
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("Access-Control-Allow-Origin", anybody ? "*" : origin);
    answer.put("Access-Control-Allow-Methods", String.join(", ", methods));
    if (!asked.isEmpty()) {
      List<String> names = new ArrayList<>(asked);
      names.replaceAll(name -> name.toLowerCase(Locale.ROOT));
      answer.put("Access-Control-Allow-Headers", String.join(", ", names));
    }
    if (!exposed.isEmpty()) {
      answer.put("Access-Control-Expose-Headers", String.join(", ", exposed));
    }
    maxAgeSeconds.ifPresent(seconds -> answer.put("Access-Control-Max-Age", seconds.toString()));
    if (!anybody) {
      answer.put("Access-Control-Allow-Credentials", "true");
    }
    answer.put("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    return Optional.of(answer);
  }

  private static boolean matches(String pattern, String text) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(text);
    }
    String head = pattern.substring(0, star);
    String tail = pattern.substring(star + 1);
    return text.length() >= head.length() + tail.length() && text.startsWith(head) && text.endsWith(tail);
  }
}
